/** The tables that a training stores say the same as the judging functions do of the same rows through SQL. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Value } from '../../src/core/index.ts';
import type { Engine, Session } from '../../src/engine/index.ts';
import { estimators } from '../../src/ml/index.ts';
import { openEngine, openSession, rowsOf } from '../support/engine-fixture.ts';

let engine: Engine;
let session: Session;

/** Rows with missing numbers and texts, an instant, weights, labels of all kinds, and a split with an unseen class. */
const source = `
  CREATE TABLE sample AS
  SELECT *, CASE WHEN score > 0.4 THEN 'yes' ELSE 'no' END AS two,
    CASE WHEN score < 0.2 THEN 'a' WHEN score < 0.5 THEN 'b' WHEN score < 0.7 THEN 'c' ELSE 'd' END AS four,
    CASE WHEN score > 0.9 AND held AND i % 3 = 0 THEN 99 ELSE CAST(floor(score * 3) AS INTEGER) END AS late,
    10 * score - 2 AS y, i % 40 = 0 AS rare, 0.5 AS constant, score + 1 AS positive
  FROM (
    SELECT i, hash(i, 's') % 5 = 0 AS held, 1 + i % 3 AS weight,
      CASE WHEN i % 11 = 0 THEN NULL ELSE hash(i, 'x') % 1000 / 1000.0 END AS x,
      CASE WHEN i % 13 = 0 THEN NULL ELSE ['red', 'green', 'blue'][1 + CAST(hash(i, 'c') % 3 AS INTEGER)] END AS colour,
      TIMESTAMP '2024-01-01' + to_hours(CAST(hash(i, 't') % 9000 AS INTEGER)) AS moment,
      (hash(i, 'x') % 1000 / 1000.0 + hash(i, 'n') % 1000 / 1000.0) / 2 AS score
    FROM range(9000) r(i))`;

beforeAll(async () => {
  engine = await openEngine();
  session = await openSession(engine);
  await rowsOf(session, source);
});

afterAll(() => engine.close());

const numbersOf = (rows: readonly (readonly Value[])[]): unknown[][] =>
  rows.map((row) => row.map((value) => (typeof value === 'bigint' ? Number(value) : value)));

/** Equal but for the order in which sums were added up. */
function expectSame(stored: readonly (readonly Value[])[], judged: readonly (readonly Value[])[]): void {
  const [expected, found] = [numbersOf(judged), numbersOf(stored)];
  expect(found.map((row) => row.length)).toEqual(expected.map((row) => row.length));
  found.forEach((row, index) =>
    row.forEach((value, column) => {
      const other = expected[index]![column];
      if (typeof value !== 'number' || typeof other !== 'number' || !Number.isFinite(value))
        expect(value).toEqual(other);
      else expect(Math.abs(value - other)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(other)));
    }),
  );
}

interface Training {
  readonly type: string;
  readonly label?: string;
  readonly options?: string;
  readonly features?: string;
  /** Columns beside features and label. */
  readonly further?: string;
  /** Rows that judge, of `sample`. */
  readonly judged?: string;
  readonly tables?: readonly string[];
}

let modelCount = 0;

async function expectSameTables(training: Training): Promise<void> {
  const name = `judged${++modelCount}`;
  const label = training.label === undefined ? '' : `, ${training.label}`;
  const further = training.further === undefined ? '' : `, ${training.further}`;
  const options = [
    `MODEL_TYPE='${training.type}'`,
    ...(training.label === undefined ? [] : [`INPUT_LABEL_COLS='${training.label}'`]),
    ...(training.options === undefined ? [] : [training.options]),
  ];
  const features = training.features ?? 'x, colour';
  await rowsOf(
    session,
    `CREATE MODEL ${name} OPTIONS (${options.join(', ')}) AS SELECT ${features}${label}${further} FROM sample`,
  );
  const judged = `SELECT ${features}${label} FROM sample WHERE ${training.judged ?? 'TRUE'}`;
  for (const table of training.tables ?? ['EVALUATE']) {
    const stored = await rowsOf(session, `SELECT * FROM ML.${table}(MODEL ${name})`);
    expect(stored.length).toBeGreaterThan(0);
    expectSame(stored, await rowsOf(session, `SELECT * FROM ML.${table}(MODEL ${name}, (${judged}))`));
  }
}

const binaryTables = ['EVALUATE', 'CONFUSION_MATRIX', 'ROC_CURVE'];
const classTables = ['EVALUATE', 'CONFUSION_MATRIX'];
const noSplit = "DATA_SPLIT_METHOD='NO_SPLIT'";
const custom = "DATA_SPLIT_METHOD='CUSTOM', DATA_SPLIT_COL='held'";
const few: Readonly<Record<string, string>> = {
  BOOSTED_TREE_CLASSIFIER: 'MAX_ITERATIONS=8',
  BOOSTED_TREE_REGRESSOR: 'MAX_ITERATIONS=8',
  RANDOM_FOREST_CLASSIFIER: 'NUM_PARALLEL_TREE=4, MAX_TREE_DEPTH=5',
  RANDOM_FOREST_REGRESSOR: 'NUM_PARALLEL_TREE=4, MAX_TREE_DEPTH=5',
};
const optionsOf = (type: string, ...further: string[]): string =>
  [...(few[type] === undefined ? [] : [few[type]]), ...further].join(', ');

const typesOf = (task: string): readonly string[] =>
  estimators.filter((estimator) => estimator.task === task).map(({ modelType }) => modelType);

