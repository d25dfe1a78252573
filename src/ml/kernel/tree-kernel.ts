/**
 * Operations of the tree family. Bins are row-major: `bins[row * columnCount + column]`.
 *
 * A histogram of one node holds `stride` numbers a bin, bins of column c at `binStart[c]`:
 *   gradient histograms  [ sum of gradients, sum of hessians, rows ]                     stride 3
 *   class histograms     [ weight of class 0, …, weight of class K-1, rows ]             stride K + 1
 * A set of bins is eight 32-bit words: bin b is in it if bit b % 32 of word b / 32 is set.
 */

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
}

export interface TreeKernel {
  /**
   * Bins of one numeric column: index of the first threshold that is not below the value, `thresholds.length`
   * above all of them, one more for NaN.
   */
  binNumbers(
    numeric: Float64Array,
    numericWidth: number,
    numericColumn: number,
    thresholds: Float64Array,
    bins: Uint8Array,
    columnCount: number,
    binColumn: number,
  ): void;

  /**
   * Adds rows `order[start…end-1]` to the gradient histogram at `offset`; `gradient` holds (gradient,
   * hessian) pairs.
   */
  gradientHistogram(
    bins: Uint8Array,
    order: Int32Array,
    start: number,
    end: number,
    gradient: Float64Array,
    binStart: Int32Array,
    histogram: Float64Array,
    offset: number,
  ): void;

  /** Adds rows `order[start…end-1]` to the class histogram at `offset`. */
  classHistogram(
    bins: Uint8Array,
    order: Int32Array,
    start: number,
    end: number,
    label: Float64Array,
    weight: Float64Array,
    classCount: number,
    binStart: Int32Array,
    histogram: Float64Array,
    offset: number,
  ): void;

  /**
   * Reorders `order[start…end-1]`: rows whose bin of the column is in the set at `setOffset` first, both
   * sides keeping their order. Gives the number of rows that went first. `scratch` has room for the rows.
   */
  partitionRows(
    bins: Uint8Array,
    columnCount: number,
    order: Int32Array,
    start: number,
    end: number,
    column: number,
    binSets: Int32Array,
    setOffset: number,
    scratch: Int32Array,
  ): number;

  /** Adds the value of each row's leaf to `margin[row]`. */
  addLeafValues(bins: Uint8Array, columnCount: number, tree: BinnedTree, margin: Float64Array): void;
}
