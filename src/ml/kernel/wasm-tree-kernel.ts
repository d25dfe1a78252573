/** Tree family operations of the compiled kernel. */
import type { FixedPoint } from './fixed-point.ts';
import { HISTOGRAM_COLUMNS, histogramOutputBytes, type KernelScratch } from './kernel-scratch.ts';
import { HISTOGRAM_COLUMN_BYTES } from './node-search.ts';
import { LOSS_BLOCK_ROWS, logisticLoss, type LogisticBlock } from './scalar-objective.ts';
import { scalarTreeOperations } from './scalar-tree-kernel.ts';
import { BIN_SET_WORDS, type BinnedTree, type RowRun, type TreeKernel } from './tree-kernel.ts';
import type { KernelExports } from './wasm-module.ts';

const THRESHOLDS = 256;
/** Of so many thresholds the last one is looked at first (kernels/assembly/bins.ts). */
const THRESHOLD_STEP = 16;
/** Counts of a radix sort (kernels/assembly/sort.ts). */
const SORT_COUNT_BYTES: number = 6 * 2048 * 4;
/** Bytes of a node of a tree in the scratch area. */
export const NODE_BYTES: number = 16 + 4 * BIN_SET_WORDS;

type Operations = Omit<TreeKernel, 'classHistogram'>;

/** The operations over a memory; class histograms stay with the plain kernel. */
export function wasmTreeOperations(compiled: KernelExports, scratch: KernelScratch): Operations {
  return {
    sortColumn: (numeric, width, column, weight, values) =>
      compiled.sortColumn(
        numeric.byteOffset + 8 * column,
        width,
        weight.length,
        weight.byteOffset,
        values.byteOffset,
        values.byteOffset + 8 * weight.length,
        scratch.reset().take(SORT_COUNT_BYTES),
      ),
    binNumbers: (numeric, width, column, thresholds, bins) =>
      binNumbers(compiled, scratch, numeric, width, column, thresholds, bins),
    binRows: (columns, columnCount, rows) =>
      compiled.binRows(columns.byteOffset, columnCount, rows.length / columnCount, rows.byteOffset),
    gradientHistogram: (runs, binStart, units, histogram, offset) =>
      gradientHistogram(compiled, scratch.reset(), runs, binStart, units, histogram, offset),
    partitionRows: (bins, order, start, end, binSets, setOffset) => {
      scratch.reset();
      const set = scratch.place(binSets.subarray(setOffset, setOffset + BIN_SET_WORDS));
      const count = end - start;
      const first = order.byteOffset + 4 * start;
      return compiled.partitionRows(bins.byteOffset, first, count, set, scratch.take(4 * count));
    },
    addLeafValues: (bins, columnCount, tree, margin) =>
      addLeafValues(compiled, scratch.reset(), bins, columnCount, tree, margin),
    logisticGradients: (rows, base, units) => {
      const decays = scratch.reset().numbers(LOSS_BLOCK_ROWS);
      return logisticLoss(logisticBlock(compiled), rows, base, units, { decays, sums: scratch.numbers(2) });
    },
  };
}

function binNumbers(
  compiled: KernelExports,
  scratch: KernelScratch,
  numeric: Float64Array,
  numericWidth: number,
  numericColumn: number,
  thresholds: Float64Array,
  bins: Uint8Array,
): void {
  const padded = scratch.reset().numbers(THRESHOLDS);
  padded.fill(Infinity).set(thresholds);
  const every = scratch.numbers(THRESHOLDS / THRESHOLD_STEP);
  for (let index = 0; index < every.length; index++) every[index] = padded[(index + 1) * THRESHOLD_STEP - 1]!;
  compiled.binNumbers(
    numeric.byteOffset + 8 * numericColumn,
    bins.length,
    numericWidth,
    padded.byteOffset,
    every.byteOffset,
    thresholds.length + 1,
    bins.byteOffset,
  );
}

function gradientHistogram(
  compiled: KernelExports,
  scratch: KernelScratch,
  runs: readonly RowRun[],
  binStart: Int32Array,
  units: FixedPoint,
  histogram: Float64Array,
  offset: number,
): void {
  const width = binStart.length - 1;
  const { gradientScale, hessianScale, countBits } = units;
  const sums = scratch.take(Math.min(width, HISTOGRAM_COLUMNS) * HISTOGRAM_COLUMN_BYTES);
  // The histogram as it leaves is written where rows were gathered before.
  const output = scratch.take(histogramOutputBytes(Math.min(width, HISTOGRAM_COLUMNS)));
  for (let column = 0; column < width; column += HISTOGRAM_COLUMNS) {
    const count = Math.min(HISTOGRAM_COLUMNS, width - column);
    compiled.clearHistogram(sums, count);
    for (const { bins, order, start, end, facts } of runs) {
      if (start === end) continue;
      compiled.addGradients(
        bins.byteOffset + column,
        width,
        count,
        order.byteOffset + 4 * start,
        end - start,
        facts.byteOffset,
        gradientScale,
        hessianScale,
        countBits,
        sums,
        output,
      );
    }
    const starts = binStart.subarray(column, column + count + 1);
    const values = unpackHistogram(compiled, scratch, sums, starts, units, output);
    addAll(histogram, offset + 3 * starts[0]!, values);
  }
}

/** Sums of neighbouring columns as a histogram leaves them. `binStart`: their bins; `outputAt` has room for them. */
function unpackHistogram(
  compiled: KernelExports,
  scratch: KernelScratch,
  sumsAt: number,
  binStart: Int32Array,
  { gradientScale, hessianScale, countBits }: FixedPoint,
  outputAt: number,
): Float64Array {
  const count = binStart.length - 1;
  const starts = scratch.place(binStart);
  compiled.unpackHistogram(sumsAt, count, starts, 1 / gradientScale, 1 / hessianScale, countBits, outputAt);
  return new Float64Array(scratch.buffer, outputAt, 3 * (binStart[count]! - binStart[0]!));
}

function addAll(target: Float64Array, offset: number, source: Float64Array): void {
  for (let index = 0; index < source.length; index++) target[offset + index]! += source[index]!;
}

function addLeafValues(
  compiled: KernelExports,
  scratch: KernelScratch,
  bins: Uint8Array,
  columnCount: number,
  tree: BinnedTree,
  margin: Float64Array,
): void {
  if (tree.column.length * NODE_BYTES + 1024 > scratch.freeBytes) {
    scalarTreeOperations.addLeafValues(bins, columnCount, tree, margin);
    return;
  }
  compiled.addLeafValues(
    bins.byteOffset,
    columnCount,
    margin.length,
    scratch.place(tree.column),
    scratch.place(tree.left),
    scratch.place(tree.binSets),
    scratch.place(tree.value),
    tree.depth,
    margin.byteOffset,
  );
}

function logisticBlock(compiled: KernelExports): LogisticBlock {
  return ({ margin, label, weight, gradient }, first, count, base, units, decays, sums) =>
    compiled.logisticGradients(
      margin.byteOffset + 8 * first,
      label.byteOffset + 8 * first,
      weight.byteOffset + 8 * first,
      count,
      base,
      units.gradientScale,
      units.hessianScale,
      gradient === undefined ? 0 : gradient.byteOffset + 16 * first,
      decays.byteOffset,
      sums.byteOffset,
    );
}
