/** Constants are folded, aggregates found, and text that would take the other parser long is left alone. */
import { expect, test } from 'vitest';
import { aggregateIn, expressionTree, foldedNumber } from '../../src/parser/expression.ts';

test.each<[string, number | undefined]>([
  ['1 + 2 * 3', 7],
  ['-(1 - 2.5)', 1.5],
  ['1e-3 * 2', 0.002],
  ['- - 4', 4],
  ['CAST(2.5 AS INT64)', 3],
  ['CAST(-2.5 AS INT64)', -3],
  ['cast(1 as float64) / 4', 0.25],
  ['1 / 0', undefined],
  ['1 +', undefined],
  ['a + 1', undefined],
  ["'1'", undefined],
])('%s', (text, value) => {
  expect(foldedNumber(text)).toBe(value);
});

test.each<[string, string | undefined]>([
  ['sum(a) / 2', 'SUM'],
  ['if(a > 1, max(b), 0)', 'MAX'],
  ['a + 1', undefined],
  ['ML.STANDARD_SCALER(a) OVER ()', undefined],
  ['a b c d', undefined],
])('aggregate in %s', (text, name) => {
  expect(aggregateIn(text)).toBe(name);
});

test('deep or long text is not tried', () => {
  expect(expressionTree('[1]')?.type).toBe('array');
  const start = performance.now();
  expect(expressionTree(`${'['.repeat(30)}1${']'.repeat(30)}`)).toBeUndefined();
  expect(expressionTree(`${'('.repeat(30)}1`)).toBeUndefined();
  expect(expressionTree('1+'.repeat(2_000))).toBeUndefined();
  expect(performance.now() - start).toBeLessThan(50);
});
