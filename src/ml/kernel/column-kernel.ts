/** Operations on staged rows (see ../staged-rows.ts): statistics of a column, and turning columns into rows. */

/**
 * Numbers of a summary: values that are not NaN; that are finite; sum of the finite ones; what rounding left out of
 * that sum, roughly; sum of their squared deviations from their mean; least and greatest value, infinite ones included
 * (∞ and -∞ of none); values below `low`; values from `low` to `high`.
 */
export const SummaryPlace = {
  present: 0,
  finite: 1,
  sum: 2,
  rest: 3,
  squares: 4,
  least: 5,
  greatest: 6,
  below: 7,
  between: 8,
} as const;
export const SUMMARY_COUNT = 9;
/** Numbers of a column's scaling: mean, scale, what NaN becomes. */
export const SCALING_COUNT = 3;

/** Columns of a block to be summarised, and the bounds between which the values of each are wanted. */
export interface SummarizedColumns {
  readonly columns: Int32Array;
  readonly lows: Float64Array;
  readonly highs: Float64Array;
}

export interface ColumnKernel {
  /**
   * Writes the summaries of chosen columns of a block of `count` rows, and the values of each from its low to its high in
   * their order, one column's behind the other's, to the start of `between`, which has room for all values and one more.
   */
  summarizeBlock(
    block: Float64Array,
    count: number,
    columns: SummarizedColumns,
    summaries: Float64Array,
    between: Float64Array,
  ): void;
  /**
   * Turns a block of `count` values of each of `width` columns, column after column, into `count` rows in the same
   * place. `scaling` has SCALING_COUNT numbers a column: x becomes (x - mean) / scale; undefined leaves numbers as
   * they are.
   */
  settleRows(block: Float64Array, count: number, width: number, scaling: Float64Array | undefined): void;
}
