/**
 * Operations on rows as records, which are moved to the children of a split so that a node's rows lie side by side:
 *
 *   [ bins, one byte a column, padded to a multiple of 4 ][ row word ][ gradient ][ hessian ]   4 bytes each
 *   [ number ]                                                                                 float64
 *
 * Gradient and hessian are whole numbers of their units. The row word is the row's number, with the label of two classes
 * in its highest bit, and in the next one a mark. The number is what gradients come of: the margin without the base (logistic loss), or prediction -
 * label (squared loss). The order of records means nothing to sums of gradients, which are exact.
 */
import type { FixedPoint } from './fixed-point.ts';
import type { BinnedTree } from './tree-kernel.ts';

/** Bytes of a record behind its bins. */
const TAIL_BYTES = 20;
const NUMBER_OFFSET = 12;

/** Where things lie in a record. */
export interface RecordLayout {
  readonly columnCount: number;
  /** Of the row word; gradient and hessian follow it. */
  readonly rowAt: number;
  readonly numberAt: number;
  /** Bytes of a record. */
  readonly bytes: number;
}

export function recordLayout(columnCount: number): RecordLayout {
  const rowAt = Math.ceil(columnCount / 4) * 4;
  return { columnCount, rowAt, numberAt: rowAt + NUMBER_OFFSET, bytes: rowAt + TAIL_BYTES };
}

/** Records `start…end-1` of one partition. */
export interface RecordRun {
  readonly records: Uint8Array;
  readonly start: number;
  readonly end: number;
}

/** Records that stand at a node of a tree. */
export interface LeafRun {
  readonly start: number;
  readonly end: number;
  readonly node: number;
  /** Splits on the longest way from the node to a leaf. */
  readonly steps: number;
}

/** What is done between two trees. */
export interface RecordStep {
  readonly objective: 'logistic' | 'squared';
  /** Runs of records one after the other, from the first record on. */
  readonly runs: readonly LeafRun[];
  /** Tree whose leaf values are added to the records' numbers. */
  readonly tree: BinnedTree;
  /** Added to numbers that are margins. */
  readonly base: number;
  /** Weights by row; undefined if all are 1. */
  readonly weight: Float64Array | undefined;
  readonly units: FixedPoint;
  readonly writeGradients: boolean;
}

/** Weighted sums over records. */
export interface RecordSums {
  /** Log losses, or squared errors. */
  loss: number;
  /** Absolute errors, and the greatest of them; squared loss only. */
  error: number;
  errorMax: number;
}

export interface RecordKernel {
  /**
   * Writes bins of `rowCount` rows, column by column in `columns`, into the records from `firstRow` on, as their columns
   * from `firstColumn` on.
   */
  writeRecordBins(
    columns: Uint8Array,
    rowCount: number,
    records: Uint8Array,
    layout: RecordLayout,
    firstRow: number,
    firstColumn: number,
  ): void;

  /** Adds records to the histogram of all columns (node-search.ts says what that is); `isNew`: to nothing. */
  recordHistogram(
    runs: readonly RecordRun[],
    layout: RecordLayout,
    units: FixedPoint,
    histogram: Uint8Array,
    isNew: boolean,
  ): void;

  /**
   * Moves records `start…end-1` whose byte at `byteAt` is in the set at `setOffset` to the front; gives how many went
   * there. They keep their order, the others do not.
   */
  partitionRecords(
    records: Uint8Array,
    layout: RecordLayout,
    start: number,
    end: number,
    byteAt: number,
    binSets: Int32Array,
    setOffset: number,
  ): number;

  /**
   * Adds the value of each record's leaf to its number; gives the sums of the loss at the numbers. Writes gradients and
   * hessians, rounded to the units: w (p - y) and w p (1 - p) of probabilities in single precision, or w × error and w.
   */
  boostRecords(records: Uint8Array, layout: RecordLayout, step: RecordStep): RecordSums;
}
