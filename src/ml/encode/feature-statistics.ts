/** What SQL finds out about a feature's training rows before they are encoded. */

/** How often a value occurs. */
export interface CategoryCount {
  readonly value: string;
  /** Rows with the value; for arrays of texts, rows whose array contains it. */
  readonly count: number;
}

/**
 * Statistics of one feature, by the kind of its input; `nullCount` is the number of rows where it is NULL.
 */
export type FeatureStatistics =
  | { readonly kind: 'number' }
  | { readonly kind: 'text'; readonly categories: readonly CategoryCount[]; readonly nullCount: number }
  /** Calendar years (UTC) that occur, in any order. */
  | { readonly kind: 'timestamp'; readonly hasNull: boolean; readonly years: readonly number[] }
  /** Elements of every array; arrays of different lengths are refused before this. */
  | { readonly kind: 'numbers'; readonly length: number }
  | { readonly kind: 'texts'; readonly categories: readonly CategoryCount[]; readonly nullCount: number };
