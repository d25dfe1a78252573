/** Linear kernels against the same sums over the dense matrix that a layout stands for. */
import { expect, test } from 'vitest';
import { Random } from '../../../src/core/index.ts';
import { scalarLinearOperations as kernel } from '../../../src/ml/kernel/scalar-linear-kernel.ts';

const random = new Random(3);
const rowCount = 50;
const numericWidth = 3;
const cardinalities = [4, 2];
const width = numericWidth + 6;
const offsets = Int32Array.of(3, 7);
const draw = (count: number): Float64Array => Float64Array.from({ length: count }, () => random.normal());
const numeric = draw(rowCount * numericWidth);
const codes = Int32Array.from(
  { length: rowCount * 2 },
  (_, place) => random.below(cardinalities[place % 2]! + 1) - 1,
);
const rows = { numeric, numericWidth, codes, offsets };

/** Row as the encoded columns and a 1. */
function dense(row: number): number[] {
  const columns = new Array<number>(width + 1).fill(0);
  for (let column = 0; column < numericWidth; column++)
    columns[column] = numeric[row * numericWidth + column]!;
  for (let block = 0; block < 2; block++) {
    const code = codes[row * 2 + block]!;
    if (code >= 0) columns[offsets[block]! + code] = 1;
  }
  columns[width] = 1;
  return columns;
}

const close = (actual: Float64Array, expected: readonly number[]): void =>
  expect([...actual]).toEqual(expected.map((value) => expect.closeTo(value, 10)));

test('margins', () => {
  const coefficients = draw(2 * (width + 1));
  const margins = new Float64Array(20 * 2);
  kernel.linearMargins(rows, 7, 20, coefficients, width + 1, 2, margins);
  const expected = Array.from({ length: 40 }, (_, place) =>
    dense(7 + Math.floor(place / 2)).reduce(
      (sum, x, column) => sum + x * coefficients[(place % 2) * (width + 1) + column]!,
      0,
    ),
  );
  close(margins, expected);
});

test('gradient', () => {
  const multipliers = draw(20 * 2);
  const gradient = new Float64Array(2 * (width + 1)).fill(0.5);
  kernel.addLinearGradient(rows, 7, 20, multipliers, width + 1, 2, gradient);
  const expected = Array.from({ length: gradient.length }, (_, place) => {
    const output = Math.floor(place / (width + 1));
    let sum = 0.5;
    for (let row = 0; row < 20; row++)
      sum += multipliers[row * 2 + output]! * dense(7 + row)[place % (width + 1)]!;
    return sum;
  });
  close(gradient, expected);
});

test('Gram matrix and moment', () => {
  const size = width + 1;
  const shift = Float64Array.of(0.5, -1, 2);
  const weight = draw(20).map(Math.abs);
  const target = draw(20);
  const gram = new Float64Array((size * (size + 1)) / 2);
  const moment = new Float64Array(size);
  kernel.addGram(rows, 7, 20, shift, weight, target, gram, moment, new Float64Array(numericWidth));
  const shifted = Array.from({ length: 20 }, (_, row) => {
    const columns = dense(7 + row);
    return [1, ...columns.slice(0, width).map((x, column) => x - (shift[column] ?? 0))];
  });
  const expected: number[] = [];
  for (let left = 0; left < size; left++) {
    for (let right = 0; right <= left; right++) {
      expected.push(shifted.reduce((sum, z, row) => sum + weight[row]! * z[left]! * z[right]!, 0));
    }
  }
  close(gram, expected);
  close(
    moment,
    Array.from({ length: size }, (_, column) =>
      shifted.reduce((sum, z, row) => sum + weight[row]! * target[row]! * z[column]!, 0),
    ),
  );
});

test('losses of margins far out are finite and right', () => {
  const weight = Float64Array.of(1, 1, 1, 1);
  const label = Float64Array.of(0, 1, 1, 0);
  const margins = Float64Array.of(800, 800, -800, -800);
  expect(kernel.logisticMultipliers(margins, 0, 4, label, weight)).toBe(1600);
  expect([...margins]).toEqual([1, expect.closeTo(0, 300), -1, expect.closeTo(0, 300)]);
  const many = Float64Array.of(1000, 0, -1000);
  expect(kernel.softmaxMultipliers(many, 0, 1, 3, Float64Array.of(2), weight)).toBe(2000);
  expect([...many]).toEqual([1, 0, -1]);
});

test('moments skip NaN', () => {
  const moments = new Float64Array(10);
  kernel.columnMoments(Float64Array.of(1, 9, NaN, 9, 4, NaN, 7, 9), 2, 4, moments);
  expect([...moments]).toEqual([3, 4, 18, 1, 7, 3, 9, 0, 9, 9]);
});
