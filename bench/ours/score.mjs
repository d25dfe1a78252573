/**
 * Measures scoring: CREATE TABLE AS over ML.PREDICT, and scoring of arrays in memory (core-score.mjs, a
 * process of its own).
 */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { literal } from '../data/database.mjs';
import { createModelSql, predictSql } from './train.mjs';
import { withServer } from './server.mjs';

const coreScript = fileURLToPath(new URL('core-score.mjs', import.meta.url));

/** Trains the model that the rounds score with. */
export async function prepareScoring(file, work) {
  await withServer(file, async (server) => {
    await server.client.query(`DROP MODEL IF EXISTS ${work.model}`);
    await server.client.query(createModelSql(work.model, work));
  });
}

export async function measureScoring(file, work, output) {
  const measured = await withServer(file, async (server) => {
    await server.client.query('DROP TABLE IF EXISTS scored');
    const idleBytes = server.residentBytes();
    const sql = await server.time(`CREATE TABLE scored AS ${predictSql(work.model, work, work.table)}`);
    const peakBytes = server.peakBytes();
    await server.client.query(`COPY scored TO ${literal(output)} (FORMAT parquet)`);
    return { sql, peakBytes, idleBytes };
  });
  return { ...measured, core: await coreSeconds(file, work), parts: {} };
}

async function coreSeconds(file, work) {
  const { stdout } = await promisify(execFile)(process.execPath, [coreScript, file, work.model, work.table]);
  return JSON.parse(stdout).seconds;
}
