import { expect, it } from 'vitest';
import { type ProgressRow } from '../../src/database/index.ts';
import { openTestDatabase } from '../support/open-database.ts';

it('shows what trains now in the view augur.progress', async () => {
  const row: ProgressRow = {
    processId: 7,
    model: 'public.m',
    modelType: 'KMEANS',
    phase: 'iterating',
    iteration: 2,
    iterationCount: undefined,
    loss: 0.25,
    startedAt: 1_000_000n,
    elapsedMs: 12,
    remainingMs: undefined,
  };
  let running: ProgressRow[] = [];
  const database = await openTestDatabase({}, { progress: () => running });
  const connection = await database.connect();
  expect(await connection.rows('select * from augur.progress')).toEqual([]);
  running = [row, { ...row, processId: 8, iteration: undefined, loss: undefined, remainingMs: 4 }];
  expect(await connection.rows('select * from augur.progress order by process_id')).toEqual([
    [7, 'public.m', 'KMEANS', 'iterating', 2, null, 0.25, 1_000_000n, 12, null],
    [8, 'public.m', 'KMEANS', 'iterating', null, null, null, 1_000_000n, 12, 4],
  ]);
  running = Array.from({ length: 3000 }, (_, index) => ({ ...row, processId: index }));
  expect(await connection.rows('select count(*), sum(process_id)::bigint from augur.progress')).toEqual([
    [3000n, 4498500n],
  ]);
  await database.close();
});
