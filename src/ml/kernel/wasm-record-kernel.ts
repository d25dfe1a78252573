/** Operations on records of the compiled kernel. */
import type { FixedPoint } from './fixed-point.ts';
import {
  HISTOGRAM_COLUMN_BYTES,
  HISTOGRAM_COLUMNS,
  histogramOutputBytes,
  type KernelScratch,
} from './kernel-scratch.ts';
import type { RecordKernel, RecordLayout, RecordRun } from './record-kernel.ts';
import { BIN_SET_WORDS } from './tree-kernel.ts';
import type { KernelExports } from './wasm-module.ts';
import { wasmBoostRecords } from './wasm-record-boost.ts';
import { unpackHistogram } from './wasm-tree-kernel.ts';

const TABLE_BYTES = 256;
/** Where gradient and hessian of a record lie, from its row word on. */
const FACTS_OFFSET = 4;

export function wasmRecordOperations(compiled: KernelExports, scratch: KernelScratch): RecordKernel {
  return {
    writeRecordBins: (columns, rowCount, records, layout, firstRow, firstColumn) =>
      compiled.writeRecordBins(
        columns.byteOffset,
        columns.length / rowCount,
        rowCount,
        records.byteOffset + firstRow * layout.bytes + firstColumn,
        layout.bytes,
      ),
    recordHistogram: (runs, layout, binStart, units, histogram, offset) =>
      recordHistogram(compiled, scratch.reset(), runs, layout, binStart, units, histogram, offset),
    partitionRecords: (records, layout, start, end, byteAt, binSets, setOffset) => {
      const set = scratch.reset().place(binSets.subarray(setOffset, setOffset + BIN_SET_WORDS));
      const first = records.byteOffset + start * layout.bytes;
      return compiled.partitionRecords(
        first,
        end - start,
        layout.bytes,
        byteAt,
        set,
        scratch.take(TABLE_BYTES),
      );
    },
    boostRecords: (records, layout, step) => wasmBoostRecords(compiled, scratch, records, layout, step),
  };
}

function recordHistogram(
  compiled: KernelExports,
  scratch: KernelScratch,
  runs: readonly RecordRun[],
  { columnCount, rowAt, bytes }: RecordLayout,
  binStart: Int32Array,
  units: FixedPoint,
  histogram: Float64Array,
  offset: number,
): void {
  const widest = Math.min(columnCount, HISTOGRAM_COLUMNS);
  const sums = scratch.take(widest * HISTOGRAM_COLUMN_BYTES);
  const output = scratch.take(histogramOutputBytes(widest));
  for (let column = 0; column < columnCount; column += HISTOGRAM_COLUMNS) {
    const count = Math.min(HISTOGRAM_COLUMNS, columnCount - column);
    compiled.clearHistogram(sums, count);
    for (const { records, start, end } of runs) {
      const at = records.byteOffset + start * bytes;
      const facts = at + rowAt + FACTS_OFFSET;
      compiled.addRecords(at + column, bytes, count, end - start, facts, units.countBits, sums, output);
    }
    const starts = binStart.subarray(column, column + count + 1);
    const values = unpackHistogram(compiled, scratch, sums, starts, units, output);
    histogram.set(values, offset + 3 * starts[0]!);
  }
}
