/** The tree operations of the plain kernel, by their definitions. */
import { describe, expect, test } from 'vitest';
import { Random } from '../../../src/core/index.ts';
import { scalarTreeOperations as kernel } from '../../../src/ml/kernel/scalar-tree-kernel.ts';

/** A set of bins as the kernel has it. */
function binSet(...bins: readonly number[]): Int32Array {
  const words = new Int32Array(8);
  for (const bin of bins) words[bin >>> 5] = words[bin >>> 5]! | (1 << (bin & 31));
  return words;
}

describe('binNumbers', () => {
  test('counts the thresholds below a value; NaN has the bin after the last', () => {
    const bins = new Uint8Array(2 * 7).fill(99);
    const numeric = Float64Array.of(0, -1, 0, 1, 0, 1.5, 0, 2, 0, 3, 0, NaN, 0, Infinity);
    kernel.binNumbers(numeric, 2, 1, Float64Array.of(1, 2), bins, 2, 0);
    expect([...bins].filter((_, index) => index % 2 === 0)).toEqual([0, 0, 1, 1, 2, 3, 2]);
    expect([...bins].filter((_, index) => index % 2 === 1)).toEqual([99, 99, 99, 99, 99, 99, 99]);
  });

  test('reaches the last of 256 bins', () => {
    const thresholds = Float64Array.from({ length: 254 }, (_, index) => index);
    const bins = new Uint8Array(3);
    kernel.binNumbers(Float64Array.of(253, 254, NaN), 1, 0, thresholds, bins, 1, 0);
    expect([...bins]).toEqual([253, 254, 255]);
  });
});

describe('histograms', () => {
  const bins = Uint8Array.of(0, 1, 1, 0, 0, 0);
  const binStart = Int32Array.of(0, 2, 4);

  test('of gradients add the chosen rows only, at the offset', () => {
    const histogram = new Float64Array(2 + 12);
    const gradient = Float64Array.of(1, 10, 2, 20, 4, 40);
    kernel.gradientHistogram(bins, Int32Array.of(2, 0, 1), 1, 3, gradient, binStart, histogram, 2);
    expect([...histogram]).toEqual([0, 0, 1, 10, 1, 2, 20, 1, 2, 20, 1, 1, 10, 1]);
  });

  test('of classes add weights by class, and rows', () => {
    const histogram = new Float64Array(12);
    const label = Float64Array.of(0, 1, 1);
    const weight = Float64Array.of(0.5, 2, 4);
    kernel.classHistogram(bins, Int32Array.of(0, 1, 2), 0, 3, label, weight, 2, binStart, histogram, 0);
    expect([...histogram]).toEqual([0.5, 4, 2, 0, 2, 1, 0, 6, 2, 0.5, 0, 1]);
  });
});

describe('partitionRows', () => {
  test('keeps the order on both sides, and touches its range only', () => {
    const random = new Random(1);
    for (let round = 0; round < 50; round++) {
      const count = random.below(40);
      const bins = Uint8Array.from({ length: 3 * (count + 2) }, () => random.below(256));
      const order = Int32Array.from({ length: count + 2 }, (_, index) => count + 1 - index);
      const set = binSet(...Array.from({ length: 128 }, () => random.below(256)));
      const isLeft = (row: number): boolean => {
        const bin = bins[row * 3 + 1]!;
        return ((set[bin >>> 5]! >>> (bin & 31)) & 1) === 1;
      };
      const inner = [...order.subarray(1, count + 1)];
      const left = inner.filter(isLeft);
      const expected = [order[0], ...left, ...inner.filter((row) => !isLeft(row)), order[count + 1]];
      const sets = Int32Array.from([...binSet(), ...set]);
      const moved = kernel.partitionRows(bins, 3, order, 1, count + 1, 1, sets, 8, new Int32Array(count + 2));
      expect(moved).toBe(left.length);
      expect([...order]).toEqual(expected);
    }
  });
});

describe('addLeafValues', () => {
  test('walks each row to its leaf', () => {
    // Root: bin of column 1 in {255} goes left, to a leaf; else column 0 in {0}.
    const tree = {
      column: Int32Array.of(1, -1, 0, -1, -1),
      left: Int32Array.of(1, -1, 3, -1, -1),
      binSets: Int32Array.from([...binSet(255), ...binSet(), ...binSet(0), ...binSet(), ...binSet()]),
      value: Float64Array.of(0, 1, 0, 10, 100),
    };
    const margin = Float64Array.of(0.5, 0.5, 0.5);
    kernel.addLeafValues(Uint8Array.of(0, 255, 0, 254, 1, 0), 2, tree, margin);
    expect([...margin]).toEqual([1.5, 10.5, 100.5]);
  });
});
