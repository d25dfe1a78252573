/** The tree operations of the plain kernel, by their definitions. */
import { describe, expect, test } from 'vitest';
import { Random } from '../../../src/core/index.ts';
import { fixedPoint } from '../../../src/ml/kernel/fixed-point.ts';
import { scalarTreeOperations as kernel } from '../../../src/ml/kernel/scalar-tree-kernel.ts';

/** A set of bins as the kernel has it. */
function binSet(...bins: readonly number[]): Int32Array {
  const words = new Int32Array(8);
  for (const bin of bins) words[bin >>> 5] = words[bin >>> 5]! | (1 << (bin & 31));
  return words;
}

describe('binNumbers', () => {
  test('counts the thresholds below a value; NaN has the bin after the last', () => {
    const bins = new Uint8Array(7).fill(99);
    const numeric = Float64Array.of(0, -1, 0, 1, 0, 1.5, 0, 2, 0, 3, 0, NaN, 0, Infinity);
    kernel.binNumbers(numeric, 2, 1, Float64Array.of(1, 2), bins);
    expect([...bins]).toEqual([0, 0, 1, 1, 2, 3, 2]);
  });

  test('reaches the last of 256 bins', () => {
    const thresholds = Float64Array.from({ length: 254 }, (_, index) => index);
    const bins = new Uint8Array(3);
    kernel.binNumbers(Float64Array.of(253, 254, NaN), 1, 0, thresholds, bins);
    expect([...bins]).toEqual([253, 254, 255]);
  });
});

test('binRows turns columns into rows', () => {
  const rows = new Uint8Array(6);
  kernel.binRows(Uint8Array.of(1, 2, 3, 4, 5, 6), 2, rows);
  expect([...rows]).toEqual([1, 4, 2, 5, 3, 6]);
});

describe('histograms', () => {
  const bins = Uint8Array.of(0, 1, 1, 0, 0, 0);
  const binStart = Int32Array.of(0, 2, 4);

  test('of gradients add the chosen rows only, at the offset', () => {
    const histogram = new Float64Array(2 + 12);
    const facts = Float64Array.of(1, 10, 2, 20, 4, 40);
    const order = Int32Array.of(2, 0, 1);
    const runs = [
      { bins, order, start: 1, end: 2, facts },
      { bins, order, start: 2, end: 3, facts },
    ];
    kernel.gradientHistogram(runs, binStart, fixedPoint(3, 7, 70), histogram, 2);
    expect([...histogram]).toEqual([0, 0, 1, 10, 1, 2, 20, 1, 2, 20, 1, 1, 10, 1]);
  });

  test('of classes add weights by class, and rows', () => {
    const histogram = new Float64Array(12);
    const facts = Float64Array.of(0, 0.5, 1, 2, 1, 4);
    const run = { bins, order: Int32Array.of(0, 1, 2), start: 0, end: 3, facts };
    kernel.classHistogram([run], 2, binStart, histogram, 0);
    expect([...histogram]).toEqual([0.5, 4, 2, 0, 2, 1, 0, 6, 2, 0.5, 0, 1]);
  });
});

describe('partitionRows', () => {
  test('keeps the order on both sides, and touches its range only', () => {
    const random = new Random(1);
    for (let round = 0; round < 50; round++) {
      const count = random.below(40);
      const bins = Uint8Array.from({ length: count + 2 }, () => random.below(256));
      const order = Int32Array.from({ length: count + 2 }, (_, index) => count + 1 - index);
      const set = binSet(...Array.from({ length: 128 }, () => random.below(256)));
      const isLeft = (row: number): boolean => {
        const bin = bins[row]!;
        return ((set[bin >>> 5]! >>> (bin & 31)) & 1) === 1;
      };
      const inner = [...order.subarray(1, count + 1)];
      const left = inner.filter(isLeft);
      const expected = [order[0], ...left, ...inner.filter((row) => !isLeft(row)), order[count + 1]];
      const sets = Int32Array.from([...binSet(), ...set]);
      const moved = kernel.partitionRows(bins, order, 1, count + 1, sets, 8);
      expect(moved).toBe(left.length);
      expect([...order]).toEqual(expected);
    }
  });
});

describe('logisticGradients', () => {
  const margin = Float64Array.of(-800, -2, 0, 0.5, 40);
  const label = Float64Array.of(0, 1, 1, 0, 1);
  const base = 0.25;
  const expectedAt = (row: number): { p: number; loss: number } => {
    const p = 1 / (1 + Math.exp(-(margin[row]! + base)));
    return { p, loss: -Math.log(label[row] === 1 ? p : 1 - p) };
  };

  test.each([
    ['weights of one', [1, 1, 1, 1, 1]],
    ['other weights', [2, 0.5, 0, 1, 3]],
  ])('are the derivatives, and the loss their sum: %s', (_, weights) => {
    const weight = Float64Array.from(weights);
    const gradient = new Float64Array(10);
    const units = fixedPoint(5, 10, 3);
    const loss = kernel.logisticGradients({ label, weight, margin, gradient }, base, units);
    const rows = [0, 1, 2, 3, 4];
    expect(loss).toBeCloseTo(
      rows.reduce((sum, row) => sum + weights[row]! * expectedAt(row).loss, 0),
      12,
    );
    for (const row of rows) {
      const { p } = expectedAt(row);
      expect(gradient[2 * row]).toBeCloseTo(weights[row]! * (p - label[row]!), 13);
      expect(gradient[2 * row + 1]).toBeCloseTo(weights[row]! * p * (1 - p), 13);
      expect(Number.isInteger(gradient[2 * row]! * units.gradientScale)).toBe(true);
      expect(Number.isInteger(gradient[2 * row + 1]! * units.hessianScale)).toBe(true);
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
      depth: 2,
    };
    const margin = Float64Array.of(0.5, 0.5, 0.5);
    kernel.addLeafValues(Uint8Array.of(0, 255, 0, 254, 1, 0), 2, tree, margin);
    expect([...margin]).toEqual([1.5, 10.5, 100.5]);
  });
});
