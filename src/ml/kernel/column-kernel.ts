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

export interface ColumnKernel {
  /**
   * Writes the summary of a column's values, and those from `low` to `high` in their order to the start of `between`,
   * which has room for all values and one more.
   */
  summarizeColumn(
    values: Float64Array,
    low: number,
    high: number,
    summary: Float64Array,
    between: Float64Array,
  ): void;
  /**
   * Turns a block of `count` values of each of `width` columns, column after column, into `count` rows in the same
   * place. `scaling` has SCALING_COUNT numbers a column: x becomes (x - mean) / scale; undefined leaves numbers as
   * they are.
   */
  settleRows(block: Float64Array, count: number, width: number, scaling: Float64Array | undefined): void;
}
