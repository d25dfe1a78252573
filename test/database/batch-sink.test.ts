/** Rows read in any order: each once and whole, by a connection that is free again however the reading ends. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { invalidData, valueAt, type Value, type Vector } from '../../src/core/index.ts';
import type { Database, DatabaseConnection } from '../../src/database/index.ts';
import { openTestDatabase } from '../support/open-database.ts';

const ROWS = 300_000;
let database: Database;
let connection: DatabaseConnection;
beforeAll(async () => {
  database = await openTestDatabase({ threads: 2 });
  const first = await database.connect();
  await first.run(`CREATE TABLE numbers AS SELECT range::DOUBLE AS a FROM range(${ROWS})`);
  await first.close();
});
beforeEach(async () => {
  connection = await database.connect();
});
afterEach(() => connection.close());
afterAll(() => database.close());

test('hands over every row once', async () => {
  const seen = new Uint8Array(ROWS);
  const columns = ['a', 'a::INTEGER % 3 = 0', "'n' || a::INTEGER"];
  await connection.scanUnordered(columns, 'numbers', ({ rowCount, columns: [numbers, thirds, texts] }) => {
    for (let row = 0; row < rowCount; row++) {
      const number = numbers!.values[row] as number;
      seen[number]!++;
      if (row % 500 === 0) {
        const read = [thirds, texts].map((column) => valueAt(column!, row));
        expect(read).toEqual([number % 3 === 0, `n${number}`]);
      }
    }
  });
  expect(seen.every((count) => count === 1)).toBe(true);
});

test('hands over the rows that a condition leaves, NULLs told', async () => {
  const read: Value[] = [];
  await connection.scanUnordered(['nullif(a, 3)'], 'numbers WHERE a < 5', ({ rowCount, columns }) => {
    for (let row = 0; row < rowCount; row++) read.push(valueAt(columns[0]!, row));
  });
  expect(read).toEqual([0, 1, 2, null, 4]);
});

test('lets go of texts without decoding them', async () => {
  const kept: Vector[] = [];
  await connection.scanUnordered(["'n' || a::INTEGER"], 'numbers WHERE a < 5', ({ columns }) =>
    kept.push(columns[0]!),
  );
  expect(kept.map(({ utf8 }) => utf8!.heap.length)).toEqual([0]);
  // Had they been decoded, they would still be here.
  expect(() => kept[0]!.values).toThrow(TypeError);
});

test('of no rows hands over nothing', async () => {
  await connection.scanUnordered(['a'], 'numbers WHERE a < 0', ({ rowCount }) =>
    expect.fail(`${rowCount} rows`),
  );
});

test('fails with what its reader throws, and hands over nothing after that', async () => {
  let batches = 0;
  const reading = connection.scanUnordered(['a'], 'numbers', () => {
    batches++;
    throw invalidData('the reader has enough');
  });
  await expect(reading).rejects.toMatchObject({ state: '22000', message: 'the reader has enough' });
  expect(batches).toBe(1);
  expect(await connection.rows('SELECT 1::INTEGER')).toEqual([[1]]);
});

test('is cancelled by an interrupt', async () => {
  const reading = connection.scanUnordered(['a.a'], 'numbers AS a, numbers AS b', () =>
    connection.interrupt(),
  );
  await expect(reading).rejects.toMatchObject({ state: '57014' });
  expect(await connection.rows('SELECT 1::INTEGER')).toEqual([[1]]);
});

test('gives the loop its turn', async () => {
  let turns = 0;
  const timer = setInterval(() => turns++, 0);
  await connection.scanUnordered(['a', "'n' || a"], 'numbers', () => undefined);
  clearInterval(timer);
  expect(turns).toBeGreaterThan(2);
});

test('tells why it fails', async () => {
  const reading = connection.scanUnordered(["CAST('x' || a AS DOUBLE)"], 'numbers', () => undefined);
  await expect(reading).rejects.toMatchObject({ state: '22P02' });
});

test('is nothing that users can call', () => {
  expect(() => connection.screen('SELECT __augur_take(1, 2)')).toThrow(/__augur_take/);
});
