/** Histograms in whole numbers, and the search in them, give the bits of the plain twin. */
import { describe, expect, test } from 'vitest';
import type { Random } from '../../src/core/index.ts';
import type { FixedPoint } from '../../src/ml/kernel/fixed-point.ts';
import {
  COLUMN_NUMBERS,
  CUT_NUMBERS,
  CutResult,
  HISTOGRAM_COLUMN_BYTES,
  SEARCHED_RECORDS,
} from '../../src/ml/kernel/node-search.ts';
import { recordLayout, type RecordLayout } from '../../src/ml/kernel/record-kernel.ts';
import { recordWords } from '../../src/ml/kernel/scalar-record-kernel.ts';
import { histogramTotal } from '../../src/ml/kernel/scalar-node-search.ts';
import { expectSameBits, kernelPair } from './kernel-pair.ts';

const COLUMNS = 5;
const BYTES: number = COLUMNS * HISTOGRAM_COLUMN_BYTES;

/** 64-bit sums of any size. */
function anySums(random: Random): Uint8Array {
  return Uint8Array.from({ length: BYTES }, () => random.below(256));
}

test.each(['mergeHistogram', 'subtractHistogram'] as const)('%s', (operation) => {
  const { plain, compiled, random, inMemory } = kernelPair(21);
  for (let round = 0; round < 20; round++) {
    const expected = anySums(random);
    const other = inMemory(anySums(random));
    const target = inMemory(expected);
    plain[operation](expected, other);
    compiled[operation](target, other);
    expectSameBits(target, expected);
    const back = operation === 'mergeHistogram' ? 'subtractHistogram' : 'mergeHistogram';
    const before = expected.slice();
    plain[back](expected, other);
    plain[operation](expected, other);
    expectSameBits(expected, before);
  }
});

interface Shape {
  readonly binCount: number;
  readonly rowCount: number;
  readonly missingShare: number;
  /** Hessian of a row at most. */
  readonly hessian: number;
}

/** A histogram of rows that are in some bin of every column, and its columns as the search is told of them. */
function someNode(
  random: Random,
  shape: Shape,
  units: FixedPoint,
): { histogram: Uint8Array; columns: Int32Array } {
  const histogram = new Uint8Array(BYTES);
  const sums = new BigInt64Array(histogram.buffer);
  for (let row = 0; row < shape.rowCount; row++) {
    const gradient = BigInt(Math.round(random.normal() * units.gradientScale));
    const hessian = BigInt(Math.round(random.uniform() * shape.hessian * units.hessianScale));
    for (let column = 0; column < COLUMNS; column++) {
      const isMissing = random.uniform() < shape.missingShare;
      const place = (column * HISTOGRAM_COLUMN_BYTES) / 8;
      const bin = place + 2 * (isMissing ? shape.binCount : random.below(shape.binCount));
      sums[bin]! += gradient;
      sums[bin + 1]! += (hessian << BigInt(units.countBits)) + 1n;
    }
  }
  const columns = Array.from({ length: COLUMNS }, (_, column) => [
    column,
    shape.binCount,
    column === 3 ? 1 : 0,
  ]);
  return { histogram, columns: Int32Array.from(columns.flat()) };
}

const shapes: readonly Shape[] = [
  { binCount: 255, rowCount: 2000, missingShare: 0.1, hessian: 1 },
  { binCount: 255, rowCount: 300, missingShare: 0, hessian: 1 },
  { binCount: 255, rowCount: 40, missingShare: 0.02, hessian: 1 },
  { binCount: 7, rowCount: 100, missingShare: 0.5, hessian: 1 },
  { binCount: 6, rowCount: 100, missingShare: 0, hessian: 1 },
  { binCount: 2, rowCount: 3, missingShare: 0.3, hessian: 0.001 },
  { binCount: 1, rowCount: 20, missingShare: 0.4, hessian: 1 },
  { binCount: 3, rowCount: 1, missingShare: 0, hessian: 1 },
  { binCount: 5, rowCount: 0, missingShare: 0, hessian: 1 },
  { binCount: 5, rowCount: 30, missingShare: 1, hessian: 1 },
  { binCount: 255, rowCount: 500, missingShare: 0.1, hessian: 0 },
];
const allRules = [
  { l1: 0, l2: 1, leastHessian: 1, leastRows: 1 },
  { l1: 0, l2: 0, leastHessian: 1e-12, leastRows: 1 },
  { l1: 2.5, l2: 0.5, leastHessian: 0.01, leastRows: 1 },
  { l1: 0, l2: 1, leastHessian: 0, leastRows: 10 },
  { l1: 1e9, l2: 1, leastHessian: 0, leastRows: 0 },
  { l1: 0, l2: Infinity, leastHessian: 0, leastRows: 1 },
  { l1: 0, l2: 1e300, leastHessian: 0, leastRows: 1 },
  { l1: NaN, l2: 1, leastHessian: 0, leastRows: 1 },
];

