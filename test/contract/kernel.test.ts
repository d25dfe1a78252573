/** Every operation of the compiled kernel gives the bits of its plain twin; and it is the one that threads use. */
import { describe, expect, test } from 'vitest';
import type { Random } from '../../src/core/index.ts';
import { expectSameBits, kernelPair, type KernelPair } from './kernel-pair.ts';
import { fixedPoint } from '../../src/ml/kernel/fixed-point.ts';

const sizes = [0, 1, 2, 3, 4, 5, 7, 8, 63, 64, 511, 512, 513, 1025];
const widths = [1, 2, 3, 4, 7, 8, 12, 28, 31, 64, 65, 130];

/** Ordinary and extraordinary numbers. */
function numbers(random: Random, length: number, odd: readonly number[]): Float64Array {
  return Float64Array.from({ length }, () =>
    odd.length > 0 && random.uniform() < 0.1 ? odd[random.below(odd.length)]! : 4 * random.normal(),
  );
}

const extremes = [NaN, Infinity, -Infinity, 0, -0, 1e300, -1e300, 5e-324];

test('sortColumn', () => {
  /** Numbers that differ in their last bits only. */
  const close = Array.from({ length: 200 }, (_, index) => 1 + ((index * 37) % 200) * 2 ** -50);
  const { plain, compiled, random, inMemory } = kernelPair(9);
  for (const rowCount of sizes) {
    for (const odd of [[], [0, -0, 1, 2], extremes, close]) {
      const drawn = numbers(random, 3 * rowCount, odd);
      if (odd === close)
        for (let row = 0; row < rowCount; row++) drawn[3 * row + 2] = close[random.below(200)]!;
      const numeric = inMemory(drawn);
      const weight = inMemory(Float64Array.from({ length: rowCount }, () => Math.min(1, random.below(5))));
      const expected = new Float64Array(2 * rowCount);
      const values = inMemory(new Float64Array(2 * rowCount));
      const count = plain.sortColumn(numeric, 3, 2, weight, expected);
      expect(compiled.sortColumn(numeric, 3, 2, weight, values)).toBe(count);
      expectSameBits(values.subarray(0, count), expected.subarray(0, count));
    }
  }
});

describe('binNumbers', () => {
  test.each([0, 1, 2, 127, 128, 254])('with %i thresholds', (count) => {
    const { plain, compiled, random, inMemory } = kernelPair(1);
    for (const rowCount of sizes) {
      const numeric = inMemory(numbers(random, 3 * rowCount, extremes));
      const thresholds = numbers(random, count, [0, 1e300]).sort();
      const expected = new Uint8Array(rowCount);
      const bins = inMemory(new Uint8Array(rowCount));
      plain.binNumbers(numeric, 3, 1, thresholds, expected);
      compiled.binNumbers(numeric, 3, 1, thresholds, bins);
      expectSameBits(bins, expected);
    }
  });
});

test('binRows', () => {
  const { plain, compiled, random, inMemory } = kernelPair(2);
  for (const rowCount of sizes) {
    for (const width of widths) {
      const columns = inMemory(Uint8Array.from({ length: rowCount * width }, () => random.below(256)));
      const expected = new Uint8Array(rowCount * width);
      const rows = inMemory(new Uint8Array(rowCount * width));
      plain.binRows(columns, width, expected);
      compiled.binRows(columns, width, rows);
      expectSameBits(rows, expected);
    }
  }
});

/** Rows that a tree drew, in two runs with something between them. */
function drawnRows(
  pair: KernelPair,
  rowCount: number,
  width: number,
  facts: Float64Array,
): Parameters<KernelPair['plain']['gradientHistogram']>[0] {
  const { random, inMemory } = pair;
  const bins = inMemory(
    Uint8Array.from({ length: rowCount * width }, () => (random.uniform() < 0.2 ? 255 : random.below(256))),
  );
  const order = inMemory(Int32Array.from({ length: rowCount }, () => random.below(Math.max(1, rowCount))));
  const middle = Math.floor(rowCount / 3);
  const run = { bins, order, facts: inMemory(facts) };
  return [
    { ...run, start: 0, end: middle },
    { ...run, start: Math.min(rowCount, middle + 1), end: rowCount },
  ];
}

