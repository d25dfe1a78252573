/** What every registered model type must bear in SQL: NULLs, unseen categories, awkward names, a label with NULLs. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readResult, type QueryRows } from '../../src/augur.ts';
import { EngineError } from '../../src/core/index.ts';
import { Engine, type Session } from '../../src/engine/index.ts';
import { estimators, type Estimator } from '../../src/ml/index.ts';

let engine: Engine;
let session: Session;

beforeAll(async () => {
  engine = await Engine.open({ threads: 2, memoryBytes: 2 ** 30, logLevel: 'silent' });
  session = await engine.openSession({ user: 'augur', database: 'augur', remoteAddress: undefined });
  await query(`CREATE TABLE data AS
    SELECT i % 17 AS number_1, CASE WHEN i % 11 = 0 THEN NULL ELSE i % 5 END AS number_2,
           CASE WHEN i % 13 = 0 THEN NULL ELSE ['red', 'green', 'blue'][i % 3 + 1] END AS colour,
           i % 2 = 0 AS flag,
           (i % 17) * 2.0 + CASE WHEN i % 3 = 0 THEN 5 ELSE 0 END AS target,
           CASE WHEN (i % 17) + (i % 3) * 5 > 12 THEN 'yes' ELSE 'no' END AS class
    FROM range(240) r(i)`);
});

afterAll(async () => {
  await engine.close();
});

async function query(text: string): Promise<QueryRows> {
  let last: QueryRows = { tag: '', columns: [], rows: [] };
  for await (const result of session.query(text)) last = await readResult(result);
  return last;
}

async function stateOf(text: string): Promise<string> {
  try {
    await query(text);
  } catch (thrown) {
    if (thrown instanceof EngineError) return `${thrown.state} ${thrown.message}`;
    throw thrown;
  }
  return 'no error';
}

/** Label column of the shared table for a task. */
const labels = { regression: 'target', classification: 'class', clustering: undefined } as const;

/** OPTIONS that keep a training quick. */
function optionsOf(estimator: Estimator, label: string | undefined = labels[estimator.task]): string {
  const has = (name: string): boolean => estimator.options.some((option) => option.name === name);
  const options = [`MODEL_TYPE='${estimator.modelType}'`];
  if (label !== undefined) options.push(`INPUT_LABEL_COLS=['${label}']`);
  if (has('MAX_ITERATIONS')) options.push('MAX_ITERATIONS=5');
  if (has('NUM_PARALLEL_TREE') && !has('LEARN_RATE')) options.push('NUM_PARALLEL_TREE=5');
  if (has('NUM_CLUSTERS')) options.push('NUM_CLUSTERS=3');
  if (has('DATA_SPLIT_METHOD')) options.push("DATA_SPLIT_METHOD='NO_SPLIT'");
  return options.join(', ');
}

/** The first column of ML.PREDICT: prediction or centroid. */
function predictions(result: QueryRows): readonly unknown[] {
  return result.rows.map((row) => row[result.columns[0]!]);
}

