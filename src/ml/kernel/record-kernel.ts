/**
 * Operations on rows as records, which are moved to the children of a split so that a node's rows lie side by side:
 *
 *   [ bins, one byte a column, padded to a multiple of 4 ][ row number ][ gradient ][ hessian ]   4 bytes each
 *
 * Gradient and hessian are whole numbers of their units. The order of records means nothing: what is summed is exact.
 */
import type { FixedPoint } from './fixed-point.ts';
import type { BinnedTree } from './tree-kernel.ts';

/** Bytes of a record behind its bins. */
const TAIL_BYTES = 12;

/** Where things lie in a record. */
export interface RecordLayout {
  readonly columnCount: number;
  /** Of the row number, a 32-bit word; gradient and hessian follow it. */
  readonly rowAt: number;
  /** Bytes of a record. */
  readonly bytes: number;
}

export function recordLayout(columnCount: number): RecordLayout {
  const rowAt = Math.ceil(columnCount / 4) * 4;
  return { columnCount, rowAt, bytes: rowAt + TAIL_BYTES };
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

  /** Fetches gradients and hessians of the first `count` records from pairs a row, multiples of the units. */
  loadRecordFacts(
    records: Uint8Array,
    layout: RecordLayout,
    count: number,
    facts: Float64Array,
    units: FixedPoint,
  ): void;

  /** Writes the gradient histogram of records at `offset` (tree-kernel.ts says what that is). */
  recordHistogram(
    runs: readonly RecordRun[],
    layout: RecordLayout,
    binStart: Int32Array,
    units: FixedPoint,
    histogram: Float64Array,
    offset: number,
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

  /** Adds the value of each record's leaf to `margin[row]`. */
  addRecordLeaves(
    records: Uint8Array,
    layout: RecordLayout,
    runs: readonly LeafRun[],
    tree: BinnedTree,
    margin: Float64Array,
  ): void;
}
