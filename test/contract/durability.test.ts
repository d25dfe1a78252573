/** Every registered model type survives kill -9: after a restart it predicts the same bits. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { estimators } from '../../src/ml/index.ts';
import { startProgram, type RunningProgram } from '../support/program.ts';

const folder = mkdtempSync(join(tmpdir(), 'augur-durability-'));
const before = new Map<string, unknown>();
const after = new Map<string, unknown>();
let program: RunningProgram;

const nameOf = (modelType: string): string => `model_${modelType.toLowerCase()}`;

async function connect(): Promise<pg.Client> {
  const client = new pg.Client({
    host: '127.0.0.1',
    port: program.port,
    user: 'augur',
    database: program.database,
  });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

async function predictAll(client: pg.Client, target: Map<string, unknown>): Promise<void> {
  for (const { modelType } of estimators) {
    const result = await client.query(
      `SELECT * FROM ML.PREDICT(MODEL ${nameOf(modelType)}, TABLE data) ORDER BY id`,
    );
    target.set(modelType, result.rows);
  }
}

beforeAll(async () => {
  program = await startProgram([join(folder, 'models.db')]);
  const client = await connect();
  await client.query(`CREATE TABLE data AS SELECT i AS id, sin(i) AS a, i % 7 AS b, ['x', 'y', 'z'][i % 3 + 1] AS c,
    sin(i) * 3 + i % 7 AS value, CASE WHEN sin(i) > 0.1 THEN 'up' ELSE 'down' END AS class FROM range(300) r(i)`);
  for (const { modelType, task } of estimators) {
    const label = task === 'regression' ? 'value' : task === 'classification' ? 'class' : undefined;
    const options = [
      `MODEL_TYPE='${modelType}'`,
      ...(label === undefined ? ['NUM_CLUSTERS=3'] : [`INPUT_LABEL_COLS=['${label}']`]),
    ];
    if (modelType.startsWith('RANDOM_FOREST')) options.push('NUM_PARALLEL_TREE=5');
    await client.query(
      `CREATE MODEL ${nameOf(modelType)} OPTIONS (${options.join(', ')}) AS SELECT a, b, c${label === undefined ? '' : `, ${label}`} FROM data`,
    );
  }
  await predictAll(client, before);
  // Killed in the middle of a training that would replace a model, in a transaction.
  await client.query('BEGIN');
  const training = client
    .query(`CREATE OR REPLACE MODEL ${nameOf('LINEAR_REG')} OPTIONS (MODEL_TYPE='BOOSTED_TREE_REGRESSOR', INPUT_LABEL_COLS=['value'],
      MAX_ITERATIONS=100000, EARLY_STOP=FALSE) AS SELECT a, b, value FROM data`)
    .catch(() => undefined);
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(await program.end('SIGKILL')).toBe('SIGKILL');
  await training;
  program = await startProgram([join(folder, 'models.db')]);
  const again = await connect();
  await predictAll(again, after);
  await again.end();
}, 120_000);

afterAll(async () => {
  expect(await program.end('SIGTERM')).toBe(0);
  rmSync(folder, { recursive: true, force: true });
});

describe('after kill -9 and restart', () => {
  test.each(estimators.map(({ modelType }) => modelType))('%s predicts the same', (modelType) => {
    const rows = before.get(modelType) as unknown[];
    expect(rows).toHaveLength(300);
    expect(after.get(modelType)).toEqual(rows);
  });
});
