/**
 * Operations on the rows of one tree as records, those of a node side by side. A record is the bins of all columns, then
 * what the row adds to a bin:
 *
 *   counting   one byte, the class 0 or 1, at the end of the record; a bin holds [ rows of class 1, rows ] as two uint32
 *   summing    two float64 at the end of the record; a bin holds their sums
 *
 * What is summed are multiples of fixed units (fixed-point.ts): sums are exact. A histogram has FOREST_SLOTS bins a
 * column. All arrays lie in a training's memory, histograms at multiples of 16 bytes.
 */

/** Bins of a column of a histogram; the last ones stay empty. */
export const FOREST_SLOTS = 260;
/** Bytes of a bin. */
export const COUNTING_BIN_BYTES = 8;
export const SUMMING_BIN_BYTES = 16;
/** Bytes of a column's counters while records are counted. */
export const COUNTER_BYTES: number = FOREST_SLOTS * 4;
/** A row that takes no part. */
export const MARK_NONE = 255;

/** Bytes of a search's scratch: a list of pairs, a list of bins, bins of a column, which of them are in use. */
const LIST_BYTES: number = 258 * 16 + 256 * 4;
export const SEARCH_SCRATCH_BYTES: number = LIST_BYTES + FOREST_SLOTS * SUMMING_BIN_BYTES + 64;

/** How the records of a training look. */
export interface ForestLayout {
  readonly columnCount: number;
  /** A multiple of 16. */
  readonly recordBytes: number;
  readonly isCounting: boolean;
}

/** Rows of one partition, to draw from. */
export interface ForestSource {
  /** Row-major. */
  readonly bins: Uint8Array;
  /** Of each row the class, 0 when summing, or MARK_NONE. */
  readonly marks: Uint8Array;
  /** Two numbers a row; read when summing. */
  readonly facts: Float64Array;
  /** Number of the first row among all. */
  readonly firstRow: number;
}

/** Records of one tree, and counters that are zero whenever nothing is counted. */
export interface ForestSpace {
  readonly layout: ForestLayout;
  readonly records: Uint8Array;
  readonly counters: Uint8Array;
}

/** Which records belong in front. */
export interface ForestTest {
  readonly column: number;
  readonly lastBin: number;
  /** A further bin that belongs to the first ones; 256 for none. */
  readonly missingBin: number;
  /** Whether all others belong in front instead. */
  readonly flip: boolean;
}

/** Places in `settings` of a search: how Newton's criterion judges (src/ml/tree/criterion.ts). */
export const SearchSetting = {
  /** Gradients are centre × second sum - first sum. */
  centre: 0,
  /** Sums of the node. */
  first: 1,
  second: 2,
  l1: 3,
  l2: 4,
  /** Least second sum of a side; above 0. */
  least: 5,
} as const;

/** Places in `best` of a search. */
export const SearchResult = {
  /** Score of both sides, or of the node where there is no cut. */
  score: 0,
  /** -1 where no cut is better than none. */
  column: 1,
  lastBin: 2,
  missingLeft: 3,
  /** Sums of the left side. */
  first: 4,
  second: 5,
  hasMissing: 6,
} as const;

/** What a search reads and writes. */
export interface ForestSearch {
  /** Columns to look at, at the start. */
  readonly columns: Int32Array;
  /** Bins of every column, the missing one left out. */
  readonly binCounts: Int32Array;
  readonly settings: Float64Array;
  readonly best: Float64Array;
  /** Zeroed once. */
  readonly scratch: Uint8Array;
}

export interface ForestKernel {
  /**
   * Writes records from number `first` on, of the rows whose hash with `seed` is below `limit` (of 2^32); gives how many.
   * There must be room for one record more than that.
   */
  drawTreeRows(source: ForestSource, limit: number, seed: number, space: ForestSpace, first: number): number;

  /** Makes the histogram of `count` records. */
  sumTreeRows(space: ForestSpace, first: number, count: number, histogram: Uint8Array): void;

  /** Moves the records that belong in front there; gives how many, and makes their histogram if one is given. */
  splitTreeRows(
    space: ForestSpace,
    first: number,
    count: number,
    test: ForestTest,
    histogram: Uint8Array | undefined,
  ): number;

  /** Takes one histogram away from another. */
  subtractTreeRows(layout: ForestLayout, from: Uint8Array, part: Uint8Array): void;

  /** The best cut over the first `columnCount` of the search's columns: the first one of those that are equal. */
  searchTreeHistogram(
    layout: ForestLayout,
    histogram: Uint8Array,
    search: ForestSearch,
    columnCount: number,
  ): void;

  /** The same from the records themselves: for nodes of few rows. */
  searchTreeRows(
    space: ForestSpace,
    first: number,
    count: number,
    search: ForestSearch,
    columnCount: number,
  ): void;
}
