/** Which queries may be run again instead of being kept: told by the bound plan, through views. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database, DatabaseConnection } from '../../src/database/index.ts';
import { isRepeatableQuery } from '../../src/database/index.ts';
import { openTestDatabase } from '../support/open-database.ts';

let database: Database;
let connection: DatabaseConnection;

beforeAll(async () => {
  database = await openTestDatabase();
  connection = await database.connect();
  await connection.run('CREATE TABLE rows (a DOUBLE, b INTEGER, c VARCHAR, d DECIMAL(9, 2))');
  await connection.run('CREATE VIEW plain AS SELECT a, b FROM rows WHERE b > 0');
  await connection.run('CREATE VIEW drawn AS SELECT a, random() AS b FROM rows');
});

afterAll(() => database.close());

test.each([
  'SELECT * FROM rows',
  "SELECT a, a * 2 - 1 AS twice, CASE WHEN c = 'x' THEN 1 ELSE 0 END AS flag FROM rows WHERE b IS NOT NULL",
  'SELECT CAST(b AS DOUBLE) AS b, CAST(d AS DOUBLE) AS d FROM rows',
  'SELECT * FROM plain WHERE a BETWEEN 0 AND 1',
  'SELECT a, b IN (1, 2, 3) AS flag FROM rows',
])('%s', async (sql) => {
  expect(await isRepeatableQuery(connection, sql)).toBe(true);
});

test.each([
  'SELECT a, random() AS r FROM rows',
  'SELECT * FROM drawn',
  'SELECT * FROM rows LIMIT 5',
  'SELECT * FROM rows ORDER BY a',
  'SELECT DISTINCT a FROM rows',
  'SELECT a, row_number() OVER () AS n FROM rows',
  'SELECT l.a FROM rows AS l JOIN rows AS r ON l.b = r.b',
  'SELECT a FROM rows UNION ALL SELECT a FROM rows',
  'SELECT a FROM rows TABLESAMPLE 10%',
  'SELECT a FROM rows WHERE a > (SELECT avg(a) FROM rows)',
  'SELECT b + 1 AS overflows FROM rows',
  'SELECT CAST(c AS DOUBLE) AS fails FROM rows',
  'SELECT now() AS t, a FROM rows',
  'SELECT * FROM range(10)',
  'VALUES (1), (2)',
  'SELECT 1',
  'not a query',
])('not %s', async (sql) => {
  expect(await isRepeatableQuery(connection, sql)).toBe(false);
});
