/** The operations on records of the plain kernel, by their definitions. */
import { expect, test } from 'vitest';
import { fixedPoint } from '../../../src/ml/kernel/fixed-point.ts';
import { recordLayout } from '../../../src/ml/kernel/record-kernel.ts';
import {
  recordWords,
  scalarRecordOperations as kernel,
} from '../../../src/ml/kernel/scalar-record-kernel.ts';

const layout = recordLayout(2);
/** Three rows, bins (0, 1), (1, 0), (0, 0); gradients 0.5, 1, -2, hessians 1, 2, 4. */
const units = { ...fixedPoint(3, 8, 8), gradientScale: 2, hessianScale: 1 };

function threeRecords(): Uint8Array {
  const records = new Uint8Array(3 * layout.bytes);
  kernel.writeRecordBins(Uint8Array.of(0, 1, 0), 3, records, layout, 0, 0);
  kernel.writeRecordBins(Uint8Array.of(1, 0, 0), 3, records, layout, 0, 1);
  const words = recordWords(records);
  for (let row = 0; row < 3; row++) words[(row * layout.bytes + layout.rowAt) / 4] = row;
  kernel.loadRecordFacts(records, layout, 3, Float64Array.of(0.5, 1, 1, 2, -2, 4), units);
  return records;
}

/** Bins, row number, gradient and hessian of each record. */
function told(records: Uint8Array): number[][] {
  const words = recordWords(records);
  return Array.from({ length: records.length / layout.bytes }, (_, record) => {
    const base = record * layout.bytes;
    const place = (base + layout.rowAt) / 4;
    return [records[base]!, records[base + 1]!, words[place]!, words[place + 1]!, words[place + 2]!];
  });
}

test('a record holds bins, row number, gradient and hessian', () => {
  expect(layout).toEqual({ columnCount: 2, rowAt: 4, bytes: 16 });
  expect(recordLayout(28).bytes).toBe(40);
  expect(told(threeRecords())).toEqual([
    [0, 1, 0, 1, 1],
    [1, 0, 1, 2, 2],
    [0, 0, 2, -4, 4],
  ]);
});

test('histograms are of the records of the runs', () => {
  const records = threeRecords();
  const histogram = new Float64Array(1 + 12).fill(9);
  const runs = [
    { records, start: 0, end: 1 },
    { records, start: 2, end: 3 },
  ];
  kernel.recordHistogram(runs, layout, Int32Array.of(0, 2, 4), units, histogram, 1);
  expect([...histogram]).toEqual([9, -1.5, 5, 2, 0, 0, 0, -2, 4, 1, 0.5, 1, 1]);
});

test('records whose bin is in the set go to the front', () => {
  const records = threeRecords();
  const moved = kernel.partitionRecords(
    records,
    layout,
    0,
    3,
    1,
    Int32Array.of(0, 1, 0, 0, 0, 0, 0, 0, 0),
    1,
  );
  expect(moved).toBe(2);
  expect(told(records).map((record) => record[2])).toEqual([1, 2, 0]);
});

test('each record walks from its node to a leaf', () => {
  const records = threeRecords();
  const tree = {
    column: Int32Array.of(0, -1, -1),
    left: Int32Array.of(1, -1, -1),
    binSets: Int32Array.of(1, ...new Array<number>(23).fill(0)),
    value: Float64Array.of(0, 10, 100),
    depth: 1,
  };
  const margin = Float64Array.of(1, 2, 3);
  const runs = [
    { start: 0, end: 2, node: 0, steps: 1 },
    { start: 2, end: 3, node: 2, steps: 0 },
  ];
  kernel.addRecordLeaves(records, layout, runs, tree, margin);
  expect([...margin]).toEqual([11, 102, 103]);
});
