/** One row scored without the database gives what the database gives: values, types, names, for every model type. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Types, valueAt, type Parameter, type Schema, type SqlType } from '../../src/core/index.ts';
import type { Engine, Session } from '../../src/engine/index.ts';
import { openEngine, openSession, resultRows, rowsOf } from '../support/engine-fixture.ts';

const trainings: Readonly<Record<string, string>> = {
  line: `MODEL_TYPE='LINEAR_REG', INPUT_LABEL_COLS='y'`,
  yes: `MODEL_TYPE='LOGISTIC_REG', INPUT_LABEL_COLS='b'`,
  three: `MODEL_TYPE='LOGISTIC_REG', INPUT_LABEL_COLS='c'`,
  boosted: `MODEL_TYPE='BOOSTED_TREE_CLASSIFIER', INPUT_LABEL_COLS='b', MAX_ITERATIONS=5`,
  boosted_three: `MODEL_TYPE='BOOSTED_TREE_CLASSIFIER', INPUT_LABEL_COLS='c', MAX_ITERATIONS=5`,
  boosted_line: `MODEL_TYPE='BOOSTED_TREE_REGRESSOR', INPUT_LABEL_COLS='y', MAX_ITERATIONS=5`,
  forest: `MODEL_TYPE='RANDOM_FOREST_CLASSIFIER', INPUT_LABEL_COLS='c', NUM_PARALLEL_TREE=5`,
  forest_line: `MODEL_TYPE='RANDOM_FOREST_REGRESSOR', INPUT_LABEL_COLS='y', NUM_PARALLEL_TREE=5`,
  groups: `MODEL_TYPE='KMEANS', NUM_CLUSTERS=7`,
};

let engine: Engine;
let session: Session;

beforeAll(async () => {
  engine = await openEngine();
  session = await openSession(engine);
  await rowsOf(
    session,
    `CREATE TABLE examples AS SELECT i % 7 + i / 50 AS n, CAST(i % 5 AS INTEGER) AS k,
       ['red', 'blue', 'it''s'][i % 3 + 1] AS t, i % 4 = 0 AS f, 3.5 * (i % 7) + i % 5 AS y,
       i % 7 > 3 AS b, CAST(i % 3 AS BIGINT) AS c FROM range(150) r(i)`,
  );
  for (const [name, options] of Object.entries(trainings)) {
    const label = /INPUT_LABEL_COLS='(\w)'/.exec(options)?.[1];
    const selected = ['n', 'k', 't', 'f', ...(label === undefined ? [] : [label])].join(', ');
    await rowsOf(session, `CREATE MODEL "${name}" OPTIONS (${options}) AS SELECT ${selected} FROM examples`);
  }
}, 60_000);
afterAll(() => engine.close());

interface Outcome {
  readonly schema: Schema | undefined;
  readonly rows: unknown;
}

/** What a statement gives at its first run, and whenever it is run again; errors as their state, words and place. */
async function outcomes(
  text: string,
  types: readonly (SqlType | undefined)[],
  parameters: readonly Parameter[],
): Promise<readonly Outcome[]> {
  const found: Outcome[] = [];
  const prepared = await session.prepare(text, types);
  for (let run = 0; run < 3; run++) {
    try {
      const result = await session.execute(prepared, parameters, false);
      found.push({
        schema: result.kind === 'rows' ? result.schema : undefined,
        rows: await resultRows(result),
      });
    } catch (thrown) {
      const { state, message, position } = thrown as { state: string; message: string; position: number };
      found.push({ schema: undefined, rows: { state, message, position } });
    }
  }
  return found;
}

/** Whether a statement, run twice before, leaves a half-read result of its session alone: the database has no part in it. */
async function runsAlone(text: string, parameters: readonly Parameter[]): Promise<boolean> {
  const prepared = await session.prepare(text, []);
  for (let run = 0; run < 2; run++) await resultRows(await session.execute(prepared, parameters, false));
  const reading = session.query('SELECT i FROM range(100000) r(i)')[Symbol.asyncIterator]();
  const open = (await reading.next()).value;
  if (open?.kind !== 'rows') return false;
  const batches = open.batches[Symbol.asyncIterator]();
  await batches.next();
  await resultRows(await session.execute(prepared, parameters, false));
  const isAlone = await batches.next().then(
    () => true,
    () => false,
  );
  await batches.return?.();
  await reading.next();
  return isAlone;
}

