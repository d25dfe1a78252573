/** Operations on records of the compiled kernel. */
import type { FixedPoint } from './fixed-point.ts';
import { HISTOGRAM_COLUMNS, type KernelScratch } from './kernel-scratch.ts';
import { HISTOGRAM_COLUMN_BYTES } from './node-search.ts';
import type { RecordKernel, RecordLayout, RecordRun } from './record-kernel.ts';
import { BIN_SET_WORDS } from './tree-kernel.ts';
import type { KernelExports } from './wasm-module.ts';
import { wasmBoostRecords } from './wasm-record-boost.ts';

const TABLE_BYTES = 256;
/** Gradients and hessians of the records that are added at a time (kernels/assembly/histogram.ts). */
const RECORD_BLOCK_BYTES: number = 1024 * 16;
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
    recordHistogram: (runs, layout, units, histogram, isNew) =>
      recordHistogram(compiled, scratch.reset(), runs, layout, units, histogram, isNew),
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
  { countBits }: FixedPoint,
  histogram: Uint8Array,
  isNew: boolean,
): void {
  if (isNew) compiled.clearHistogram(histogram.byteOffset, columnCount);
  const values = scratch.take(RECORD_BLOCK_BYTES);
  for (let column = 0; column < columnCount; column += HISTOGRAM_COLUMNS) {
    const count = Math.min(HISTOGRAM_COLUMNS, columnCount - column);
    const target = histogram.byteOffset + column * HISTOGRAM_COLUMN_BYTES;
    for (const { records, start, end } of runs) {
      const at = records.byteOffset + start * bytes;
      const facts = at + rowAt + FACTS_OFFSET;
      compiled.addRecords(at + column, bytes, count, end - start, facts, countBits, target, values);
    }
  }
}