describe.each(typesOf('regression'))('%s', (type) => {
  test('all rows', () => expectSameTables({ type, label: 'y', options: optionsOf(type, noSplit) }));

  test('labels above -1, whose logarithms count, and a split', () =>
    expectSameTables({
      type,
      label: 'positive',
      options: optionsOf(type, custom),
      further: 'held',
      judged: 'held',
    }));
});

describe.each(typesOf('classification'))('%s', (type) => {
  test('two classes', () =>
    expectSameTables({ type, label: 'two', options: optionsOf(type, noSplit), tables: binaryTables }));

  test('two classes, a split, and scores with many ties', () =>
    expectSameTables({
      type,
      label: 'two',
      features: 'colour',
      options: optionsOf(type, custom),
      further: 'held',
      judged: 'held',
      tables: binaryTables,
    }));

  test('four classes', () =>
    expectSameTables({ type, label: 'four', options: optionsOf(type, noSplit), tables: classTables }));

  test('a class that only evaluation rows have: those are left out', () =>
    expectSameTables({
      type,
      label: 'late',
      options: optionsOf(type, custom),
      further: 'held',
      judged: 'held AND late <> 99',
      tables: classTables,
    }));
});

describe.each(typesOf('clustering'))('%s', (type) => {
  test('all rows', () => expectSameTables({ type, options: 'NUM_CLUSTERS=4' }));

  test('a column that names the first centroids', () =>
    expectSameTables({
      type,
      options: "NUM_CLUSTERS=3, KMEANS_INIT_METHOD='CUSTOM', KMEANS_INIT_COL='chosen'",
      further: 'i < 3 AS chosen',
    }));

  test('more clusters than distinct rows', () =>
    expectSameTables({ type, features: 'i % 2 AS parity', options: 'NUM_CLUSTERS=4' }));
});

test('row and class weights do not judge', async () => {
  await expectSameTables({
    type: 'LOGISTIC_REG',
    label: 'two',
    options: `${noSplit}, AUTO_CLASS_WEIGHTS=TRUE`,
    tables: binaryTables,
  });
  await expectSameTables({
    type: 'BOOSTED_TREE_CLASSIFIER',
    label: 'four',
    options: optionsOf('BOOSTED_TREE_CLASSIFIER', noSplit, 'AUTO_CLASS_WEIGHTS=TRUE'),
    tables: classTables,
  });
});

test('instants, dummies, labels and target means as encodings', async () => {
  await expectSameTables({ type: 'LINEAR_REG', label: 'y', features: 'x, moment', options: noSplit });
  for (const method of ['DUMMY_ENCODING', 'ONE_HOT_ENCODING']) {
    await expectSameTables({
      type: 'LOGISTIC_REG',
      label: 'two',
      options: `${noSplit}, CATEGORY_ENCODING_METHOD='${method}'`,
      tables: binaryTables,
    });
  }
  for (const method of ['LABEL_ENCODING', 'TARGET_ENCODING', 'ONE_HOT_ENCODING']) {
    await expectSameTables({
      type: 'BOOSTED_TREE_CLASSIFIER',
      label: 'two',
      options: optionsOf('BOOSTED_TREE_CLASSIFIER', noSplit, `CATEGORY_ENCODING_METHOD='${method}'`),
      tables: binaryTables,
    });
  }
});

test.each(['BOOSTED_TREE_CLASSIFIER', 'BOOSTED_TREE_REGRESSOR'])(
  'target means of evaluation rows: %s',
  async (type) => {
    const isClassifier = type === 'BOOSTED_TREE_CLASSIFIER';
    await expectSameTables({
      type,
      label: isClassifier ? 'four' : 'y',
      options: optionsOf(type, custom, "CATEGORY_ENCODING_METHOD='TARGET_ENCODING'"),
      further: 'held',
      judged: 'held',
      tables: isClassifier ? classTables : ['EVALUATE'],
    });
  },
);

test('margins that boosting kept, of rounds with dropped trees and an early end', async () => {
  const further = {
    label: 'two',
    further: 'held',
    judged: 'held',
    tables: binaryTables,
  };
  for (const options of [
    "BOOSTER_TYPE='DART', DROPOUT=0.5, MAX_ITERATIONS=6, NUM_PARALLEL_TREE=2",
    'MAX_ITERATIONS=50, EARLY_STOP=TRUE, MIN_REL_PROGRESS=0.05',
  ])
    await expectSameTables({ type: 'BOOSTED_TREE_CLASSIFIER', options: `${options}, ${custom}`, ...further });
});

test('a constant label, and a class that is never predicted', async () => {
  await expectSameTables({ type: 'DECISION_TREE_REGRESSOR', label: 'constant', options: noSplit });
  await expectSameTables({
    type: 'DECISION_TREE_CLASSIFIER',
    label: 'rare',
    options: `${noSplit}, MAX_TREE_DEPTH=1`,
    tables: binaryTables,
  });
});

test('a warm start on rows that lack a class of the model', async () => {
  const options = `MODEL_TYPE='LOGISTIC_REG', INPUT_LABEL_COLS='four', ${noSplit}`;
  const rows = "SELECT x, colour, four FROM sample WHERE four <> 'c'";
  await rowsOf(session, `CREATE MODEL warm OPTIONS (${options}) AS SELECT x, colour, four FROM sample`);
  await rowsOf(session, `CREATE OR REPLACE MODEL warm OPTIONS (${options}, WARM_START=TRUE) AS ${rows}`);
  for (const table of classTables) {
    expectSame(
      await rowsOf(session, `SELECT * FROM ML.${table}(MODEL warm)`),
      await rowsOf(session, `SELECT * FROM ML.${table}(MODEL warm, (${rows}))`),
    );
  }
});
