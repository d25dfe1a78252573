/** Reading and writing rows, behind WITH as well. */
import { expect, test } from 'vitest';
import { classOf, failure } from '../support/parser-fixture.ts';

test.each([
  'SELECT 1',
  'values (1)',
  'FROM t',
  'TABLE t',
  '(SELECT 1)',
  'SUMMARIZE t',
  'DESCRIBE t',
  'PRAGMA version',
  'CALL f()',
  'EXPLAIN INSERT INTO t VALUES (1)',
  'EXPLAIN ANALYZE SELECT 1',
  'PIVOT t ON a',
  'WITH a AS (SELECT 1) SELECT * FROM a',
  'WITH RECURSIVE a(x, y) AS (SELECT 1) SELECT * FROM a',
  'WITH a AS (INSERT INTO t VALUES (1) RETURNING x) SELECT * FROM a',
  'WITH a AS MATERIALIZED (SELECT 1), b AS NOT MATERIALIZED (SELECT 2) FROM a',
  'WITH',
])('%s reads', (text) => {
  expect(classOf(text)).toEqual({ kind: 'read' });
});

test.each([
  ['INSERT INTO t VALUES (1)', 'insert', false],
  ['INSERT INTO t VALUES (1) RETURNING *', 'insert', true],
  ['INSERT INTO t SELECT returning FROM (SELECT 1 AS returning)', 'insert', true],
  ["INSERT INTO t VALUES ('RETURNING')", 'insert', false],
  ['INSERT INTO t SELECT t.returning FROM t', 'insert', false],
  ['UPDATE t SET a = (SELECT 1) returning a', 'update', true],
  ['DELETE FROM t', 'delete', false],
  ['MERGE INTO t USING u ON a = b WHEN MATCHED THEN DELETE', 'merge', false],
  ['WITH a AS (SELECT 1) INSERT INTO t SELECT * FROM a', 'insert', false],
  ['WITH a AS (SELECT 1), "b c"(x) AS (SELECT 2) UPDATE t SET x = 1 RETURNING x', 'update', true],
  ['WITH a AS (SELECT 1) DELETE FROM t USING a', 'delete', false],
  ['WITH RECURSIVE a AS (SELECT 1) SEARCH DEPTH FIRST BY x SET y DELETE FROM t', 'delete', false],
  ['WITH RECURSIVE a AS (SELECT 1) CYCLE x SET y USING z, b AS (SELECT 1) DELETE FROM t', 'delete', false],
])('%s', (text, kind, hasReturning) => {
  expect(classOf(text)).toEqual({ kind, hasReturning });
});

test('CREATE MODEL does not stand behind WITH, in any of its forms', () => {
  expect(failure('WITH a AS (SELECT 1) CREATE OR REPLACE TEMP MODEL m AS SELECT 1').at).toBe(
    'CREATE OR REPLACE TEMP MODEL m AS SELECT 1',
  );
});
