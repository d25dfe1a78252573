/** A scan gives all rows in order, and its connection is free again however it ends. */
import { setTimeout } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Database, DatabaseConnection } from '../../src/database/index.ts';
import { openTestDatabase } from '../support/open-database.ts';

let database: Database;
let connection: DatabaseConnection;
beforeAll(async () => {
  database = await openTestDatabase({ threads: 2 });
  const first = await database.connect();
  await first.run('CREATE TABLE numbers AS SELECT range::DOUBLE AS a FROM range(300000)');
  await first.close();
});
beforeEach(async () => {
  connection = await database.connect();
});
afterEach(() => connection.close());
afterAll(() => database.close());

const bufferSize = (): Promise<unknown> =>
  connection.rows("SELECT current_setting('streaming_buffer_size')").then((rows) => rows[0]![0]);

test('reads everything in order, and leaves the settings as they were', async () => {
  const before = await bufferSize();
  let expected = 0;
  for await (const batch of connection.scan('SELECT a FROM numbers')) {
    for (const value of batch.columns[0]!.values as Float64Array)
      if (value !== expected++) expect(value).toBe(0);
  }
  expect(expected).toBe(300_000);
  expect(await bufferSize()).toBe(before);
});

test('may be left before its end', async () => {
  const before = await bufferSize();
  for await (const batch of connection.scan('SELECT a FROM numbers')) {
    expect(batch.rowCount).toBe(2048);
    break;
  }
  expect(await bufferSize()).toBe(before);
});

test('is cancelled by an interrupt', async () => {
  const read = async (): Promise<void> => {
    for await (const batch of connection.scan('SELECT a.a FROM numbers AS a, numbers AS b')) {
      expect(batch.rowCount).toBeGreaterThan(0);
      connection.interrupt();
    }
  };
  await expect(read()).rejects.toMatchObject({ state: '57014' });
  expect(await connection.rows('SELECT 1::INTEGER')).toEqual([[1]]);
});

test('tells why it fails', async () => {
  const read = async (): Promise<void> => {
    for await (const batch of connection.scan("SELECT CAST('x' || a AS DOUBLE) FROM numbers"))
      expect.fail(`${batch.rowCount} rows`);
  };
  await expect(read()).rejects.toMatchObject({ state: '22P02' });
});

/** Reads the first rows, then does something and waits: the next rows were asked for before. */
async function readSlowly(sql: string, afterFirst: () => void): Promise<number> {
  const result = await connection.run(sql);
  if (result.kind !== 'rows') return expect.fail('a query gives rows');
  let rowCount = 0;
  for await (const batch of result.batches) {
    if (rowCount === 0) {
      afterFirst();
      await setTimeout(100);
    }
    rowCount += batch.rowCount;
  }
  return rowCount;
}

test('a result that is read slowly ends with an error, not early, when it is cancelled or fails', async () => {
  const cancelled = readSlowly('SELECT a FROM numbers', () => connection.interrupt());
  await expect(cancelled).rejects.toMatchObject({ state: '57014' });
  const failing = "SELECT CASE WHEN a < 2048 THEN a ELSE CAST('x' || a AS DOUBLE) END FROM numbers";
  await connection.run("SET streaming_buffer_size = '1KB'");
  await expect(readSlowly(failing, () => undefined)).rejects.toMatchObject({ state: '22P02' });
  expect(await readSlowly('SELECT a FROM numbers', () => undefined)).toBe(300_000);
});
