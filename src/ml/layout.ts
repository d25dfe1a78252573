/**
 * How encoded rows lie in memory.
 *
 *   one row:  [ numeric 0 … numeric W-1 ]  [ code 0 … code C-1 ]   [ label ]  [ weight ]
 *               float64, row-major           int32, row-major        float64    float64
 *
 * A category block stands for `cardinality` indicator columns of which at most one is 1: the one its code names
 * (0-based); code -1 means that none is. So a table with one column of 10,000 categories costs four bytes a row, and a
 * linear model still has 10,000 coefficients for it. In the encoded space column `offset + code` is that indicator;
 * numeric columns come first, at their own index.
 */

/** Indicator columns that one int32 code a row stands for. */
export interface CategoryBlock {
  /** Index of the block's first indicator among all encoded columns; at least the layout's numericWidth. */
  readonly offset: number;
  /** Number of indicators. */
  readonly cardinality: number;
}

export interface FeatureLayout {
  /** Dense float64 columns. */
  readonly numericWidth: number;
  readonly categories: readonly CategoryBlock[];
  /** All encoded columns: numericWidth plus every cardinality. */
  readonly width: number;
}

/** Encoded rows without labels: what a model scores. */
export interface EncodedRows {
  readonly layout: FeatureLayout;
  readonly rowCount: number;
  /** rowCount × numericWidth, row-major. NaN is a missing value (only where the encoding keeps missing values). */
  readonly numeric: Float64Array;
  /** rowCount × categories.length, row-major; -1 is no indicator. */
  readonly codes: Int32Array;
}
