/** Sessions side by side: trainings at once, queries during them, progress, memory, the end of the engine. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Notice } from '../../src/core/index.ts';
import type { Engine, Session } from '../../src/engine/index.ts';
import { failureOf, openEngine, openSession, rowsOf, untilRow } from '../support/engine-fixture.ts';

let engine: Engine;
let one: Session;
let two: Session;

const forever = `OPTIONS (MODEL_TYPE='LOGISTIC_REG', INPUT_LABEL_COLS='l', MAX_ITERATIONS=100000, EARLY_STOP=FALSE, LEARN_RATE_STRATEGY='CONSTANT', LEARN_RATE=0.0001) AS SELECT * FROM point`;

beforeAll(async () => {
  engine = await openEngine();
  [one, two] = [await openSession(engine), await openSession(engine)];
  await rowsOf(
    one,
    `CREATE TABLE point AS SELECT sin(i) AS a, cos(i * 3) AS b, i % 977 AS d, sin(i) + cos(i * 7) > 0.3 AS l FROM range(30000) r(i)`,
  );
});
afterAll(() => engine.close());

function training(name: string, type: string, more: string): string {
  return `CREATE MODEL ${name} OPTIONS (MODEL_TYPE='${type}', ${more}) AS SELECT a, b, d, l FROM point`;
}

test('two trainings at once give the models that they give alone', async () => {
  const boosted = `INPUT_LABEL_COLS='l', MAX_ITERATIONS=5`;
  const grouped = 'NUM_CLUSTERS=4';
  await rowsOf(one, training('tree1', 'BOOSTED_TREE_CLASSIFIER', boosted));
  await rowsOf(one, training('group1', 'KMEANS', grouped));
  await Promise.all([
    rowsOf(one, training('tree2', 'BOOSTED_TREE_CLASSIFIER', boosted)),
    rowsOf(two, training('group2', 'KMEANS', grouped)),
  ]);
  const checksums = await rowsOf(one, 'SELECT model_name, checksum FROM augur.models ORDER BY model_name');
  const byName = new Map(checksums.map(([name, checksum]) => [name, checksum]));
  expect([...byName.keys()]).toEqual(['group1', 'group2', 'tree1', 'tree2']);
  expect(byName.get('tree2')).toBe(byName.get('tree1'));
  expect(byName.get('group2')).toBe(byName.get('group1'));
});

test('others see how far a training is, and its own client is told', async () => {
  const notices: Notice[] = [];
  one.onNotice = (notice) => notices.push(notice);
  const failing = failureOf(rowsOf(one, `CREATE MODEL slow ${forever}`));
  const row = await untilRow(
    two,
    'SELECT process_id, model, model_type, phase, iteration > 0, iteration_count, loss BETWEEN 0.1 AND 1, elapsed_ms > 0, remaining_ms > 0, started_at <= now() FROM augur.progress WHERE iteration > 3',
  );
  expect(row).toEqual([
    one.id,
    'public.slow',
    'LOGISTIC_REG',
    'training',
    true,
    100_000,
    true,
    true,
    true,
    true,
  ]);
  await new Promise((resolve) => setTimeout(resolve, 2200));
  one.cancel();
  await failing;
  const told = notices.filter((notice) => notice.severity === 'NOTICE').map((notice) => notice.message);
  expect(told.length).toBeGreaterThanOrEqual(1);
  expect(told.length).toBeLessThanOrEqual(4);
  expect(told.at(-1)).toMatch(
    /^model public\.slow: training: iteration \d+ of at most 100000, loss 0\.\d+, ETA \d+ s$/,
  );
  one.onNotice = () => undefined;
});

test('a query answers while a training runs', async () => {
  const failing = failureOf(rowsOf(one, `CREATE MODEL slow ${forever}`));
  await untilRow(two, `SELECT 1 FROM augur.progress WHERE phase = 'training'`);
  const times: number[] = [];
  for (let turn = 0; turn < 21; turn++) {
    const startedAt = performance.now();
    expect(await rowsOf(two, 'SELECT 1')).toEqual([[1]]);
    times.push(performance.now() - startedAt);
  }
  one.cancel();
  await failing;
  expect(times.toSorted((left, right) => left - right)[10]).toBeLessThan(200);
});

describe('memory', () => {
  let small: Engine;
  let session: Session;
  beforeAll(async () => {
    small = await openEngine({ memoryBytes: 128 * 2 ** 20 });
    session = await openSession(small);
  });
  afterAll(() => small.close());

  test.each([
    // 60 columns of 8 bytes, for 150,000 rows.
    [
      'rows',
      `SELECT ${Array.from({ length: 60 }, (_, index) => `i + ${index} AS c${index}`).join(', ')}, i AS y FROM range(150000) r(i)`,
    ],
    // The normal equation of 5,000 columns: half a matrix of 5,000 times 5,000 numbers.
    ['columns', 'SELECT list_transform(range(5000), lambda j: sin(i * j)) AS v, i AS y FROM range(50) r(i)'],
  ])('a training whose %s need more than there is ends with 53200, and leaves nothing', async (_, query) => {
    const options = `MODEL_TYPE='LINEAR_REG', INPUT_LABEL_COLS='y', OPTIMIZE_STRATEGY='NORMAL_EQUATION'`;
    const failure = await failureOf(rowsOf(session, `CREATE MODEL m OPTIONS (${options}) AS ${query}`));
    expect(failure.state).toBe('53200');
    expect(failure.message).toMatch(/^the training needs \d+ MB of memory, more than is free$/);
    expect(await rowsOf(session, 'SELECT count(*) FROM augur.models')).toEqual([[0n]]);
    expect(await rowsOf(session, 'SELECT count(*) FROM duckdb_tables() WHERE temporary')).toEqual([[0n]]);
  });

  test('the same engine trains what fits', async () => {
    await rowsOf(
      session,
      `CREATE MODEL m OPTIONS (MODEL_TYPE='LINEAR_REG', INPUT_LABEL_COLS='y') AS SELECT i AS x, i AS y FROM range(1000) r(i)`,
    );
    expect(await rowsOf(session, 'SELECT model_name FROM augur.models')).toEqual([['m']]);
  });
});

test('closing the engine ends the trainings that run', async () => {
  const closing = await openEngine();
  const session = await openSession(closing);
  await rowsOf(session, 'CREATE TABLE point AS SELECT sin(i) AS a, i % 3 = 0 AS l FROM range(30000) r(i)');
  const failing = failureOf(rowsOf(session, `CREATE MODEL slow ${forever}`));
  const watcher = await openSession(closing);
  await untilRow(watcher, `SELECT 1 FROM augur.progress WHERE phase = 'training'`);
  const startedAt = performance.now();
  await closing.close();
  expect((await failing).state).toBe('57014');
  expect(performance.now() - startedAt).toBeLessThan(5000);
  expect((await failureOf(openSession(closing))).state).toBe('57P03');
});
