/** A statement that is cancelled ends at once with 57014, and a training that is cancelled leaves nothing behind. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Engine, Session } from '../../src/engine/index.ts';
import { failureOf, openEngine, openSession, rowsOf, untilRow } from '../support/engine-fixture.ts';

/** Time from the cancel to the error. */
const CANCEL_MS = 200;

const trainings: Readonly<Record<string, string>> = {
  logistic: `CREATE MODEL slow OPTIONS (MODEL_TYPE='LOGISTIC_REG', INPUT_LABEL_COLS='l', MAX_ITERATIONS=100000, EARLY_STOP=FALSE, LEARN_RATE_STRATEGY='CONSTANT', LEARN_RATE=0.0001) AS SELECT * FROM wide`,
  boosting: `CREATE MODEL slow OPTIONS (MODEL_TYPE='BOOSTED_TREE_CLASSIFIER', INPUT_LABEL_COLS='l', MAX_ITERATIONS=100000, EARLY_STOP=FALSE) AS SELECT * FROM wide`,
  forest: `CREATE MODEL slow OPTIONS (MODEL_TYPE='RANDOM_FOREST_CLASSIFIER', INPUT_LABEL_COLS='l', NUM_PARALLEL_TREE=1000) AS SELECT * FROM wide`,
  kmeans: `CREATE MODEL slow OPTIONS (MODEL_TYPE='KMEANS', NUM_CLUSTERS=100, MAX_ITERATIONS=100000, EARLY_STOP=FALSE, MIN_REL_PROGRESS=0) AS SELECT * FROM wide`,
};

let engine: Engine;
let session: Session;
let other: Session;

beforeAll(async () => {
  engine = await openEngine();
  [session, other] = [await openSession(engine), await openSession(engine)];
  await rowsOf(
    session,
    `CREATE TABLE wide AS SELECT sin(i) AS a, cos(i * 3) AS b, sin(i * 5) AS c, i % 977 AS d, i % 7 = 0 AS l FROM range(100000) r(i)`,
  );
});
afterAll(() => engine.close());

async function expectNothingLeft(): Promise<void> {
  expect(await rowsOf(session, 'SELECT model_name FROM augur.models')).toEqual([]);
  expect(await rowsOf(session, 'SELECT table_name FROM duckdb_tables() WHERE temporary')).toEqual([]);
  expect(await rowsOf(other, 'SELECT model FROM augur.progress')).toEqual([]);
}

describe('a training', () => {
  // Tried again when other work on the machine took the processors meanwhile.
  test.each(Object.keys(trainings))('%s is cancelled while it learns', { retry: 3 }, async (kind) => {
    const failing = failureOf(rowsOf(session, trainings[kind]!));
    await untilRow(other, `SELECT 1 FROM augur.progress WHERE phase = 'training'`);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const cancelledAt = performance.now();
    session.cancel();
    const failure = await failing;
    expect(performance.now() - cancelledAt).toBeLessThan(CANCEL_MS);
    expect(failure.state).toBe('57014');
    expect(failure.message).toBe('canceling statement due to user request');
    await expectNothingLeft();
  });

  test('is cancelled while its query runs', { retry: 3 }, async () => {
    const sql = `CREATE MODEL slow OPTIONS (MODEL_TYPE='KMEANS', NUM_CLUSTERS=2) AS SELECT sum(a.i * b.i) AS x FROM range(1000000) a(i), range(100000) b(i)`;
    const failing = failureOf(rowsOf(session, sql));
    await untilRow(other, `SELECT 1 FROM augur.progress WHERE phase = 'reading'`);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const cancelledAt = performance.now();
    session.cancel();
    expect((await failing).state).toBe('57014');
    expect(performance.now() - cancelledAt).toBeLessThan(CANCEL_MS);
    await expectNothingLeft();
  });

  test('is cancelled by another session, by process id', async () => {
    const failing = failureOf(rowsOf(session, trainings['logistic']!));
    const [processId] = await untilRow(
      other,
      `SELECT process_id FROM augur.progress WHERE phase = 'training'`,
    );
    expect(processId).toBe(session.id);
    expect(await rowsOf(other, `SELECT pg_cancel_backend(${String(processId)})`)).toEqual([[true]]);
    expect((await failing).state).toBe('57014');
    await expectNothingLeft();
  });

  test('ends at statement_timeout, and the session goes on', async () => {
    await rowsOf(session, `SET statement_timeout = '300ms'`);
    const startedAt = performance.now();
    const failure = await failureOf(rowsOf(session, trainings['boosting']!));
    await rowsOf(session, 'RESET statement_timeout');
    expect(failure.state).toBe('57014');
    expect(failure.message).toBe('canceling statement due to statement timeout');
    expect(performance.now() - startedAt).toBeLessThan(300 + 5 * CANCEL_MS);
    await expectNothingLeft();
  });

  test('aborts the block it stands in', async () => {
    await rowsOf(session, 'BEGIN');
    await rowsOf(session, 'CREATE TABLE never (a INTEGER)');
    const failing = failureOf(rowsOf(session, trainings['logistic']!));
    await untilRow(other, `SELECT 1 FROM augur.progress WHERE phase = 'training'`);
    session.cancel();
    expect((await failing).state).toBe('57014');
    expect(session.transactionStatus).toBe('failed');
    expect((await failureOf(rowsOf(session, 'SELECT 1'))).state).toBe('25P02');
    await rowsOf(session, 'ROLLBACK');
    expect(
      await rowsOf(session, `SELECT table_name FROM duckdb_tables() WHERE table_name = 'never'`),
    ).toEqual([]);
    await expectNothingLeft();
  });

  test('ends when its session is closed', async () => {
    const leaving = await openSession(engine);
    const failing = failureOf(rowsOf(leaving, trainings['kmeans']!));
    await untilRow(other, `SELECT 1 FROM augur.progress WHERE phase = 'training'`);
    await leaving.close();
    expect((await failing).state).toBe('57014');
    await expectNothingLeft();
  });
});

test('a query over a model is cancelled while its rows are read', { retry: 3 }, async () => {
  await rowsOf(
    session,
    `CREATE OR REPLACE MODEL quick OPTIONS (MODEL_TYPE='KMEANS', NUM_CLUSTERS=2) AS SELECT a, b FROM wide`,
  );
  const reading = rowsOf(
    session,
    'SELECT * FROM ML.PREDICT(MODEL quick, (SELECT w.a, v.b FROM wide w, wide v))',
  );
  const failing = failureOf(reading);
  await new Promise((resolve) => setTimeout(resolve, 100));
  const cancelledAt = performance.now();
  session.cancel();
  expect((await failing).state).toBe('57014');
  expect(performance.now() - cancelledAt).toBeLessThan(CANCEL_MS);
  expect(await rowsOf(session, 'SELECT 1')).toEqual([[1]]);
  await rowsOf(session, 'DROP MODEL quick');
});

test('cancelling an idle session does nothing to its next statement', async () => {
  session.cancel();
  expect(await rowsOf(session, 'SELECT 1')).toEqual([[1]]);
});
