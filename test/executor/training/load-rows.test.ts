/** Rows that all threads read in any order train the same bits as rows that are streamed. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Engine, Session } from '../../../src/engine/index.ts';
import { openEngine, openSession, rowsOf } from '../../support/engine-fixture.ts';

let engine: Engine;
let session: Session;

/** Rows that end in the middle of a group, with gaps at all distances: groups gone, halves of groups, single rows. */
beforeAll(async () => {
  engine = await openEngine();
  session = await openSession(engine);
  await rowsOf(
    session,
    `CREATE TABLE whole AS
    SELECT i, CASE WHEN i % 7 = 0 THEN NULL ELSE sin(i) END AS x, cos(i * i % 1000) * i AS z,
      ['red', 'green', 'blue'][1 + CAST(hash(i) % 3 AS INTEGER)] AS colour,
      tan(i % 1000) + hash(i) % 100 AS y, hash(i) % 5 = 0 AS held
    FROM range(400000) r(i)`,
  );
  await rowsOf(session, 'CREATE TABLE gaps AS SELECT * FROM whole');
  await rowsOf(session, 'DELETE FROM gaps WHERE i BETWEEN 100000 AND 260000 OR i % 1013 < 5 OR i = 300000');
});
afterAll(() => engine.close());

const columns = 'x, z, colour, y, held';
const splits = {
  none: "DATA_SPLIT_METHOD = 'NO_SPLIT'",
  random: "DATA_SPLIT_METHOD = 'RANDOM', DATA_SPLIT_EVAL_FRACTION = 0.3",
  sequential: "DATA_SPLIT_METHOD = 'SEQ', DATA_SPLIT_COL = 'z', DATA_SPLIT_EVAL_FRACTION = 0.2",
  custom: "DATA_SPLIT_METHOD = 'CUSTOM', DATA_SPLIT_COL = 'held'",
} as const;

async function trained(split: string, source: string): Promise<unknown> {
  const options = `MODEL_TYPE = 'LINEAR_REG', INPUT_LABEL_COLS = ['y'], ${split}`;
  await rowsOf(session, `CREATE OR REPLACE MODEL m OPTIONS (${options}) AS ${source}`);
  return [
    await rowsOf(session, 'SELECT * FROM ML.WEIGHTS(MODEL m)'),
    await rowsOf(session, 'SELECT loss, eval_loss FROM ML.TRAINING_INFO(MODEL m)'),
    await rowsOf(session, 'SELECT mean_absolute_error, mean_squared_error FROM ML.EVALUATE(MODEL m)'),
  ];
}

test.each([
  ['none', 'whole'],
  ['none', 'gaps'],
  ['none', 'whole WHERE z > 0'],
  ['random', 'whole'],
  ['sequential', 'gaps WHERE x IS NOT NULL'],
  ['custom', 'gaps'],
] as const)('split %s of %s', async (split, rows) => {
  // What stands between query and table hides the numbers of its rows.
  const streamed = await trained(splits[split], `SELECT ${columns} FROM (SELECT * FROM ${rows}) AS s`);
  expect(await trained(splits[split], `SELECT ${columns} FROM ${rows}`)).toEqual(streamed);
  expect(await trained(splits[split], `SELECT ${columns} FROM ${rows} LIMIT 1000000`)).toEqual(streamed);
});

test('in a block that has changed the table', async () => {
  const source = `SELECT ${columns} FROM gaps`;
  await rowsOf(session, 'BEGIN; INSERT INTO gaps SELECT * FROM whole WHERE i < 5000');
  const streamed = await trained(splits.none, `SELECT ${columns} FROM (SELECT * FROM gaps) AS s`);
  expect(await trained(splits.none, source)).toEqual(streamed);
  expect(await trained(splits.none, `${source} LIMIT 1000000`)).toEqual(streamed);
  await rowsOf(session, 'ROLLBACK');
});

test('a training of centres, whose first rows are drawn by place', async () => {
  const centres = async (source: string): Promise<unknown> => {
    const options = "MODEL_TYPE = 'KMEANS', NUM_CLUSTERS = 3, MAX_ITERATIONS = 2, SEED = 5";
    await rowsOf(session, `CREATE OR REPLACE MODEL c OPTIONS (${options}) AS ${source}`);
    return rowsOf(session, 'SELECT centroid_id, feature, numerical_value FROM ML.CENTROIDS(MODEL c)');
  };
  const streamed = await centres('SELECT x, z FROM (SELECT * FROM gaps) AS s');
  expect(await centres('SELECT x, z FROM gaps')).toEqual(streamed);
});
