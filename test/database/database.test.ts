import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestDatabase } from '../support/open-database.ts';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'augur-database-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

/** A process that commits batch after batch, tells of each, and is killed in the middle of one. */
const writer = `
  import { DuckDBInstance } from '@duckdb/node-api';
  const instance = await DuckDBInstance.create(process.argv[1]);
  const connection = await instance.connect();
  for (let batch = 1; ; batch++) {
    await connection.run('insert into log select ' + batch + ', i from range(1000) r(i)');
    process.stdout.write(batch + '\\n');
  }`;

async function writeUntilKilled(file: string): Promise<number> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', writer, file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let acknowledged = 0;
  child.stdout.on('data', (data: Buffer) => {
    acknowledged = Number(data.toString().trim().split('\n').at(-1));
    if (acknowledged >= 20) child.kill('SIGKILL');
  });
  await new Promise((resolve) => child.on('exit', resolve));
  return acknowledged;
}

describe('openDatabase', () => {
  it('keeps what was committed when its writer is killed', async () => {
    const file = join(directory, 'killed.db');
    const first = await openTestDatabase({ file });
    const connection = await first.connect();
    await connection.run('create table main.log (batch int, i int)');
    await first.close();
    const acknowledged = await writeUntilKilled(file);
    expect(acknowledged).toBeGreaterThanOrEqual(20);
    const second = await openTestDatabase({ file });
    const [row] = await (
      await second.connect()
    ).rows('select max(batch), count(*) % 1000, count(*) // 1000 from log');
    expect(Number(row![0])).toBeGreaterThanOrEqual(acknowledged);
    expect(row!.slice(1)).toEqual([0n, BigInt(row![0] as number)]);
    await second.close();
  });

  it('opens a file once, and again after it was closed', async () => {
    const file = join(directory, 'once.db');
    const database = await openTestDatabase({ file });
    expect(database.name).toBe('once');
    await expect(openTestDatabase({ file })).rejects.toMatchObject({ state: '55000' });
    const connection = await database.connect();
    await connection.run('create table kept as select 42 as answer');
    await database.close();
    await database.close();
    await expect(database.connect()).rejects.toMatchObject({ state: '57P03' });
    const again = await openTestDatabase({ file });
    expect(await (await again.connect()).rows('select answer from kept')).toEqual([[42]]);
    await again.close();
  });

  it('refuses a file in a directory that SQL may write, and settings that make no sense', async () => {
    const file = join(directory, 'inside.db');
    await expect(openTestDatabase({ file, allowedPaths: [directory] })).rejects.toMatchObject({
      state: '22023',
    });
    const link = join(mkdtempSync(join(tmpdir(), 'augur-link-')), 'link');
    symlinkSync(directory, link);
    await expect(openTestDatabase({ file, allowedPaths: [link] })).rejects.toMatchObject({ state: '22023' });
    rmSync(dirname(link), { recursive: true });
    await expect(openTestDatabase({ memoryLimit: 'plenty' })).rejects.toMatchObject({ state: '22023' });
    const missing = openTestDatabase({ file: join(directory, 'no', 'such', 'directory.db') });
    await expect(missing).rejects.toMatchObject({ state: '58030' });
  });

  it('keeps to its memory limit', async () => {
    const database = await openTestDatabase({ memoryLimit: '50MB', threads: 1 });
    const connection = await database.connect();
    const large = connection.rows('select list(i), list(i * 2) from range(30000000) r(i)');
    await expect(large).rejects.toMatchObject({ state: '53200' });
    expect(await connection.rows('select 1')).toEqual([[1]]);
    await database.close();
  });
});
