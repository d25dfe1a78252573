/** DuckDB's type texts as PostgreSQL's. */
import { expect, test } from 'vitest';
import { columnType } from '../../../src/database/postgres-catalog/column-type.ts';

test.each([
  ['TINYINT', 'smallint'],
  ['USMALLINT', 'integer'],
  ['UINTEGER', 'bigint'],
  ['UBIGINT', 'numeric(20,0)'],
  ['HUGEINT', 'numeric(38,0)'],
  ['DOUBLE', 'double precision'],
  ['DECIMAL(10,2)', 'numeric(10,2)'],
  ['DECIMAL(10,2)[]', 'numeric(10,2)[]'],
  ['VARCHAR[][]', 'text[]'],
  ['INTEGER[3]', 'integer[]'],
  ['STRUCT(a INTEGER, "B c" VARCHAR[])', 'json'],
  ['STRUCT(a INTEGER)[]', 'json[]'],
  ['MAP(VARCHAR, INTEGER)', 'json'],
  ['UNION(x INTEGER, y VARCHAR)', 'json'],
  ["ENUM('a', 'b[]')", 'text'],
  ['BLOB', 'bytea'],
  ['TIMESTAMP_NS', 'timestamp without time zone'],
  ['TIMESTAMP WITH TIME ZONE', 'timestamp with time zone'],
  ['GEOMETRY', 'text'],
])('%s is %s', (duckdb, postgres) => {
  expect(columnType(duckdb)).toBe(postgres);
});
