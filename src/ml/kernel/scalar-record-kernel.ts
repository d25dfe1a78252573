/** Operations on records in plain TypeScript: oracle and fallback of the compiled kernel. */
import type { FixedPoint } from './fixed-point.ts';
import type { LeafRun, RecordKernel, RecordLayout, RecordRun } from './record-kernel.ts';
import { BIN_SET_WORDS, type BinnedTree } from './tree-kernel.ts';

/** The records as 32-bit words, of which a row's number, gradient and hessian are three. */
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

function loadRecordFacts(
  records: Uint8Array,
  { rowAt, bytes }: RecordLayout,
  count: number,
  facts: Float64Array,
  { gradientScale, hessianScale }: FixedPoint,
): void {
  const words = recordWords(records);
  for (let record = 0; record < count; record++) {
    const place = (record * bytes + rowAt) / 4;
    const row = words[place]!;
    words[place + 1] = facts[2 * row]! * gradientScale;
    words[place + 2] = facts[2 * row + 1]! * hessianScale;
  }
}

function recordHistogram(
  runs: readonly RecordRun[],
  { columnCount, rowAt, bytes }: RecordLayout,
  binStart: Int32Array,
  { gradientScale, hessianScale }: FixedPoint,
  histogram: Float64Array,
  offset: number,
): void {
  const gradientUnit = 1 / gradientScale;
  const hessianUnit = 1 / hessianScale;
  histogram.fill(0, offset, offset + 3 * binStart[columnCount]!);
  for (const { records, start, end } of runs) {
    const words = recordWords(records);
    for (let record = start; record < end; record++) {
      const base = record * bytes;
      const gradient = words[(base + rowAt) / 4 + 1]! * gradientUnit;
      const hessian = words[(base + rowAt) / 4 + 2]! * hessianUnit;
      for (let column = 0; column < columnCount; column++) {
        const slot = offset + 3 * (binStart[column]! + records[base + column]!);
        histogram[slot] = histogram[slot]! + gradient;
        histogram[slot + 1] = histogram[slot + 1]! + hessian;
        histogram[slot + 2] = histogram[slot + 2]! + 1;
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

function addRecordLeaves(
  records: Uint8Array,
  { rowAt, bytes }: RecordLayout,
  runs: readonly LeafRun[],
  { column, left, binSets, value }: BinnedTree,
  margin: Float64Array,
): void {
  const words = recordWords(records);
  for (const { start, end, node: first } of runs) {
    for (let record = start; record < end; record++) {
      const base = record * bytes;
      const row = words[(base + rowAt) / 4]!;
      let node = first;
      for (let split = column[node]!; split >= 0; split = column[node]!) {
        const bin = records[base + split]!;
        const isLeft = (binSets[node * BIN_SET_WORDS + (bin >>> 5)]! >>> (bin & 31)) & 1;
        node = left[node]! + 1 - isLeft;
      }
      margin[row] = margin[row]! + value[node]!;
    }
  }
}

export const scalarRecordOperations: RecordKernel = {
  writeRecordBins,
  loadRecordFacts,
  recordHistogram,
  partitionRecords,
  addRecordLeaves,
};
