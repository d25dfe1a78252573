/** The normal tail against Abramowitz and Stegun's tables and published constants. */
import { expect, test } from 'vitest';
import { complementaryError, normalTwoSided } from '../../../src/ml/linear/normal-tail.ts';

test.each([
  [0, 1],
  [0.5, 0.4795001221869535],
  [1, 0.15729920705028513],
  [1.999, 0.0046984],
  [2, 0.004677734981047266],
  [3, 2.209049699858544e-5],
  [5, 1.5374597944280349e-12],
  [10, 2.088487583762545e-45],
])('erfc(%d)', (x, expected) => {
  const tolerance = x === 1.999 ? 1e-4 : 1e-13;
  expect(Math.abs(complementaryError(x) / expected - 1)).toBeLessThan(tolerance);
});

test('the two-sided tail at 1.959963984540054 is 5 %, and NaN stays NaN', () => {
  expect(normalTwoSided(1.959963984540054)).toBeCloseTo(0.05, 14);
  expect(normalTwoSided(-1.959963984540054)).toBeCloseTo(0.05, 14);
  expect(normalTwoSided(Number.NaN)).toBeNaN();
  expect(normalTwoSided(Infinity)).toBe(0);
});