const input = '$1::DOUBLE AS n, $2::INTEGER AS k, $3::VARCHAR AS t, $4::BOOLEAN AS f';
const inputs: readonly (readonly Parameter[])[] = [
  [1.5, 2, 'red', true],
  [-0, 4, `it's`, false],
  [null, null, null, null],
  [Number.NaN, 1, 'unseen', true],
  [Number.POSITIVE_INFINITY, -2_147_483_648, '', false],
  [1e-310, 3, 'Zoë 🐧', null],
];

describe.each(Object.keys(trainings))('model %s', (model) => {
  test('all columns, of any input', async () => {
    for (const parameters of inputs) {
      const call = `ML.PREDICT(MODEL "${model}", (SELECT ${input}))`;
      const [general] = await outcomes(`SELECT * FROM ${call} WHERE true`, [], parameters);
      for (const outcome of await outcomes(`SELECT * FROM ${call}`, [], parameters))
        expect(outcome).toEqual(general);
    }
  });

  test('without the database', async () => {
    expect(await runsAlone(`SELECT * FROM ML.PREDICT(MODEL "${model}", (SELECT ${input}))`, inputs[0]!)).toBe(
      true,
    );
    expect(
      await runsAlone(`SELECT * FROM ML.PREDICT(MODEL "${model}", (SELECT ${input})) WHERE true`, inputs[0]!),
    ).toBe(false);
  });
});

test.each([
  `n, f AS "flag", PREDICTED_B`,
  'list_extract(predicted_b_probs, 1).prob',
  'list_extract(predicted_b_probs, 2).Label AS other, predicted_b_probs[2].prob, predicted_b_probs[3].prob',
  '"predicted_b_probs"[1], t',
])('columns taken out: %s', async (columns) => {
  const text = `SELECT ${columns} FROM ML.PREDICT(MODEL boosted, (SELECT ${input}))`;
  for (const parameters of inputs) {
    const [general] = await outcomes(`${text} WHERE true`, [], parameters);
    for (const outcome of await outcomes(text, [], parameters)) expect(outcome).toEqual(general);
  }
  expect(await runsAlone(text, inputs[0]!)).toBe(true);
});

test.each<[string, readonly (SqlType | undefined)[], readonly Parameter[]]>([
  [`1.5 AS n, 2 AS k, 'red' AS t, TRUE AS f`, [], []],
  [`NULL::double precision AS n, -3 AS k, 'it''s' t, NULL::bool AS f`, [], []],
  [`1.25e0::NUMERIC(5, 2) AS n, CAST('4' AS SMALLINT) AS k, 7 AS t, false AS f`, [], []],
  [
    `$1 AS n, $2 AS k, $3 AS t, $4 AS f`,
    [Types.int8, Types.int2, Types.int4, Types.boolean],
    [9007199254740993n, 3, 17, true],
  ],
  [
    `$1 AS n, $2 AS k, $3 AS t, $4 AS f`,
    [Types.float4, Types.float8, Types.boolean, Types.boolean],
    [0.1, 2.5, true, false],
  ],
  [
    `$1::DOUBLE AS n, $2::BIGINT AS k, $3 AS t, $4 AS f`,
    [Types.float4, Types.int4, Types.text, Types.boolean],
    [0.1, 2, 'blue', false],
  ],
  [
    `$1::DOUBLE AS n, $2 AS k, $3 AS t, $4 AS f`,
    [{ kind: 'numeric', precision: 38, scale: 9 }, Types.int4, Types.text, Types.boolean],
    ['12345.678901234567', 2, 'blue', false],
  ],
  [
    `$1::DOUBLE AS n, $2::INT AS k, $3 AS t, $4::BOOL AS f`,
    [Types.text, Types.text, Types.text, Types.text],
    ['1e3', ' 7 ', 'red', 'yes'],
  ],
  [
    `$1::DOUBLE AS n, $2::INT AS k, $3 AS t, $4::BOOL AS f`,
    [Types.text, Types.text, Types.text, Types.text],
    ['wrong', '7', 'red', 'true'],
  ],
  [
    `$1 AS n, $2::INT AS k, $3 AS t, $4 AS f`,
    [Types.float8, Types.int8, Types.text, Types.boolean],
    [1, 3_000_000_000n, 'red', true],
  ],
  [
    `$1 AS n, $2::INT AS k, $3 AS t, $4 AS f`,
    [Types.float8, Types.float8, Types.text, Types.boolean],
    [1, 2.5, 'red', true],
  ],
  [
    `$1 AS n, $2 AS k, $3 AS t, $4 AS f`,
    [Types.float8, Types.int4, Types.float8, Types.boolean],
    [1, 2, 2.5, true],
  ],
  [
    `$1 AS n, $2 AS k, $3 AS t, $4 AS f, $5 AS extra`,
    [Types.float8, Types.int4, Types.text, Types.boolean, Types.date],
    [1, 2, 'red', true, 19_000],
  ],
  [`$1 AS n, $1 AS k, $2 AS t, f FROM (SELECT true AS f)`, [Types.float8, Types.text], [1, 'red']],
])('inputs %s of %j', async (written, types, parameters) => {
  for (const model of ['three', 'boosted_line', 'groups']) {
    const call = `ML.PREDICT(MODEL "${model}", (SELECT ${written}))`;
    const [general] = await outcomes(`SELECT * FROM ${call} WHERE true`, types, parameters);
    for (const outcome of await outcomes(`SELECT * FROM ${call}`, types, parameters))
      expect(outcome).toEqual(general);
  }
});

