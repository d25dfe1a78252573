/**
 * Gradient histograms in whole numbers, and the search for a node's best cut in them. A histogram has
 * HISTOGRAM_COLUMN_BYTES a column, 16 a bin: the sum of gradients in 64 bits, and in 64 more the sum of hessians shifted
 * left by `countBits` with the number of rows below it. The bin behind a column's last one is of missing values.
 */
import type { FixedPoint } from './fixed-point.ts';
import type { RecordLayout, RecordRun } from './record-kernel.ts';

/** 32-bit words of a bin, and of a column: 256 bins and one more (kernels/assembly/histogram.ts says why). */
export const BIN_WORDS = 4;
export const COLUMN_WORDS: number = 257 * BIN_WORDS;
/** Bytes of a column's histogram. */
export const HISTOGRAM_COLUMN_BYTES: number = 4 * COLUMN_WORDS;

/** Records that are searched without a histogram, at most. */
export const SEARCHED_RECORDS = 512;

/** Numbers that tell a column to the search: its number, its bins, 1 if each bin is a cut of its own (else 0). */
export const COLUMN_NUMBERS = 3;

/** Numbers of a search's result. */
export const CUT_NUMBERS = 8;

/** Where they are. */
export const CutResult = {
  /** 0 like all numbers but the column if there is no cut that gains anything. */
  gain: 0,
  /** -1 if there is no cut. */
  column: 1,
  /** The last bin that goes left, or the only one. */
  bin: 2,
  /** 1 if missing values go left. */
  missingLeft: 3,
  /** Sums of the left side. */
  gradient: 4,
  hessian: 5,
  rows: 6,
  /** 1 if the column has missing values in the node. */
  hasMissing: 7,
} as const;

/** What a cut must keep, and how it is judged: score T(G)² / (H + λ), T the soft threshold by α. */
export interface CutRules {
  /** α. */
  readonly l1: number;
  /** λ. */
  readonly l2: number;
  /** Least hessian of a side; with λ above 0. */
  readonly leastHessian: number;
  /** Least rows of a side. */
  readonly leastRows: number;
}

export interface NodeSearchKernel {
  /** Adds the sums of neighbouring columns to the target's. */
  mergeHistogram(target: Uint8Array, source: Uint8Array): void;
  /** Takes the sums of neighbouring columns away from those of the whole. */
  subtractHistogram(whole: Uint8Array, part: Uint8Array): void;
  /**
   * The best cut of a node with `total` [gradient, hessian, rows] by some columns, COLUMN_NUMBERS each, of its histogram.
   * Ties go to the first column, in it to the first bin, there to missing values on the right. `best`: CutResult.
   */
  searchHistogram(
    histogram: Uint8Array,
    columns: Int32Array,
    total: Float64Array,
    rules: CutRules,
    units: FixedPoint,
    best: Float64Array,
  ): void;
  /** The same of the records of a run, at most SEARCHED_RECORDS, without a histogram of all columns. */
  searchRecords(
    run: RecordRun,
    layout: RecordLayout,
    columns: Int32Array,
    total: Float64Array,
    rules: CutRules,
    units: FixedPoint,
    best: Float64Array,
  ): void;
}
