/** Constants are folded to numbers; text that would take the other parser long is left alone. */
import { expect, test } from 'vitest';
import { foldedNumber } from '../../src/parser/expression.ts';

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

test('text that would take the other parser long is not tried', () => {
  const start = performance.now();
  expect(foldedNumber(`${'CAST('.repeat(8)}1 1${' AS INT64)'.repeat(8)}`)).toBeUndefined();
  expect(foldedNumber(`${'('.repeat(30)}1${')'.repeat(30)}`)).toBeUndefined();
  expect(foldedNumber(`${'1+'.repeat(2_000)}1`)).toBeUndefined();
  expect(performance.now() - start).toBeLessThan(100);
  expect(foldedNumber(`${'('.repeat(8)}1 + 1${')'.repeat(8)}`)).toBe(2);
});
