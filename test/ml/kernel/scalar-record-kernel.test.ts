/** The operations on records of the plain kernel, by their definitions. */
import { describe, expect, test } from 'vitest';
import { fixedPoint } from '../../../src/ml/kernel/fixed-point.ts';
import { LABEL_BIT } from '../../../src/ml/kernel/record-boost.ts';
import { HISTOGRAM_COLUMN_BYTES } from '../../../src/ml/kernel/node-search.ts';
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
  const facts = [1, 1, 2, 2, -4, 4];
  for (let row = 0; row < 3; row++) {
    words.set([row, facts[2 * row]!, facts[2 * row + 1]!], (row * layout.bytes + layout.rowAt) / 4);
  }
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
  expect(layout).toEqual({ columnCount: 2, rowAt: 4, numberAt: 16, bytes: 24 });
  expect(recordLayout(28).bytes).toBe(48);
  expect(told(threeRecords())).toEqual([
    [0, 1, 0, 1, 1],
    [1, 0, 1, 2, 2],
    [0, 0, 2, -4, 4],
  ]);
});

test('histograms are of the records of the runs', () => {
  const records = threeRecords();
  const histogram = new Uint8Array(2 * HISTOGRAM_COLUMN_BYTES).fill(9);
  const runs = [
    { records, start: 0, end: 1 },
    { records, start: 2, end: 3 },
  ];
  kernel.recordHistogram(runs, layout, units, histogram, true);
  const sums = new BigInt64Array(histogram.buffer);
  // Gradients in halves; hessians before the two bits that count rows.
  const packed = (hessian: bigint, rows: bigint): bigint => hessian * 4n + rows;
  expect(units.countBits).toBe(2);
  expect([...sums.subarray(0, 4)]).toEqual([-3n, packed(5n, 2n), 0n, 0n]);
  const second = HISTOGRAM_COLUMN_BYTES / 8;
  expect([...sums.subarray(second, second + 4)]).toEqual([-4n, packed(4n, 1n), 1n, packed(1n, 1n)]);
  kernel.recordHistogram(runs, layout, units, histogram, false);
  expect([...sums.subarray(0, 2)]).toEqual([-6n, packed(10n, 4n)]);
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

const tree = {
  column: Int32Array.of(0, -1, -1),
  left: Int32Array.of(1, -1, -1),
  binSets: Int32Array.of(1, ...new Array<number>(23).fill(0)),
  value: Float64Array.of(0, 10, 100),
  depth: 1,
};
const runs = [
  { start: 0, end: 2, node: 0, steps: 1 },
  { start: 2, end: 3, node: 2, steps: 0 },
];
/** What the tree gives the three rows. */
const values = [10, 100, 100];

function numbersOf(records: Uint8Array): number[] {
  const view = new DataView(records.buffer);
  return [0, 1, 2].map((record) => view.getFloat64(record * layout.bytes + layout.numberAt, true));
}

describe('each record gets the value of the leaf to which it walks from its node', () => {
  test('and gradients of the squared loss', () => {
    const records = threeRecords();
    const weight = Float64Array.of(1, 2, 0);
    const step = { objective: 'squared', runs, tree, base: 0, weight, units, writeGradients: true } as const;
    const sums = kernel.boostRecords(records, layout, step);
    expect(numbersOf(records)).toEqual(values);
    expect(sums).toEqual({ loss: 100 + 20_000, error: 10 + 200, errorMax: 200 });
    expect(told(records).map((record) => record.slice(3))).toEqual([
      [20, 1],
      [400, 2],
      [0, 0],
    ]);
  });

  test.each([false, true])('and gradients of the logistic loss, weighted: %s', (isWeighted) => {
    const records = threeRecords();
    // The second row's label is 1.
    recordWords(records)[(layout.bytes + layout.rowAt) / 4]! |= LABEL_BIT;
    const weight = isWeighted ? Float64Array.of(1, 2, 0.5) : undefined;
    const fine = { ...units, gradientScale: 2 ** 20, hessianScale: 2 ** 22 };
    const shifted = { ...tree, value: Float64Array.of(0, -0.5, 0.25) };
    const base = 1;
    const numbers = [-0.5, 0.25, 0.25];
    const labels = [0, 1, 0];
    const step = { objective: 'logistic', runs, tree: shifted, base, weight, units: fine } as const;
    const { loss } = kernel.boostRecords(records, layout, { ...step, writeGradients: true });
    expect(numbersOf(records)).toEqual(numbers);
    let expected = 0;
    numbers.forEach((number, row) => {
      const p = 1 / (1 + Math.exp(-base - number));
      const share = weight?.[row] ?? 1;
      expected -= share * Math.log(labels[row] === 1 ? p : 1 - p);
      const [gradient, hessian] = told(records)[row]!.slice(3);
      expect(gradient! / fine.gradientScale).toBeCloseTo(share * (p - labels[row]!), 5);
      expect(hessian! / fine.hessianScale).toBeCloseTo(share * p * (1 - p), 5);
    });
    expect(loss).toBeCloseTo(expected, 6);
  });

  test('without gradients where none are wanted', () => {
    const records = threeRecords();
    const before = told(records);
    const step = { objective: 'squared', runs, tree, base: 0, weight: undefined, units } as const;
    expect(kernel.boostRecords(records, layout, { ...step, writeGradients: false }).errorMax).toBe(100);
    expect(told(records)).toEqual(before);
  });
});
