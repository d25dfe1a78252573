/** Every operation on records gives the bits of its plain twin. */
import { describe, expect, test } from 'vitest';
import type { Random } from '../../src/core/index.ts';
import { fixedPoint } from '../../src/ml/kernel/fixed-point.ts';
import { LABEL_BIT, MARK_BIT } from '../../src/ml/kernel/record-boost.ts';
import { HISTOGRAM_COLUMN_BYTES } from '../../src/ml/kernel/node-search.ts';
import { recordLayout, type LeafRun, type RecordLayout } from '../../src/ml/kernel/record-kernel.ts';
import { recordWords } from '../../src/ml/kernel/scalar-record-kernel.ts';
import type { BinnedTree } from '../../src/ml/kernel/tree-kernel.ts';
import { expectSameBits, kernelPair } from './kernel-pair.ts';

const sizes = [0, 1, 2, 3, 7, 8, 63, 511, 1023, 1024, 1025];
const widths = [1, 2, 3, 4, 5, 7, 8, 12, 14, 20, 28, 31, 64, 65, 130];

/** Records of rows in some order, with any bins, gradients and hessians. */
function someRecords(random: Random, rowCount: number, layout: RecordLayout): Uint8Array {
  const records = Uint8Array.from({ length: rowCount * layout.bytes }, () => random.below(256));
  const words = recordWords(records);
  for (let row = 0; row < rowCount; row++) {
    const place = (row * layout.bytes + layout.rowAt) / 4;
    words[place] = rowCount - 1 - row;
    words[place + 1] = random.below(2 ** 31) - 2 ** 30;
    words[place + 2] = random.below(2 ** 30);
  }
  return records;
}

test('writeRecordBins', () => {
  const { plain, compiled, random, inMemory } = kernelPair(11);
  for (const rowCount of sizes.filter((size) => size > 0)) {
    const layout = recordLayout(21);
    const expected = new Uint8Array((rowCount + 2) * layout.bytes);
    const records = inMemory(expected);
    const columns = inMemory(Uint8Array.from({ length: 5 * rowCount }, () => random.below(256)));
    plain.writeRecordBins(columns, rowCount, expected, layout, 2, 16);
    compiled.writeRecordBins(columns, rowCount, records, layout, 2, 16);
    expectSameBits(records, expected);
  }
});

describe('recordHistogram', () => {
  test.each(widths)('of %i columns', (width) => {
    const { plain, compiled, random, inMemory } = kernelPair(width);
    const layout = recordLayout(width);
    for (const rowCount of sizes) {
      const units = fixedPoint(rowCount, 3 * rowCount, rowCount, { gradient: 3, hessian: 1 });
      const records = inMemory(someRecords(random, rowCount, layout));
      const middle = Math.floor(rowCount / 3);
      const runs = [
        { records, start: 0, end: middle },
        { records, start: Math.min(rowCount, middle + 1), end: rowCount },
      ];
      const expected = new Uint8Array(width * HISTOGRAM_COLUMN_BYTES).fill(7);
      const histogram = inMemory(expected);
      for (const isNew of [true, false]) {
        plain.recordHistogram(runs, layout, units, expected, isNew);
        compiled.recordHistogram(runs, layout, units, histogram, isNew);
        expectSameBits(histogram, expected);
      }
    }
  });
});

describe('partitionRecords', () => {
  test.each(widths)('of %i columns', (width) => {
    const { plain, compiled, random, inMemory } = kernelPair(100 + width);
    const layout = recordLayout(width);
    for (const rowCount of sizes) {
      const expected = someRecords(random, rowCount, layout);
      for (const fill of [0, -1, 0x5a5a5a5a]) {
        const sets = new Int32Array(16).fill(fill, 8);
        const records = inMemory(expected);
        const before = expected.slice();
        const start = Math.min(1, rowCount);
        const byteAt = width - 1;
        const left = plain.partitionRecords(expected, layout, start, rowCount, byteAt, sets, 8);
        expect(compiled.partitionRecords(records, layout, start, rowCount, byteAt, sets, 8)).toBe(left);
        expectSameBits(records, expected);
        expect(rowsOf(expected, layout).toSorted()).toEqual(rowsOf(before, layout).toSorted());
        for (let record = start; record < rowCount; record++) {
          const bin = expected[record * layout.bytes + byteAt]!;
          expect((sets[8 + (bin >>> 5)]! >>> (bin & 31)) & 1).toBe(record < start + left ? 1 : 0);
        }
      }
    }
  });
});