describe('gradientHistogram', () => {
  test.each(widths)('of %i columns', (width) => {
    const pair = kernelPair(width);
    for (const rowCount of sizes) {
      const units = fixedPoint(rowCount, 3 * rowCount, rowCount);
      const facts = Float64Array.from({ length: 2 * rowCount }, (_, index) =>
        index % 2 === 0
          ? Math.round(pair.random.normal() * 1e6) / units.gradientScale
          : Math.round(pair.random.uniform() * 1e6) / units.hessianScale,
      );
      const runs = drawnRows(pair, rowCount, width, facts);
      const binStart = Int32Array.from({ length: width + 1 }, (_, column) => 256 * column);
      const expected = new Float64Array(2 + 3 * 256 * width);
      const histogram = expected.slice();
      pair.plain.gradientHistogram(runs, binStart, units, expected, 2);
      pair.compiled.gradientHistogram(runs, binStart, units, histogram, 2);
      expectSameBits(histogram, expected);
    }
  });

  test('of columns with few bins', () => {
    const { plain, compiled, random, inMemory } = kernelPair(5);
    const binStart = Int32Array.of(0, 2, 3, 259, 262, 263, 265, 267, 269, 271);
    const bins = inMemory(
      Uint8Array.from({ length: 9 * 100 }, (_, place) =>
        random.below(binStart[(place % 9) + 1]! - binStart[place % 9]!),
      ),
    );
    const order = inMemory(Int32Array.from({ length: 100 }, (_, row) => row));
    const facts = inMemory(Float64Array.from({ length: 200 }, () => random.below(1000)));
    const units = fixedPoint(100, 1e6, 1e6);
    const expected = new Float64Array(3 * 271);
    const histogram = expected.slice();
    const runs = [{ bins, order, facts, start: 0, end: 100 }];
    plain.gradientHistogram(runs, binStart, units, expected, 0);
    compiled.gradientHistogram(runs, binStart, units, histogram, 0);
    expectSameBits(histogram, expected);
  });
});

test('partitionRows', () => {
  const { plain, compiled, random, inMemory } = kernelPair(6);
  for (const rowCount of sizes) {
    const bins = inMemory(Uint8Array.from({ length: rowCount }, () => random.below(256)));
    const order = Int32Array.from({ length: rowCount }, (_, row) => rowCount - 1 - row);
    for (const fill of [0, -1, 0x5a5a5a5a]) {
      const sets = new Int32Array(16).fill(fill, 8);
      const expected = order.slice();
      const moved = inMemory(order);
      const start = Math.min(1, rowCount);
      const left = plain.partitionRows(bins, expected, start, rowCount, sets, 8);
      expect(compiled.partitionRows(bins, moved, start, rowCount, sets, 8)).toBe(left);
      expectSameBits(moved, expected);
    }
  }
});

test('addLeafValues', () => {
  const { plain, compiled, random, inMemory } = kernelPair(7);
  // A lopsided tree: the right child of each inner node is the next inner node.
  const depth = 9;
  const nodeCount = 2 * depth + 1;
  const tree = {
    column: Int32Array.from({ length: nodeCount }, (_, node) =>
      node % 2 === 0 && node < nodeCount - 1 ? node % 5 : -1,
    ),
    left: Int32Array.from({ length: nodeCount }, (_, node) => node + 1),
    binSets: Int32Array.from({ length: 8 * nodeCount }, () => random.below(2 ** 32)),
    value: numbers(random, nodeCount, [Infinity]),
    depth,
  };
  for (const rowCount of sizes) {
    const bins = inMemory(Uint8Array.from({ length: 5 * rowCount }, () => random.below(256)));
    const expected = numbers(random, rowCount, []);
    const margin = inMemory(expected);
    plain.addLeafValues(bins, 5, tree, expected);
    compiled.addLeafValues(bins, 5, tree, margin);
    expectSameBits(margin, expected);
  }
});

describe('logisticGradients', () => {
  test.each([
    ['weights of one', false],
    ['other weights', true],
  ])('with %s', (_, isWeighted) => {
    const { plain, compiled, random, inMemory } = kernelPair(8);
    for (const rowCount of sizes) {
      const units = fixedPoint(rowCount, 3 * rowCount, rowCount);
      const label = inMemory(Float64Array.from({ length: rowCount }, () => random.below(2)));
      const weight = inMemory(
        Float64Array.from({ length: rowCount }, () => (isWeighted ? 3 * random.uniform() : 1)),
      );
      for (const odd of [[], [0, -0, 1e300, -800, 5e-324, -36.7], extremes]) {
        const margin = inMemory(numbers(random, rowCount, odd));
        const expected = new Float64Array(2 * rowCount);
        const gradient = inMemory(new Float64Array(2 * rowCount));
        const loss = plain.logisticGradients({ label, weight, margin, gradient: expected }, 0.125, units);
        expect(compiled.logisticGradients({ label, weight, margin, gradient }, 0.125, units)).toBe(loss);
        expectSameBits(gradient, expected);
        const withoutGradient = { label, weight, margin, gradient: undefined };
        expect(compiled.logisticGradients(withoutGradient, 0.125, units)).toBe(loss);
      }
    }
  });
});