describe.each(estimators.map((estimator) => [estimator.modelType, estimator] as const))(
  '%s',
  (modelType, estimator) => {
    const label = labels[estimator.task];
    const columns = `number_1, number_2, colour, flag${label === undefined ? '' : `, ${label}`}`;
    const model = `m_${modelType.toLowerCase()}`;

    test('trains, and predicts for NULLs and categories it never saw', async () => {
      await query(`CREATE MODEL ${model} OPTIONS (${optionsOf(estimator)}) AS SELECT ${columns} FROM data`);
      const result = await query(`SELECT * FROM ML.PREDICT(MODEL ${model}, (
      SELECT * FROM (VALUES (3, NULL, NULL, NULL), (NULL, NULL, 'purple', TRUE), (NULL, NULL, NULL, NULL), (4, 1, 'red', FALSE))
      t(number_1, number_2, colour, flag)))`);
      const predicted = predictions(result);
      expect(predicted).toHaveLength(4);
      for (const value of predicted) {
        if (estimator.task === 'regression') expect(Number.isFinite(value)).toBe(true);
        if (estimator.task === 'classification') expect(['yes', 'no']).toContain(value);
        if (estimator.task === 'clustering') expect([1n, 2n, 3n]).toContain(value);
      }
    });

    test('judges itself', async () => {
      const { rows } = await query(`SELECT * FROM ML.EVALUATE(MODEL ${model})`);
      expect(rows).toHaveLength(1);
      const stored = Object.values(rows[0]!);
      const given = await query(`SELECT * FROM ML.EVALUATE(MODEL ${model}, TABLE data)`);
      Object.values(given.rows[0]!).forEach((value, index) =>
        expect(value).toBeCloseTo(stored[index] as number, 9),
      );
      const info = await query(`SELECT count(*) AS n FROM ML.FEATURE_INFO(MODEL ${model})`);
      expect(info.rows[0]!['n']).toBe(4n);
    });

    test('bears names with quotes, spaces, upper case and other letters', async () => {
      const renamed = `number_1 AS "a ""b"" c", number_2 AS "Größe", colour AS "Цвет UP", flag AS "select"`;
      const labelled = label === undefined ? '' : `, ${label} AS "The Label é"`;
      const name = `"Mödel ""${modelType}"" 1"`;
      await query(
        `CREATE MODEL ${name} OPTIONS (${optionsOf(estimator, label && 'The Label é')}) AS SELECT ${renamed}${labelled} FROM data`,
      );
      const result = await query(
        `SELECT * FROM ML.PREDICT(MODEL ${name}, (SELECT ${renamed} FROM data LIMIT 7))`,
      );
      expect(result.rows).toHaveLength(7);
      if (label !== undefined) expect(result.columns[0]).toBe('predicted_The Label é');
      const plain = await query(
        `SELECT * FROM ML.PREDICT(MODEL ${model}, (SELECT ${columns} FROM data LIMIT 7))`,
      );
      if (estimator.task !== 'clustering') expect(predictions(result)).toEqual(predictions(plain));
      expect((await query(`DROP MODEL ${name}`)).tag).toBe('DROP MODEL');
    });

    test('refuses a label with NULLs', async () => {
      if (label === undefined) return;
      const failure = await stateOf(`CREATE MODEL with_null OPTIONS (${optionsOf(estimator)}) AS
      SELECT number_1, CASE WHEN number_1 = 3 THEN NULL ELSE ${label} END AS ${label} FROM data`);
      expect(failure).toMatch(new RegExp(`^22000 label "${label}" is NULL in \\d+ rows`));
      expect(
        (await query("SELECT model_name FROM augur.models WHERE model_name = 'with_null'")).rows,
      ).toEqual([]);
    });

    test('refuses an empty training query', async () => {
      expect(
        await stateOf(
          `CREATE MODEL nothing OPTIONS (${optionsOf(estimator)}) AS SELECT ${columns} FROM data WHERE FALSE`,
        ),
      ).toMatch(/^22000 .*no rows/);
    });

    test('learns from one row, one class and constant columns, or says why not', async () => {
      const one = await stateOf(
        `CREATE MODEL ${model}_one OPTIONS (${optionsOf(estimator)}) AS SELECT ${columns} FROM data LIMIT 1`,
      );
      const same = await stateOf(`CREATE MODEL ${model}_same OPTIONS (${optionsOf(estimator)}) AS
      SELECT 7 AS number_1, 'x' AS colour${label === undefined ? '' : `, (SELECT min(${label}) FROM data) AS ${label}`} FROM data`);
      for (const outcome of [one, same]) expect(outcome).toMatch(/^(no error|22\d{3} )/);
      for (const [outcome, suffix, source] of [
        [one, 'one', 'data'],
        [same, 'same', "(SELECT 7 AS number_1, 'x' AS colour)"],
      ] as const) {
        if (outcome !== 'no error') continue;
        const result = await query(
          `SELECT * FROM ML.PREDICT(MODEL ${model}_${suffix}, ${source === 'data' ? 'TABLE data' : source}) LIMIT 3`,
        );
        expect(result.rows.length).toBeGreaterThan(0);
      }
    });

    test('leaves nothing of a failed training behind', async () => {
      const temporary = await query(
        `SELECT count(*) AS n FROM duckdb_tables() WHERE starts_with(table_name, '__augur_')`,
      );
      expect(temporary.rows[0]!['n']).toBe(0n);
      expect((await query('SELECT * FROM augur.progress')).rows).toEqual([]);
    });
  },
);
