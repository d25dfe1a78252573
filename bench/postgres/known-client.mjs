/** Results by the clients that people use: psql and the driver `pg`. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import pg from 'pg';

function connectionArguments({ host, port, user, database }) {
  return ['-h', host, '-p', String(port), '-U', user, '-d', database];
}

const newline = 10;

/** Runs psql (its start is timed too) with unaligned output; rows are the lines it writes. */
export async function resultByPsql(address, sql) {
  const start = performance.now();
  const child = spawn('psql', [...connectionArguments(address), '-XqAt', '-c', sql], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let rows = 0;
  child.stdout.on('data', (chunk) => {
    for (let at = chunk.indexOf(newline); at >= 0; at = chunk.indexOf(newline, at + 1)) rows++;
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`psql ended with ${code}`);
  return { rows, seconds: (performance.now() - start) / 1000 };
}

/** One query by the driver, its values parsed as it does by itself. */
export async function resultByDriver(address, sql) {
  const client = new pg.Client(address);
  await client.connect();
  try {
    const start = performance.now();
    const { rows } = await client.query({ text: sql, rowMode: 'array' });
    return { rows: rows.length, seconds: (performance.now() - start) / 1000 };
  } finally {
    await client.end();
  }
}
