/** What a session does with rows that nobody reads. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readResult, type QueryRows } from '../../src/augur.ts';
import { Engine, type Session } from '../../src/engine/index.ts';

let engine: Engine;
let session: Session;

beforeAll(async () => {
  engine = await Engine.open({ threads: 1, memoryBytes: 2 ** 29, logLevel: 'silent' });
  session = await engine.openSession({ user: 'augur', database: 'augur', remoteAddress: undefined });
});
afterAll(() => engine.close());

async function query(text: string): Promise<QueryRows> {
  let last: QueryRows = { tag: '', columns: [], rows: [] };
  for await (const result of session.query(text)) last = await readResult(result);
  return last;
}

describe('rows of a session', () => {
  test('given up before the first, they end their statement: its time limit harms no later one', async () => {
    await query("SET statement_timeout = '400ms'");
    for await (const result of session.query('SELECT i FROM range(100000) r(i)')) {
      expect(result.kind).toBe('rows');
      if (result.kind === 'rows') await result.batches[Symbol.asyncIterator]().return?.();
    }
    await query('SET statement_timeout = 0');
    const slow = await query('SELECT count(*) AS n, pg_sleep(0.8) AS slept FROM range(10) r(i)');
    expect(slow.rows).toMatchObject([{ n: 10n }]);
  });

  test('read in part and given up, they leave the session ready', async () => {
    for await (const result of session.query('SELECT i FROM range(100000) r(i)')) {
      if (result.kind !== 'rows') continue;
      const rows = result.batches[Symbol.asyncIterator]();
      expect((await rows.next()).value?.rowCount).toBe(2048);
      await rows.return?.();
      expect(await rows.next()).toMatchObject({ done: true });
    }
    expect((await query('SELECT 1 AS a')).rows).toEqual([{ a: 1 }]);
  });
});
