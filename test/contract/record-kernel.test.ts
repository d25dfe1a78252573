/** Every operation on records gives the bits of its plain twin. */
import { describe, expect, test } from 'vitest';
import type { Random } from '../../src/core/index.ts';
import { fixedPoint } from '../../src/ml/kernel/fixed-point.ts';
import { recordLayout, type RecordLayout } from '../../src/ml/kernel/record-kernel.ts';
import { recordWords } from '../../src/ml/kernel/scalar-record-kernel.ts';
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

test('loadRecordFacts', () => {
  const { plain, compiled, random, inMemory } = kernelPair(12);
  const layout = recordLayout(6);
  for (const rowCount of sizes) {
    const units = fixedPoint(rowCount, 3 * rowCount, rowCount, { gradient: 3, hessian: 1 });
    const facts = inMemory(
      Float64Array.from({ length: 2 * rowCount }, (_, index) =>
        index % 2 === 0
          ? Math.round(3 * (2 * random.uniform() - 1) * units.gradientScale) / units.gradientScale
          : Math.round(random.uniform() * units.hessianScale) / units.hessianScale,
      ),
    );
    const expected = someRecords(random, rowCount, layout);
    const records = inMemory(expected);
    const count = Math.max(0, rowCount - 1);
    plain.loadRecordFacts(expected, layout, count, facts, units);
    compiled.loadRecordFacts(records, layout, count, facts, units);
    expectSameBits(records, expected);
  }
});

describe('recordHistogram', () => {
  test.each(widths)('of %i columns', (width) => {
    const { plain, compiled, random, inMemory } = kernelPair(width);
    const layout = recordLayout(width);
    const binStart = Int32Array.from({ length: width + 1 }, (_, column) => 256 * column);
    for (const rowCount of sizes) {
      const units = fixedPoint(rowCount, 3 * rowCount, rowCount, { gradient: 3, hessian: 1 });
      const records = inMemory(someRecords(random, rowCount, layout));
      const middle = Math.floor(rowCount / 3);
      const runs = [
        { records, start: 0, end: middle },
        { records, start: Math.min(rowCount, middle + 1), end: rowCount },
      ];
      const expected = new Float64Array(2 + 3 * 256 * width).fill(7);
      const histogram = expected.slice();
      plain.recordHistogram(runs, layout, binStart, units, expected, 2);
      compiled.recordHistogram(runs, layout, binStart, units, histogram, 2);
      expectSameBits(histogram, expected);
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

test('addRecordLeaves', () => {
  const { plain, compiled, random, inMemory } = kernelPair(13);
  const layout = recordLayout(5);
  // A lopsided tree: the right child of each inner node is the next inner node.
  const depth = 9;
  const nodeCount = 2 * depth + 1;
  const tree = {
    column: Int32Array.from({ length: nodeCount }, (_, node) =>
      node % 2 === 0 && node < nodeCount - 1 ? node % 5 : -1,
    ),
    left: Int32Array.from({ length: nodeCount }, (_, node) => node + 1),
    binSets: Int32Array.from({ length: 8 * nodeCount }, () => random.below(2 ** 32)),
    value: Float64Array.from({ length: nodeCount }, () => random.normal()),
    depth,
  };
  for (const rowCount of sizes) {
    const records = inMemory(someRecords(random, rowCount, layout));
    const expected = Float64Array.from({ length: rowCount }, () => random.normal());
    const margin = inMemory(expected);
    const middle = Math.floor(rowCount / 2);
    const runs = [
      { start: 0, end: middle, node: 0, steps: depth },
      { start: middle, end: Math.floor((middle + rowCount) / 2), node: 4, steps: depth - 2 },
      { start: middle, end: rowCount, node: nodeCount - 3, steps: 1 },
      { start: Math.floor((middle + rowCount) / 2), end: rowCount, node: 3, steps: 0 },
    ];
    plain.addRecordLeaves(records, layout, runs, tree, expected);
    compiled.addRecordLeaves(records, layout, runs, tree, margin);
    expectSameBits(margin, expected);
  }
});
