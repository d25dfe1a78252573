/** Which statements the mirrored catalogue answers. */
import { beforeAll, describe, expect, test } from 'vitest';
import {
  loadStatementParser,
  routeStatement,
} from '../../../src/database/postgres-catalog/statement-route.ts';

beforeAll(loadStatementParser);

describe('the catalogue answers', () => {
  test.each([
    'SELECT relname FROM pg_catalog.pg_class',
    'select * from pg_type where typname = $1',
    'SELECT table_name FROM information_schema.tables',
    'select * from INFORMATION_SCHEMA.COLUMNS',
    'WITH t AS (SELECT oid FROM pg_class) SELECT * FROM t',
    'WITH pg_class AS (SELECT oid FROM pg_type) SELECT * FROM pg_class JOIN pg_catalog.pg_am c USING (oid)',
    'SELECT a FROM pg_attribute a UNION ALL SELECT NULL',
    'SELECT my_own_function(relname) FROM pg_class',
    'select version()',
    'SELECT pg_catalog.version(), upper(current_schema())',
    'select current_schema',
    'SELECT current_user, session_user, current_database()',
    "SELECT current_setting('server_version_num')::int",
    "select 'sales.ord'::regclass::oid",
    "select to_regclass('x')",
    "SELECT has_table_privilege('x', 'SELECT')",
    'SELECT * FROM unnest(current_schemas(true))',
    'VALUES (pg_backend_pid())',
    'SELECT pg_is_in_recovery();',
    '/* tool */ SELECT 1 FROM pg_namespace -- trailing',
  ])('%s', (sql) => {
    expect(routeStatement(sql)).toBe('catalog');
  });
});

describe('the database answers', () => {
  test.each([
    'SELECT 1',
    'SELECT version FROM releases',
    'SELECT * FROM customers',
    'SELECT * FROM customers c JOIN pg_class p ON p.relname = c.name',
    'SELECT * FROM customers WHERE name IN (SELECT relname FROM pg_class)',
    'SELECT (SELECT count(*) FROM customers) FROM pg_class',
    'WITH pg_class AS (SELECT 1) SELECT * FROM pg_class',
    'WITH t AS (SELECT * FROM customers) SELECT * FROM t, pg_class',
    'SELECT * FROM pg_sales',
    'SELECT * FROM other.pg_class',
    'SELECT * FROM duckdb_tables()',
    "SELECT * FROM pragma_table_info('pg_class')",
    'SELECT version(), list_sum(list_value(1))',
    'SELECT list_sum([1, 2]) FROM pg_class',
    'FROM pg_class',
    "SELECT pg_catalog.set_config('search_path', '', false)",
    'SELECT pg_sleep(1)',
    'SELECT pg_terminate_backend(pid) FROM pg_stat_activity',
    "SELECT nextval('s'), current_user",
    'SELECT pg_advisory_lock(1)',
    'SELECT * FROM pg_class FOR UPDATE',
    'SELECT * INTO t FROM pg_class',
    'WITH d AS (DELETE FROM customers RETURNING 1) SELECT * FROM d, pg_class',
    'CREATE TABLE t AS SELECT * FROM pg_class',
    'INSERT INTO t SELECT relname FROM pg_class',
    'EXPLAIN SELECT * FROM pg_class',
    'SELECT 1 FROM pg_class; SELECT 2',
    'SHOW server_version',
    "SELECT 'pg_class'",
    'SELECT current_date, now()',
    'SELECT * FROM ML.PREDICT(MODEL pg_model, (SELECT 1))',
    '',
  ])('%s', (sql) => {
    expect(routeStatement(sql)).toBe('database');
  });
});

test('ordinary statements are not parsed', () => {
  const sql = `SELECT ${Array.from({ length: 200 }, (_, index) => `c${index}`).join(', ')} FROM customers`;
  const start = performance.now();
  for (let count = 0; count < 1_000; count++) routeStatement(sql);
  expect(performance.now() - start).toBeLessThan(1_000);
});

test('statements so deep that the parser would never return are not parsed', () => {
  const deep = [
    `SELECT version(), ${'abs('.repeat(20_000)}1${')'.repeat(20_000)}`,
    `SELECT version(), 1${'+1'.repeat(20_000)}`,
    `SELECT version(), ${'NOT '.repeat(20_000)}true`,
    `SELECT version() ${'UNION SELECT version() '.repeat(20_000)}`,
  ];
  for (const sql of deep) {
    for (let count = 0; count < 3; count++) expect(routeStatement(sql)).toBe('database');
  }
  expect(routeStatement(`SELECT version(), 1${'+1'.repeat(1_900)}`)).toBe('catalog');
});