describe.each(shapes)(
  'searchHistogram of $rowCount rows in $binCount bins, $missingShare missing',
  (shape) => {
    test.each(allRules)('by L1 $l1, L2 $l2, least hessian $leastHessian, rows $leastRows', (rules) => {
      const { plain, compiled, random, inMemory } = kernelPair(22);
      for (const gradientScale of [2 ** 20, 2 ** -500, 2 ** 500]) {
        const units = { gradientScale: 2 ** 20, hessianScale: 2 ** 25, countBits: 11 };
        const { histogram, columns } = someNode(random, shape, units);
        const scaled = { ...units, gradientScale };
        const total = histogramTotal(histogram, shape.binCount, scaled);
        const placed = inMemory(histogram);
        for (const chosen of [columns, columns.subarray(0, 0), columns.subarray(2 * COLUMN_NUMBERS)]) {
          const expected = new Float64Array(CUT_NUMBERS);
          const best = inMemory(expected);
          const outside = new Float64Array(CUT_NUMBERS);
          plain.searchHistogram(histogram, chosen, total, rules, scaled, expected);
          compiled.searchHistogram(placed, chosen, total, rules, scaled, best);
          compiled.searchHistogram(placed, chosen, total, rules, scaled, outside);
          expectSameBits(best, expected);
          expectSameBits(outside, expected);
        }
      }
    });
  },
);

/** Records of some width in bins up to that of missing values. */
function someRecords(random: Random, shape: Shape, layout: RecordLayout): Uint8Array {
  const records = new Uint8Array(shape.rowCount * layout.bytes);
  const words = recordWords(records);
  for (let row = 0; row < shape.rowCount; row++) {
    for (let column = 0; column < layout.columnCount; column++) {
      const isMissing = random.uniform() < shape.missingShare;
      records[row * layout.bytes + column] = isMissing ? shape.binCount : random.below(shape.binCount);
    }
    const place = (row * layout.bytes + layout.rowAt) / 4;
    words[place + 1] = random.below(2 ** 31) - 2 ** 30;
    words[place + 2] = Math.floor(shape.hessian * random.below(2 ** 30));
  }
  return records;
}

describe.each(shapes.filter(({ rowCount }) => rowCount <= SEARCHED_RECORDS))(
  'searchRecords of $rowCount rows in $binCount bins, $missingShare missing',
  (shape) => {
    test.each(allRules)('by L1 $l1, L2 $l2, least hessian $leastHessian, rows $leastRows', (rules) => {
      const { plain, compiled, random, inMemory } = kernelPair(24);
      const layout = recordLayout(COLUMNS);
      const units = { gradientScale: 2 ** 30, hessianScale: 2 ** 30, countBits: 11 };
      const columns = Int32Array.from(
        Array.from({ length: COLUMNS }, (_, column) => [column, shape.binCount, column === 3 ? 1 : 0]).flat(),
      );
      for (const skipped of [0, 0, 1]) {
        const records = someRecords(random, shape, layout);
        const run = { records, start: Math.min(skipped, shape.rowCount), end: shape.rowCount };
        const histogram = new Uint8Array(BYTES);
        plain.recordHistogram([run], layout, units, histogram, true);
        const total = histogramTotal(histogram, shape.binCount, units);
        const expected = new Float64Array(CUT_NUMBERS);
        const best = inMemory(expected);
        plain.searchHistogram(histogram, columns, total, rules, units, expected);
        compiled.searchRecords(
          { ...run, records: inMemory(records) },
          layout,
          columns,
          total,
          rules,
          units,
          best,
        );
        expectSameBits(best, expected);
        best.fill(9);
        plain.searchRecords(run, layout, columns, total, rules, units, best);
        expectSameBits(best, expected);
      }
    });
  },
);

test('a search finds the cut of its definition', () => {
  const { plain } = kernelPair(23);
  const units = { gradientScale: 1, hessianScale: 1, countBits: 8 };
  const histogram = new Uint8Array(HISTOGRAM_COLUMN_BYTES);
  const sums = new BigInt64Array(histogram.buffer);
  // Bins 0, 2 and 3 and missing values: gradients 4, 4, -10 and 5 of 2, 2, 3 and 2 rows.
  [
    [0, 4, 2],
    [2, 4, 2],
    [3, -10, 3],
    [4, 5, 2],
  ].forEach(([bin, gradient, rows]) => {
    sums[2 * bin!] = BigInt(gradient!);
    sums[2 * bin! + 1] = BigInt((rows! << 8) + rows!);
  });
  const total = histogramTotal(histogram, 4, units);
  expect([...total]).toEqual([3, 9, 9]);
  const best = new Float64Array(CUT_NUMBERS);
  const rules = { l1: 0, l2: 1, leastHessian: 1, leastRows: 1 };
  plain.searchHistogram(histogram, Int32Array.of(0, 4, 0), total, rules, units, best);
  expect(best[CutResult.gain]).toBeCloseTo((13 * 13) / 7 + (10 * 10) / 4 - 9 / 10, 12);
  expect([...best.subarray(1)]).toEqual([0, 2, 1, 13, 6, 6, 1]);
});
