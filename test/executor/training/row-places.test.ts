/** Places of rows by their numbers, which may have gaps. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database, DatabaseConnection } from '../../../src/database/index.ts';
import { numberedRows, restPlaces, rowPlaces } from '../../../src/executor/training/row-places.ts';
import { openTestDatabase } from '../../support/open-database.ts';

let database: Database;
let connection: DatabaseConnection;

beforeAll(async () => {
  database = await openTestDatabase();
  connection = await database.connect();
  await connection.run('CREATE TABLE rows AS SELECT i, 40 + i * i AS n FROM range(100) r(i)');
});
afterAll(() => database.close());

async function placesWhere(column: string, where: string): Promise<number[]> {
  const numbered = (await numberedRows('rows', column, { connection }))!;
  const found = await connection.rows(`SELECT ${numbered.sql} FROM rows WHERE ${where} ORDER BY i`);
  const places = await rowPlaces('rows', where, numbered, found.length, { connection });
  return found.map(([number]) => places(Number(number)));
}

test.each([
  ['i', 'TRUE'],
  ['i', 'i % 3 = 0'],
  ['i', 'i IN (31, 32, 63, 64, 99)'],
  ['i + 36028797018960000', 'i <> 50'],
  ['i * 30', 'i % 2 = 1'],
])('of %s where %s', async (column, where) => {
  const places = await placesWhere(column, where);
  expect(places).toEqual(places.map((_, index) => index));
  expect(places.length).toBeGreaterThan(0);
});

test('are not told of numbers that are too far apart, or of no rows', async () => {
  expect(await numberedRows('rows', 'n', { connection })).toBeUndefined();
  await connection.run('CREATE TABLE none (i BIGINT)');
  expect(await numberedRows('none', 'i', { connection })).toBeUndefined();
});

test('a row count that is not that of the condition is noticed', async () => {
  const numbered = (await numberedRows('rows', 'i', { connection }))!;
  await expect(rowPlaces('rows', 'i > 5', numbered, 50, { connection })).rejects.toMatchObject({
    state: 'XX000',
  });
});

test('of some rows tell those of the rest', async () => {
  const numbered = (await numberedRows('rows', 'i', { connection }))!;
  const places = restPlaces(await rowPlaces('rows', 'i % 3 = 0', numbered, 34, { connection }));
  const rest = Array.from({ length: 100 }, (_, number) => number).filter((number) => number % 3 !== 0);
  expect(rest.map(places)).toEqual(rest.map((_, index) => index));
});