function rowsOf(records: Uint8Array, layout: RecordLayout): string[] {
  const count = records.length / layout.bytes;
  return Array.from({ length: count }, (_, record) =>
    records.subarray(record * layout.bytes, (record + 1) * layout.bytes).join(),
  );
}

// A lopsided tree: the right child of each inner node is the next inner node.
const depth = 9;
const nodeCount = 2 * depth + 1;

function lopsidedTree(random: Random, spread: number): BinnedTree {
  return {
    column: Int32Array.from({ length: nodeCount }, (_, node) =>
      node % 2 === 0 && node < nodeCount - 1 ? node % 5 : -1,
    ),
    left: Int32Array.from({ length: nodeCount }, (_, node) => node + 1),
    binSets: Int32Array.from({ length: 8 * nodeCount }, () => random.below(2 ** 32)),
    value: Float64Array.from({ length: nodeCount }, () => spread * random.normal()),
    depth,
  };
}

/** Runs one after the other, an empty one among them. */
function someRuns(rowCount: number): LeafRun[] {
  const ends = [0.4, 0.7, 0.7, 0.9, 1].map((share) => Math.floor(share * rowCount));
  return [
    { start: 0, end: ends[0]!, node: 0, steps: depth },
    { start: ends[0]!, end: ends[1]!, node: 4, steps: depth - 2 },
    { start: ends[1]!, end: ends[2]!, node: 4, steps: depth - 2 },
    { start: ends[2]!, end: ends[3]!, node: nodeCount - 3, steps: 1 },
    { start: ends[3]!, end: ends[4]!, node: 3, steps: 0 },
  ];
}

const extremes = [0, -0, 1e-40, -1e-40, 90, -90, 1e300, -1e300, Infinity, -Infinity, NaN];

describe.each(['logistic', 'squared'] as const)('boostRecords, %s', (objective) => {
  test.each([
    [1, false, true],
    [1, true, true],
    [30, false, true],
    [30, true, true],
    [1, true, false],
  ])('spread %d, weighted: %s, gradients: %s', (spread, isWeighted, writeGradients) => {
    const { plain, compiled, random, inMemory } = kernelPair(13);
    for (const columnCount of [5, 28, 31]) {
      const layout = recordLayout(columnCount);
      const tree = lopsidedTree(random, spread);
      for (const rowCount of sizes) {
        const expected = someRecords(random, rowCount, layout);
        const view = new DataView(expected.buffer);
        for (let row = 0; row < rowCount; row++) {
          const isOdd = random.uniform() < 0.05;
          const number = isOdd ? extremes[random.below(extremes.length)]! : spread * random.normal();
          view.setFloat64(row * layout.bytes + layout.numberAt, number, true);
          if (random.uniform() < 0.5) {
            recordWords(expected)[(row * layout.bytes + layout.rowAt) / 4]! |= LABEL_BIT | MARK_BIT;
          }
        }
        const records = inMemory(expected);
        const weight = Float64Array.from({ length: rowCount }, () => Math.max(0, random.normal()));
        const step = {
          objective,
          runs: someRuns(rowCount),
          tree,
          base: 0.3,
          weight: isWeighted ? weight : undefined,
          units: fixedPoint(rowCount, 3 * rowCount, rowCount, { gradient: 3 * spread, hessian: 4 }),
          writeGradients,
        };
        const sums = plain.boostRecords(expected, layout, step);
        const compiledSums = compiled.boostRecords(records, layout, step);
        expect(compiledSums).toEqual(sums);
        expectSameBits(records, expected);
      }
    }
  });

  test('of a tree that is too large for the scratch', () => {
    const { plain, compiled, random, inMemory } = kernelPair(14);
    const layout = recordLayout(3);
    const expected = someRecords(random, 100, layout);
    const records = inMemory(expected);
    const large = { ...lopsidedTree(random, 1), value: new Float64Array(nodeCount) };
    const tree = {
      ...large,
      column: new Int32Array(100_000).fill(-1),
      value: new Float64Array(100_000).fill(2),
    };
    const runs = [{ start: 0, end: 100, node: 7, steps: 0 }];
    const units = fixedPoint(100, 300, 100);
    const step = { objective, runs, tree, base: 0, weight: undefined, units, writeGradients: false } as const;
    expect(compiled.boostRecords(records, layout, step)).toEqual(plain.boostRecords(expected, layout, step));
    expectSameBits(records, expected);
  });
});
