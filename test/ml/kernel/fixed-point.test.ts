/** Rounded addends have the same sum in whatever order they are added. */
import { expect, test } from 'vitest';
import { Random } from '../../../src/core/index.ts';
import { exponential } from '../../../src/ml/kernel/exponential.ts';
import { fixedPoint, roundTo } from '../../../src/ml/kernel/fixed-point.ts';

test.each([1e-200, 1, 3e17])('sums of rounded numbers of size %d do not depend on their order', (size) => {
  const random = new Random(3);
  const values = Float64Array.from({ length: 10_000 }, () => size * random.normal());
  const bound = values.reduce((sum, value) => sum + Math.abs(value), 0);
  const { gradientScale } = fixedPoint(values.length, bound, 1);
  const rounded = values.map((value) => roundTo(value, gradientScale));
  const forward = rounded.reduce((sum, value) => sum + value, 0);
  expect(rounded.toReversed().reduce((sum, value) => sum + value, 0)).toBe(forward);
  expect(rounded.toSorted().reduce((sum, value) => sum + value, 0)).toBe(forward);
  expect(Math.abs(rounded[7]! - values[7]!)).toBeLessThanOrEqual(bound * 2 ** -50);
});

test('hessians leave room for the count of rows in 64 bits', () => {
  for (const rowCount of [1, 2, 1000, 2 ** 20, 2 ** 31]) {
    const { hessianScale, countBits } = fixedPoint(rowCount, 1, rowCount);
    expect(rowCount).toBeLessThan(2 ** countBits);
    expect(rowCount * hessianScale * 2 ** countBits).toBeLessThanOrEqual(2 ** 62);
  }
});

test.each([0, Infinity, Number.NaN])('a bound of %d makes usable units', (bound) => {
  const { gradientScale } = fixedPoint(10, bound, bound);
  expect(gradientScale).toBeGreaterThan(0);
  expect(Number.isFinite(1 / gradientScale)).toBe(true);
});

test('exponential is exp below zero, to the last places', () => {
  for (let value = 0; value > -699; value -= 0.37) {
    expect(Math.abs(exponential(value) / Math.exp(value) - 1)).toBeLessThan(6e-16);
  }
  expect(exponential(0)).toBe(1);
  expect(exponential(-Infinity)).toBe(exponential(-700));
  expect(exponential(Number.NaN)).toBeNaN();
});

test('with bounds of a row, each is a whole number of 32 bits', () => {
  const units = fixedPoint(10, 30, 10, { gradient: 3, hessian: 1 });
  expect(3 * units.gradientScale).toBeLessThan(2 ** 31);
  expect(3 * units.gradientScale).toBeGreaterThan(2 ** 28);
  expect(units.hessianScale).toBe(2 ** 30);
  expect(fixedPoint(10, 30, 10, { gradient: 0, hessian: 0 })).toEqual(fixedPoint(10, 30, 10));
});
