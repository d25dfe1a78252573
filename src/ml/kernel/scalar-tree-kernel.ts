/** Tree family operations in plain TypeScript: oracle and fallback of the compiled kernel. */
import type { FixedPoint } from './fixed-point.ts';
import { logisticLoss, plainLossScratch, scalarLogisticBlock } from './scalar-objective.ts';
import { BIN_SET_WORDS, type BinnedTree, type RowRun, type TreeKernel } from './tree-kernel.ts';

function sortColumn(
  numeric: Float64Array,
  numericWidth: number,
  column: number,
  weight: Float64Array,
  values: Float64Array,
): number {
  let count = 0;
  for (let row = 0; row < weight.length; row++) {
    const value = numeric[row * numericWidth + column]!;
    if (value === value && weight[row]! > 0) values[count++] = value;
  }
  values.subarray(0, count).sort();
  return count;
}

function binNumbers(
  numeric: Float64Array,
  numericWidth: number,
  numericColumn: number,
  thresholds: Float64Array,
  bins: Uint8Array,
): void {
  const count = thresholds.length;
  let target = 0;
  for (let source = numericColumn; source < numeric.length; source += numericWidth) {
    const value = numeric[source]!;
    let low = 0;
    let high = count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (value <= thresholds[middle]!) high = middle;
      else low = middle + 1;
    }
    bins[target++] = value === value ? low : count + 1;
  }
}

function binRows(columns: Uint8Array, columnCount: number, rows: Uint8Array): void {
  const rowCount = rows.length / columnCount;
  for (let row = 0; row < rowCount; row++) {
    for (let column = 0; column < columnCount; column++) {
      rows[row * columnCount + column] = columns[column * rowCount + row]!;
    }
  }
}

function gradientHistogram(
  runs: readonly RowRun[],
  binStart: Int32Array,
  _units: FixedPoint,
  histogram: Float64Array,
  offset: number,
): void {
  const columnCount = binStart.length - 1;
  for (const { bins, order, start, end, facts } of runs) {
    for (let position = start; position < end; position++) {
      const row = order[position]!;
      const first = facts[2 * row]!;
      const second = facts[2 * row + 1]!;
      const base = row * columnCount;
      for (let column = 0; column < columnCount; column++) {
        const slot = offset + 3 * (binStart[column]! + bins[base + column]!);
        histogram[slot] = histogram[slot]! + first;
        histogram[slot + 1] = histogram[slot + 1]! + second;
        histogram[slot + 2] = histogram[slot + 2]! + 1;
      }
    }
  }
}

function classHistogram(
  runs: readonly RowRun[],
  classCount: number,
  binStart: Int32Array,
  histogram: Float64Array,
  offset: number,
): void {
  const columnCount = binStart.length - 1;
  const stride = classCount + 1;
  for (const { bins, order, start, end, facts } of runs) {
    for (let position = start; position < end; position++) {
      const row = order[position]!;
      const classIndex = facts[2 * row]! | 0;
      const share = facts[2 * row + 1]!;
      const base = row * columnCount;
      for (let column = 0; column < columnCount; column++) {
        const slot = offset + stride * (binStart[column]! + bins[base + column]!);
        histogram[slot + classIndex] = histogram[slot + classIndex]! + share;
        histogram[slot + classCount] = histogram[slot + classCount]! + 1;
      }
    }
  }
}

/** Rows that go right, while the others move up; grows as needed and is kept. */
let sideRows = new Int32Array(1024);

function partitionRows(
  bins: Uint8Array,
  order: Int32Array,
  start: number,
  end: number,
  binSets: Int32Array,
  setOffset: number,
): number {
  if (sideRows.length < end - start) sideRows = new Int32Array(2 * (end - start));
  const scratch = sideRows;
  let left = start;
  let right = 0;
  for (let position = start; position < end; position++) {
    const row = order[position]!;
    const bin = bins[row]!;
    const isLeft = (binSets[setOffset + (bin >>> 5)]! >>> (bin & 31)) & 1;
    // Written to both sides, kept on one: no branch to mispredict. `left` never passes `position`.
    scratch[right] = row;
    order[left] = row;
    left += isLeft;
    right += 1 - isLeft;
  }
  for (let position = 0; position < right; position++) order[left + position] = scratch[position]!;
  return left - start;
}

function addLeafValues(bins: Uint8Array, columnCount: number, tree: BinnedTree, margin: Float64Array): void {
  const { column, left, binSets, value } = tree;
  let base = 0;
  for (let row = 0; row < margin.length; row++) {
    let node = 0;
    let split = column[0]!;
    while (split >= 0) {
      const bin = bins[base + split]!;
      const isLeft = (binSets[node * BIN_SET_WORDS + (bin >>> 5)]! >>> (bin & 31)) & 1;
      node = left[node]! + 1 - isLeft;
      split = column[node]!;
    }
    margin[row] = margin[row]! + value[node]!;
    base += columnCount;
  }
}

export const scalarTreeOperations: TreeKernel = {
  sortColumn,
  binNumbers,
  binRows,
  gradientHistogram,
  classHistogram,
  partitionRows,
  addLeafValues,
  logisticGradients: (rows, base, units) =>
    logisticLoss(scalarLogisticBlock, rows, base, units, plainLossScratch()),
};
