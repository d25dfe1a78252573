/** kill -9 in the middle of a training that would replace a model: after a restart the old one predicts the same bits. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, expect, test } from 'vitest';
import { createPoints, endlessTraining } from '../support/client-server.ts';
import { startProgram, type RunningProgram } from '../support/program.ts';

const folder = mkdtempSync(join(tmpdir(), 'augur-kill-'));
const file = join(folder, 'models.db');
const running: RunningProgram[] = [];

afterAll(async () => {
  for (const program of running) if (program.child.exitCode === null) await program.end('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

async function start(): Promise<{ program: RunningProgram; connect: () => Promise<pg.Client> }> {
  const program = await startProgram([file, '--threads', '2', '--memory', '1GB']);
  running.push(program);
  const connect = async (): Promise<pg.Client> => {
    const client = new pg.Client({
      host: '127.0.0.1',
      port: program.port,
      user: 'augur',
      database: program.database,
    });
    client.on('error', () => undefined);
    await client.connect();
    return client;
  };
  return { program, connect };
}

const predictions = `SELECT CAST(list(round(predicted_l_probs[1].prob, 15) ORDER BY d, a) AS VARCHAR) AS p FROM ML.PREDICT(MODEL kept, (SELECT * FROM point WHERE d < 5))`;

test('a training that is killed leaves the old model as it was', async () => {
  const first = await start();
  const client = await first.connect();
  await client.query(createPoints);
  await client.query(
    `CREATE MODEL kept OPTIONS (MODEL_TYPE='BOOSTED_TREE_CLASSIFIER', INPUT_LABEL_COLS='l', MAX_ITERATIONS=5) AS SELECT * FROM point`,
  );
  await client.query(
    `CREATE VIEW seen AS SELECT count(*)::int AS n FROM ML.PREDICT(MODEL kept, TABLE point) WHERE predicted_l`,
  );
  const [before, seen] = [await client.query(predictions), await client.query('SELECT n FROM seen')];
  const trainer = await first.connect();
  const lost = trainer
    .query(endlessTraining.replace('CREATE MODEL endless', 'CREATE OR REPLACE MODEL kept'))
    .catch(() => 'lost');
  for (;;) {
    const { rows } = await client.query(
      `SELECT 1 FROM augur.progress WHERE phase = 'training' AND iteration > 3`,
    );
    if (rows.length > 0) break;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  expect(await first.program.end('SIGKILL')).toBe('SIGKILL');
  expect(await lost).toBe('lost');

  const second = await start();
  const again = await second.connect();
  expect((await again.query(`SELECT model_name, model_type, version FROM augur.models`)).rows).toEqual([
    { model_name: 'kept', model_type: 'BOOSTED_TREE_CLASSIFIER', version: 1 },
  ]);
  expect((await again.query(predictions)).rows).toEqual(before.rows);
  expect((await again.query('SELECT n FROM seen')).rows).toEqual(seen.rows);
  expect((await again.query('SELECT count(*)::int AS n FROM augur.progress')).rows).toEqual([{ n: 0 }]);
  await again.end();
  expect(await second.program.end('SIGTERM')).toBe(0);
});
