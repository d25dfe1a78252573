/**
 * Prepared statements by PostgreSQL's own pgbench: point queries by the primary key, as its `-S` does, and the
 * times of single calls.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { runFolder } from '../folders.mjs';
import { RawClient } from './raw-client.mjs';

const clientCounts = [1, 8, 32];

/** Makes the table of `rows` rows that is asked, if it is not there. */
export async function preparePoints(address, rows) {
  const client = await RawClient.connect(address);
  try {
    const { rows: found } = await client.query(
      "SELECT 1 FROM information_schema.tables WHERE table_name = 'points'",
    );
    if (found > 0) return;
    await client.query(
      'CREATE TABLE points (aid integer PRIMARY KEY, bid integer, abalance integer, filler text)',
    );
    await client.query(
      `INSERT INTO points SELECT i, i % 10, i * 7 % 1000, repeat('x', 84) FROM generate_series(1, ${rows}) AS t(i)`,
    );
  } finally {
    client.close();
  }
}

/** What pgbench prints at the end, if no transaction has failed. */
async function runPgbench(binary, { host, port, user, database }, options) {
  const { stdout } = await promisify(execFile)(binary, [
    '-n',
    ...['-h', host, '-p', String(port), '-U', user, '-M', 'prepared'],
    ...options,
    database,
  ]);
  if (!/number of failed transactions: 0 /.test(stdout)) throw new Error(`pgbench: ${stdout}`);
  return stdout;
}

async function transactionsPerSecond(binary, address, script, clients, seconds) {
  const options = ['-f', script, '-c', String(clients), '-T', String(seconds)];
  const stdout = await runPgbench(binary, address, options);
  return Number(/^tps = ([\d.]+)/m.exec(stdout)[1]);
}

/** Seconds a query of one client takes, and queries a second of 1, 8 and 32 clients. */
export async function measurePoints(binary, address, rows, seconds) {
  const script = join(runFolder, 'point.pgbench');
  writeFileSync(script, `\\set aid random(1, ${rows})\nSELECT abalance FROM points WHERE aid = :aid;\n`);
  const parts = {};
  for (const clients of clientCounts) {
    const perSecond = await transactionsPerSecond(binary, address, script, clients, seconds);
    parts[`a second, ${clients} ${clients === 1 ? 'client' : 'clients'}:`] = perSecond;
  }
  return { sql: 1 / Object.values(parts)[0], parts };
}

/** Rows that calls are made with: a script each, of which pgbench takes 128 at most. */
const CALL_ROWS = 50;

/** A script that runs the statement with a row's values, and the options that set its variables to them. */
function scriptOptions(folder, statement, row, index) {
  const script = join(folder, `row-${index}.pgbench`);
  writeFileSync(script, `${statement.replaceAll(/\$(\d+)/g, `:row${index}_$1`).replaceAll('\n', ' ')};\n`);
  // There is no NULL among pgbench's variables; a missing number is not a number for the peers, too.
  const sets = row.flatMap((value, column) => ['-D', `row${index}_${column + 1}=${value ?? 'NaN'}`]);
  return [...sets, '-f', script];
}

/** The third word of a line of its log is the transaction's time in microseconds. */
function loggedSeconds(folder) {
  const logs = readdirSync(folder).filter((name) => name.startsWith('log.'));
  const lines = logs.flatMap((name) => readFileSync(join(folder, name), 'utf8').trim().split('\n'));
  return lines.map((line) => Number(line.split(' ')[2]) / 1e6);
}

/**
 * Seconds of each of so many calls of a statement by one client, with rows of parameters in random order. The
 * first call with a row prepares the statement, too: for one row in so many calls it is no more than an outlier.
 */
export async function timeStatement(binary, address, statement, rows, calls) {
  const folder = mkdtempSync(join(runFolder, 'pgbench-'));
  try {
    const scripts = rows
      .slice(0, CALL_ROWS)
      .flatMap((row, index) => scriptOptions(folder, statement, row, index));
    const log = ['-l', `--log-prefix=${join(folder, 'log')}`];
    await runPgbench(binary, address, [...scripts, ...log, '-c', '1', '-t', String(calls)]);
    return loggedSeconds(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
