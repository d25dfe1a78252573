/** CREATE, DROP, ALTER. */
import { expect, test } from 'vitest';
import { classOf, plain } from '../support/parser-fixture.ts';

const absent = { isCreateAs: false, orReplace: false, ifExists: false };

test.each([
  ['CREATE TABLE t (a int)', { object: 'table', name: { parts: ['t'] } }],
  ['CREATE TABLE s.t AS SELECT 1', { object: 'table', name: { parts: ['s', 't'] }, isCreateAs: true }],
  ['CREATE TABLE t (a int GENERATED ALWAYS AS (1))', { object: 'table', name: { parts: ['t'] } }],
  [
    'CREATE OR REPLACE TEMP TABLE IF NOT EXISTS "T" AS (SELECT 1)',
    {
      object: 'table',
      name: { parts: ['T'] },
      isCreateAs: true,
      orReplace: true,
      ifExists: true,
      isTemporary: true,
    },
  ],
  ['CREATE UNIQUE INDEX i ON t(a)', { object: 'index', name: { parts: ['i'] } }],
  ['CREATE INDEX ON t(a)', { object: 'index' }],
  [
    'CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON t(a)',
    { object: 'index', name: { parts: ['i'] }, ifExists: true },
  ],
  ['CREATE SCHEMA IF NOT EXISTS s', { object: 'schema', name: { parts: ['s'] }, ifExists: true }],
  ['CREATE SEQUENCE q', { object: 'sequence', name: { parts: ['q'] } }],
  ['CREATE MACRO f(a) AS a + 1', { object: 'macro', name: { parts: ['f'] } }],
  ['CREATE FUNCTION a.b.c.d() AS 1', { object: 'function' }],
  ['CREATE', { object: '' }],
])('%s', (text, expected) => {
  expect(classOf(text)).toEqual({ kind: 'create', ...absent, ...expected });
});

test.each([
  ['CREATE VIEW v AS SELECT 1', 'view', false],
  ['CREATE OR REPLACE TEMP VIEW v (a, b) AS SELECT 1', 'view', false],
  ['CREATE MATERIALIZED VIEW v AS SELECT 1', 'materialized view', true],
])('%s', (text, object, isCreateAs) => {
  const created = plain(text).class;
  if (created.kind !== 'create') throw new TypeError(created.kind);
  expect([created.object, created.isCreateAs, created.name?.parts]).toEqual([object, isCreateAs, ['v']]);
  expect(text.slice(created.viewQuery!.start, created.viewQuery!.end)).toBe('SELECT 1');
});

test.each([
  [
    'DROP TABLE IF EXISTS s.t CASCADE',
    { kind: 'drop', object: 'table', name: { parts: ['s', 't'] }, ifExists: true },
  ],
  ['DROP VIEW v, w', { kind: 'drop', object: 'view', name: { parts: ['v'] } }],
  ['DROP MATERIALIZED VIEW v', { kind: 'drop', object: 'materialized view', name: { parts: ['v'] } }],
  ['DROP OWNED BY x', { kind: 'drop', object: 'owned', name: { parts: ['BY'] } }],
  ['ALTER TABLE t ADD COLUMN a int', { kind: 'alter', object: 'table', name: { parts: ['t'] } }],
  [
    'ALTER TABLE IF EXISTS ONLY s.t RENAME TO u',
    { kind: 'alter', object: 'table', name: { parts: ['s', 't'] }, ifExists: true, renameTo: 'u' },
  ],
  ['ALTER TABLE t RENAME COLUMN a TO b', { kind: 'alter', object: 'table', name: { parts: ['t'] } }],
  [
    'ALTER VIEW v RENAME TO "W w"',
    { kind: 'alter', object: 'view', name: { parts: ['v'] }, renameTo: 'W w' },
  ],
])('%s', (text, expected) => {
  expect(classOf(text)).toEqual({ ...absent, ...expected });
});

test('the name has its place', () => {
  const text = 'DROP TABLE s . t';
  const dropped = plain(text).class;
  if (dropped.kind !== 'drop') throw new TypeError(dropped.kind);
  expect(text.slice(dropped.name!.span.start, dropped.name!.span.end)).toBe('s . t');
});
