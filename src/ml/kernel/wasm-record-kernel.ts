/** Operations on records of the compiled kernel. */
import type { FixedPoint } from './fixed-point.ts';
import {
  HISTOGRAM_COLUMN_BYTES,
  HISTOGRAM_COLUMNS,
  histogramOutputBytes,
  type KernelScratch,
} from './kernel-scratch.ts';
import type { LeafRun, RecordKernel, RecordLayout, RecordRun } from './record-kernel.ts';
import { scalarRecordOperations } from './scalar-record-kernel.ts';
import { BIN_SET_WORDS, type BinnedTree } from './tree-kernel.ts';
import type { KernelExports } from './wasm-module.ts';
import { NODE_BYTES, unpackHistogram } from './wasm-tree-kernel.ts';

const TABLE_BYTES = 256;
/** Where gradient and hessian of a record lie, from its row number on. */
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
    loadRecordFacts: (records, layout, count, facts, units) =>
      compiled.loadRecordFacts(
        records.byteOffset,
        count,
        layout.rowAt,
        facts.byteOffset,
        units.gradientScale,
        units.hessianScale,
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
    addRecordLeaves: (records, layout, runs, tree, margin) =>
      addRecordLeaves(compiled, scratch.reset(), records, layout, runs, tree, margin),
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

function addRecordLeaves(
  compiled: KernelExports,
  scratch: KernelScratch,
  records: Uint8Array,
  layout: RecordLayout,
  runs: readonly LeafRun[],
  tree: BinnedTree,
  margin: Float64Array,
): void {
  if (tree.column.length * NODE_BYTES + 1024 > scratch.freeBytes) {
    scalarRecordOperations.addRecordLeaves(records, layout, runs, tree, margin);
    return;
  }
  const column = scratch.place(tree.column);
  const left = scratch.place(tree.left);
  const binSets = scratch.place(tree.binSets);
  const value = scratch.place(tree.value);
  for (const { start, end, node, steps } of runs) {
    if (steps === 1) {
      const first = tree.left[node]!;
      compiled.addRecordPairs(
        records.byteOffset + start * layout.bytes,
        end - start,
        layout.rowAt,
        tree.column[node]!,
        binSets + node * 4 * BIN_SET_WORDS,
        tree.value[first]!,
        tree.value[first + 1]!,
        margin.byteOffset,
      );
      continue;
    }
    compiled.addRecordLeaves(
      records.byteOffset + start * layout.bytes,
      end - start,
      layout.rowAt,
      column,
      left,
      binSets,
      value,
      node,
      steps,
      margin.byteOffset,
    );
  }
}
