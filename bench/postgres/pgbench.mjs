/** Point queries by PostgreSQL's own pgbench: prepared, by the primary key, as its `-S` does. */
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
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

async function transactionsPerSecond(binary, { host, port, user, database }, script, clients, seconds) {
  const { stdout } = await promisify(execFile)(binary, [
    '-n',
    ...['-h', host, '-p', String(port), '-U', user],
    ...['-f', script, '-M', 'prepared', '-c', String(clients), '-T', String(seconds)],
    database,
  ]);
  if (!/number of failed transactions: 0 /.test(stdout)) throw new Error(`pgbench: ${stdout}`);
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
