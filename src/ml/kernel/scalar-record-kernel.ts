/** Operations on records in plain TypeScript: oracle and fallback of the compiled kernel. */
import type { FixedPoint } from './fixed-point.ts';
import { BIN_WORDS, COLUMN_WORDS } from './node-search.ts';
import type { RecordKernel, RecordLayout, RecordRun } from './record-kernel.ts';
import { addRow, histogramWords } from './scalar-node-search.ts';
import { scalarBoostRecords } from './scalar-record-boost.ts';

/** The records as 32-bit words, of which the row word, gradient and hessian are three. */
export function recordWords(records: Uint8Array): Int32Array {
  return new Int32Array(records.buffer, records.byteOffset, records.length / 4);
}

function writeRecordBins(
  columns: Uint8Array,
  rowCount: number,
  records: Uint8Array,
  layout: RecordLayout,
  firstRow: number,
  firstColumn: number,
): void {
  const columnCount = columns.length / rowCount;
  for (let row = 0; row < rowCount; row++) {
    const target = (firstRow + row) * layout.bytes + firstColumn;
    for (let column = 0; column < columnCount; column++) {
      records[target + column] = columns[column * rowCount + row]!;
    }
  }
}

function recordHistogram(
  runs: readonly RecordRun[],
  { columnCount, rowAt, bytes }: RecordLayout,
  units: FixedPoint,
  histogram: Uint8Array,
  isNew: boolean,
): void {
  if (isNew) histogram.fill(0);
  const sums = histogramWords(histogram);
  for (const { records, start, end } of runs) {
    const words = recordWords(records);
    for (let record = start; record < end; record++) {
      const base = record * bytes;
      const gradient = words[(base + rowAt) / 4 + 1]!;
      const hessian = words[(base + rowAt) / 4 + 2]!;
      for (let column = 0; column < columnCount; column++) {
        const place = COLUMN_WORDS * column + BIN_WORDS * records[base + column]!;
        addRow(sums, place, gradient, hessian, units);
      }
    }
  }
}

function partitionRecords(
  records: Uint8Array,
  { bytes }: RecordLayout,
  start: number,
  end: number,
  byteAt: number,
  binSets: Int32Array,
  setOffset: number,
): number {
  const words = recordWords(records);
  let middle = start;
  for (let record = start; record < end; record++) {
    const bin = records[record * bytes + byteAt]!;
    exchange(words, (record * bytes) / 4, (middle * bytes) / 4, bytes / 4);
    middle += (binSets[setOffset + (bin >>> 5)]! >>> (bin & 31)) & 1;
  }
  return middle - start;
}

function exchange(words: Int32Array, place: number, other: number, count: number): void {
  for (let index = 0; index < count; index++) {
    const word = words[place + index]!;
    words[place + index] = words[other + index]!;
    words[other + index] = word;
  }
}

export const scalarRecordOperations: RecordKernel = {
  writeRecordBins,
  recordHistogram,
  partitionRecords,
  boostRecords: scalarBoostRecords,
};
