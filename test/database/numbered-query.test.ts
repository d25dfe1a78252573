/** Queries that can give their table's row numbers, and those that cannot or must not. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { withRowNumbers, type Database, type DatabaseConnection } from '../../src/database/index.ts';
import { openTestDatabase } from '../support/open-database.ts';

let database: Database;
let connection: DatabaseConnection;

beforeAll(async () => {
  database = await openTestDatabase();
  connection = await database.connect();
  for (const sql of [
    'CREATE TABLE rows (a DOUBLE, b DOUBLE, c VARCHAR)',
    "INSERT INTO rows VALUES (1, 1, 'x'), (2, 3, 'y'), (3, 3, ' from ')",
    'DELETE FROM rows WHERE a = 1',
    'CREATE TABLE named ("RowId" DOUBLE, a DOUBLE)',
    'CREATE VIEW renamed AS SELECT a AS rowid, b FROM rows',
    'CREATE VIEW plain AS SELECT a, b FROM rows',
  ])
    await connection.run(sql);
});

afterAll(() => database.close());

test.each([
  'SELECT * FROM rows',
  'select a, b from public.rows as r where r.b > 0',
  'SELECT a, a IS NOT DISTINCT FROM b AS same FROM rows WHERE a IS DISTINCT FROM 7',
  'SELECT a /* FROM rows */, c = \' from \' AS plain, "b" FROM rows -- FROM',
  'SELECT a FROM rows',
])('%s', async (sql) => {
  const numbered = await withRowNumbers(connection, sql);
  const rows = await connection.rows(numbered!);
  expect(rows.map((row) => row.at(-1))).toEqual([1n, 2n]);
  expect(rows.map((row) => row.slice(0, -1))).toEqual(await connection.rows(sql));
});

test.each([
  'SELECT * FROM named',
  'SELECT b FROM renamed',
  'SELECT a FROM plain',
  'SELECT a FROM (SELECT a, b AS rowid FROM rows) AS s',
  'WITH r AS (SELECT a, b AS rowid FROM rows) SELECT a FROM r',
  'FROM rows SELECT a',
  'SELECT DISTINCT a FROM rows',
  'SELECT a FROM rows ORDER BY a',
  'SELECT a FROM rows LIMIT 1',
  'SELECT sum(a) AS a FROM rows',
  'SELECT a FROM rows UNION ALL SELECT a FROM rows',
  'SELECT l.a FROM rows AS l, rows AS r',
  'SELECT a, __augur_row FROM (SELECT a, 1 AS __augur_row FROM rows)',
  'SELECT 1 AS a',
  'SELECT a FROM nowhere',
  'VALUES (1)',
])('not %s', async (sql) => {
  expect(await withRowNumbers(connection, sql)).toBeUndefined();
});
