/** WITH lists around ML calls. */
import { expect, test } from 'vitest';
import { plain } from '../support/parser-fixture.ts';

/** The tables in scope of the n-th call, one text a list, outermost first. */
function scopesOf(script: string, index = 0): readonly string[] {
  return plain(script).fragment.islands[index]!.scopes.map(
    ({ isRecursive, span }) => `${isRecursive ? 'RECURSIVE ' : ''}${script.slice(span.start, span.end)}`,
  );
}

const call = 'ML.PREDICT(MODEL m, TABLE q)';

test.each([
  [`SELECT * FROM ${call}`, 0, []],
  [`WITH q AS (SELECT 1) SELECT * FROM ${call}`, 0, ['q AS (SELECT 1)']],
  [
    `with q (a, b) as not materialized (select (1)), r as (select 2) select * from ${call}`,
    0,
    ['q (a, b) as not materialized (select (1)), r as (select 2)'],
  ],
  [
    `WITH q AS (SELECT 1), p AS (SELECT * FROM ${call}), s AS (SELECT 2) SELECT * FROM ${call}`,
    0,
    ['q AS (SELECT 1)'],
  ],
  [
    `WITH q AS (SELECT 1), p AS (SELECT * FROM ${call}), s AS (SELECT 2) SELECT * FROM ${call}`,
    1,
    [`q AS (SELECT 1), p AS (SELECT * FROM ${call}), s AS (SELECT 2)`],
  ],
  [`WITH p AS (SELECT * FROM ${call}) SELECT 1`, 0, []],
  [`WITH RECURSIVE q AS (SELECT 1) SELECT * FROM ${call}`, 0, ['RECURSIVE q AS (SELECT 1)']],
  [`WITH recursive AS (SELECT 1) SELECT * FROM ${call}`, 0, ['recursive AS (SELECT 1)']],
  [
    `WITH a AS (SELECT 1) SELECT * FROM (WITH b AS (SELECT 2) SELECT * FROM ${call})`,
    0,
    ['a AS (SELECT 1)', 'b AS (SELECT 2)'],
  ],
  [`SELECT * FROM (WITH b AS (SELECT 2) SELECT 1) x, ${call}`, 0, []],
  [`CREATE TABLE t AS WITH q AS (SELECT 1) SELECT * FROM ${call}`, 0, ['q AS (SELECT 1)']],
  [`INSERT INTO t WITH "Q ""q" AS (SELECT ')') SELECT * FROM ${call}`, 0, [`"Q ""q" AS (SELECT ')')`]],
  [
    `WITH q AS (SELECT 1) SELECT * FROM unnest([1]) WITH ORDINALITY AS u(v, n), ${call}`,
    0,
    ['q AS (SELECT 1)'],
  ],
  [`SELECT CAST(x AS TIMESTAMP WITH TIME ZONE) FROM ${call}`, 0, []],
])('%s (%i)', (script, index, expected) => {
  expect(scopesOf(script, index)).toEqual(expected);
});
