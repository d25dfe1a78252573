/**
 * Operations of the tree family. Bins are kept twice: row-major for histograms (`bins[row * columnCount + column]`), and
 * column by column for moving rows.
 *
 * A histogram of one node holds `stride` numbers a bin, bins of column c at `binStart[c]`:
 *   gradient histograms  [ sum of gradients, sum of hessians, rows ]                     stride 3
 *   class histograms     [ weight of class 0, …, weight of class K-1, rows ]             stride K + 1
 * What is summed are multiples of fixed units (fixed-point.ts), so that the order of rows does not matter.
 * A set of bins is eight 32-bit words: bin b is in it if bit b % 32 of word b / 32 is set.
 */
import type { FixedPoint } from './fixed-point.ts';

/** 32-bit words of one set of bins. */
export const BIN_SET_WORDS = 8;

/** A grown tree over bins. Node 0 is the root; the right child follows the left one. */
export interface BinnedTree {
  /** Bin column that the node splits on, -1 at a leaf. */
  readonly column: Int32Array;
  /** Left child; unused at a leaf. */
  readonly left: Int32Array;
  /** BIN_SET_WORDS a node: the bins that go left. */
  readonly binSets: Int32Array;
  /** Value of each node; only leaves' count. */
  readonly value: Float64Array;
  /** Splits on the longest way to a leaf. */
  readonly depth: number;
}

/** Rows `order[start…end-1]` of one partition. */
export interface RowRun {
  /** Row-major. */
  readonly bins: Uint8Array;
  readonly order: Int32Array;
  readonly start: number;
  readonly end: number;
  /** Two numbers a row: gradient and hessian, or class and weight; multiples of the units. */
  readonly facts: Float64Array;
}

/** What one evaluation of a loss reads and writes, one output of a partition. */
export interface LossRows {
  readonly label: Float64Array;
  readonly weight: Float64Array;
  /** Without the base margin. */
  readonly margin: Float64Array;
  /** Receives pairs (gradient, hessian); undefined when only the loss is wanted. */
  readonly gradient: Float64Array | undefined;
}

export interface TreeKernel {
  /**
   * Writes the values of a column that are not NaN and whose row has a weight above 0 to the start of `values`,
   * ascending; gives how many. `values` has room for twice the rows: the rest is scratch.
   */
  sortColumn(
    numeric: Float64Array,
    numericWidth: number,
    column: number,
    weight: Float64Array,
    values: Float64Array,
  ): number;

  /**
   * Bins of one numeric column into a column of bins: index of the first threshold that is not below the value,
   * `thresholds.length` above all of them, one more for NaN. At most 255 thresholds.
   */
  binNumbers(
    numeric: Float64Array,
    numericWidth: number,
    numericColumn: number,
    thresholds: Float64Array,
    bins: Uint8Array,
  ): void;

  /** Column-major bins of `rows.length / columnCount` rows to row-major ones. */
  binRows(columns: Uint8Array, columnCount: number, rows: Uint8Array): void;

  /** Adds rows to the gradient histogram at `offset`. */
  gradientHistogram(
    runs: readonly RowRun[],
    binStart: Int32Array,
    units: FixedPoint,
    histogram: Float64Array,
    offset: number,
  ): void;

  /** Adds rows to the class histogram at `offset`. */
  classHistogram(
    runs: readonly RowRun[],
    classCount: number,
    binStart: Int32Array,
    histogram: Float64Array,
    offset: number,
  ): void;

  /**
   * Reorders `order[start…end-1]`: rows whose bin is in the set at `setOffset` first, both sides keeping their order.
   * `bins` is one column. Gives the number of rows that went first.
   */
  partitionRows(
    bins: Uint8Array,
    order: Int32Array,
    start: number,
    end: number,
    binSets: Int32Array,
    setOffset: number,
  ): number;

  /** Adds the value of each row's leaf to `margin[row]`. */
  addLeafValues(bins: Uint8Array, columnCount: number, tree: BinnedTree, margin: Float64Array): void;

  /**
   * Weighted sum of logistic losses at the margins plus `base`, labels 0 and 1. Writes gradients w (p - y) and hessians
   * w p (1 - p), rounded to the units.
   */
  logisticGradients(rows: LossRows, base: number, units: FixedPoint): number;
}