test('a threshold that is written is kept to', async () => {
  for (const threshold of ['0', '0.3', '1']) {
    const text = `SELECT predicted_b FROM ML.PREDICT(MODEL yes, (SELECT ${input}), STRUCT(${threshold} AS threshold))`;
    for (const parameters of inputs) {
      const [general] = await outcomes(`${text} WHERE true`, [], parameters);
      for (const outcome of await outcomes(text, [], parameters)) expect(outcome).toEqual(general);
    }
  }
});

describe('at once', () => {
  const text = `SELECT predicted_b_probs FROM ML.PREDICT(MODEL replaced, (SELECT ${input}))`;
  const parameters = inputs[0]!;
  const create = (trees: number): string =>
    `CREATE OR REPLACE MODEL replaced OPTIONS (MODEL_TYPE='BOOSTED_TREE_CLASSIFIER', INPUT_LABEL_COLS='b',
       MAX_ITERATIONS=${trees}) AS SELECT n, k, t, f, b FROM examples`;

  test('from the second run on, with the rows of the general way, until the model is another', async () => {
    await rowsOf(session, create(2));
    const prepared = await session.prepare(text, []);
    expect(session.answerAtOnce(prepared, parameters)).toBeUndefined();
    const first = await resultRows(await session.execute(prepared, parameters, false));
    const batch = session.answerAtOnce(prepared, parameters)!;
    expect(batch.columns.map((column) => valueAt(column, 0))).toEqual(first[0]);
    const other = await openSession(engine);
    await rowsOf(other, create(5));
    expect(session.answerAtOnce(prepared, parameters)).toBeUndefined();
    expect(await resultRows(await session.execute(prepared, parameters, false))).not.toEqual(first);
    expect(session.answerAtOnce(prepared, parameters)).toBeDefined();
    await other.close();
  });

  test('not for values that the database judges, nor in a block that has failed', async () => {
    const prepared = await session.prepare(text, []);
    await resultRows(await session.execute(prepared, parameters, false));
    expect(session.answerAtOnce(prepared, ['1', 2, 'red', true])).toBeUndefined();
    expect(session.answerAtOnce(prepared, parameters.slice(1))).toBeUndefined();
    await rowsOf(session, 'BEGIN');
    await expect(rowsOf(session, 'SELECT no_such_column')).rejects.toMatchObject({ state: '42703' });
    expect(session.answerAtOnce(prepared, parameters)).toBeUndefined();
    await expect(session.execute(prepared, parameters, false)).rejects.toMatchObject({ state: '25P02' });
    await rowsOf(session, 'ROLLBACK');
    expect(session.answerAtOnce(prepared, parameters)).toBeDefined();
  });
});
