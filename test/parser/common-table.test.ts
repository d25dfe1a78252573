/** Which common tables a call may name: those of the WITH lists around it that are complete before it. */
import { expect, test } from 'vitest';
import { plain } from '../support/parser-fixture.ts';

/** The scopes of each call, as text. */
function scopes(text: string): string[][] {
  return plain(text).fragment.islands.map((island) =>
    island.scopes.map(
      ({ span, isRecursive }) => `${isRecursive ? 'R ' : ''}${text.slice(span.start, span.end)}`,
    ),
  );
}

test.each<[string, string[][]]>([
  ['SELECT * FROM ML.X(TABLE t)', [[]]],
  ['WITH a AS (SELECT 1) SELECT * FROM ML.X(TABLE a)', [['a AS (SELECT 1)']]],
  [
    'WITH a AS (SELECT 1), b(x) AS NOT MATERIALIZED (SELECT 2) FROM ML.X(TABLE b)',
    [['a AS (SELECT 1), b(x) AS NOT MATERIALIZED (SELECT 2)']],
  ],
  ['WITH RECURSIVE a AS (SELECT 1) FROM ML.X(TABLE a)', [['R a AS (SELECT 1)']]],
  [
    'WITH a AS (SELECT 1), b AS (FROM ML.X(TABLE a)), c AS (SELECT 3) FROM ML.Y(TABLE c)',
    [['a AS (SELECT 1)'], ['a AS (SELECT 1), b AS (FROM ML.X(TABLE a)), c AS (SELECT 3)']],
  ],
  ['WITH a AS (FROM ML.X(TABLE t)) SELECT 1', [[]]],
  [
    'WITH a AS (SELECT 1) SELECT * FROM (WITH b AS (SELECT 2) FROM ML.X(TABLE b)), ML.Y(TABLE a)',
    [['a AS (SELECT 1)', 'b AS (SELECT 2)'], ['a AS (SELECT 1)']],
  ],
  ['SELECT * FROM (WITH b AS (SELECT 2) FROM b), ML.Y(TABLE a)', [[]]],
  ['SELECT * FROM unnest([1]) WITH ORDINALITY, ML.X(TABLE t)', [[]]],
  ['WITH a AS (SELECT 1) SELECT f(x), (1) FROM ML.X(TABLE a)', [['a AS (SELECT 1)']]],
])('%s', (text, expected) => {
  expect(scopes(text)).toEqual(expected);
});

test('many calls behind a long list are read in linear time', () => {
  const tables = Array.from(
    { length: 4_000 },
    (_, index) => `t${index} AS (FROM ML.X(TABLE u), ML.Y(TABLE u))`,
  );
  const start = performance.now();
  const { islands } = plain(`WITH ${tables.join(', ')} SELECT 1`).fragment;
  expect(islands).toHaveLength(8_000);
  expect(islands[7_999]!.scopes[0]!.span.end).toBeGreaterThan(100_000);
  expect(performance.now() - start).toBeLessThan(3_000);
});
