/** A statement that fails on a late row, after many went out: its error comes, and no short result. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EngineError } from '../../src/core/index.ts';
import type { Engine, Session } from '../../src/engine/index.ts';
import { openEngine, openSession, rowsOf } from '../support/engine-fixture.ts';

let engine: Engine;
let session: Session;
beforeAll(async () => {
  engine = await openEngine();
  session = await openSession(engine);
  await rowsOf(
    session,
    `CREATE MODEL pair OPTIONS (MODEL_TYPE='KMEANS', NUM_CLUSTERS=2) AS SELECT [x, 2 * x] AS v FROM range(50) r(x)`,
  );
});
afterAll(() => engine.close());

/** Rows that came, and the error behind them. */
async function readUntilFailure(
  sql: string,
): Promise<{ rowCount: number; failure: EngineError | undefined }> {
  let rowCount = 0;
  try {
    for await (const result of session.query(sql)) {
      if (result.kind !== 'rows') continue;
      for await (const batch of result.batches) rowCount += batch.rowCount;
    }
    return { rowCount, failure: undefined };
  } catch (thrown) {
    return { rowCount, failure: thrown as EngineError };
  }
}

/** The bad row lies behind what the database computes ahead of its reader. */
const castSql = `SELECT CAST(CASE WHEN i = 3000000 THEN 'x' ELSE '1' END AS INTEGER) FROM range(3100000) r(i)`;

describe("outside of a block the error is the statement's own", () => {
  test.each([
    ['a cast', castSql, '22P02', 'invalid input syntax for type integer: "x"'],
    [
      'a score',
      'SELECT * FROM ML.PREDICT(MODEL pair, (SELECT CASE WHEN i = 500000 THEN [1] ELSE [1, 2] END AS v FROM range(600000) r(i)))',
      '22000',
      'arrays of feature "v" must have 2 elements, as at training, but one has 1',
    ],
  ])('%s', async (_, sql, state, message) => {
    const { rowCount, failure } = await readUntilFailure(sql);
    expect(rowCount).toBeGreaterThan(0);
    expect([failure?.state, failure?.message]).toEqual([state, message]);
    expect(session.transactionStatus).toBe('idle');
    expect(await rowsOf(session, 'SELECT 1')).toEqual([[1]]);
  });
});

test('in a block the failure is told, and the block is aborted', async () => {
  await rowsOf(session, 'BEGIN');
  const { failure } = await readUntilFailure(castSql);
  expect(failure?.state).toMatch(/^22/);
  expect(session.transactionStatus).toBe('failed');
  await rowsOf(session, 'ROLLBACK');
});

test('a training on rows that fail late does not learn from the first ones', async () => {
  const { failure } = await readUntilFailure(
    `CREATE MODEL never OPTIONS (MODEL_TYPE='KMEANS', NUM_CLUSTERS=2) AS SELECT CAST(CASE WHEN i = 900000 THEN 'x' ELSE '1' END AS INTEGER) AS x FROM range(1000000) r(i)`,
  );
  expect(failure?.state).toBe('22P02');
  expect(await rowsOf(session, `SELECT 1 FROM augur.models WHERE model_name = 'never'`)).toEqual([]);
});

test('the whole result comes when nothing fails', async () => {
  const { rowCount, failure } = await readUntilFailure('SELECT i FROM range(1000000) r(i)');
  expect([rowCount, failure]).toEqual([1_000_000, undefined]);
});
