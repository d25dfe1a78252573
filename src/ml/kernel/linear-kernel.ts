/** Operations of the linear family: moments, margins, gradients and Gram matrices over encoded rows. */

/**
 * Encoded rows as these operations read them (see layout.ts): arrays, and where each block's indicators
 * begin.
 */
export interface LinearRows {
  readonly numeric: Float64Array;
  readonly numericWidth: number;
  readonly codes: Int32Array;
  /** Encoded column of code 0 of each block. */
  readonly offsets: Int32Array;
}

/** Numbers a column has in a moments array: count, mean, sum of squared deviations, least, greatest. */
export const MOMENT_COUNT = 5;

export interface LinearKernel {
  /**
   * Count, mean, sum of squared deviations from the mean, least and greatest of the columns of a row-major
   * matrix, NaN left out: MOMENT_COUNT numbers a column, written to `moments`. Of no value at all: 0, 0, 0, ∞,
   * -∞.
   */
  columnMoments(matrix: Float64Array, width: number, rowCount: number, moments: Float64Array): void;
  /**
   * margins[row × outputs + k] = coefficients[k] · x + intercept[k] for `count` rows from `first`.
   * Coefficients are outputs × stride, the intercept last in each; stride is the encoded width plus one.
   */
  linearMargins(
    rows: LinearRows,
    first: number,
    count: number,
    coefficients: Float64Array,
    stride: number,
    outputs: number,
    margins: Float64Array,
  ): void;
  /** Adds Σ multipliers[row × outputs + k] · (x, 1) to gradient[k], shaped as the coefficients. */
  addLinearGradient(
    rows: LinearRows,
    first: number,
    count: number,
    multipliers: Float64Array,
    stride: number,
    outputs: number,
    gradient: Float64Array,
  ): void;
  /**
   * Turns margins into weight × (margin - label), the squared loss's derivative, in place; gives Σ weight ×
   * (margin - label)². `label` and `weight` are read from `first` on.
   */
  squaredMultipliers(
    margins: Float64Array,
    first: number,
    count: number,
    label: Float64Array,
    weight: Float64Array,
  ): number;
  /**
   * The same for the logistic loss, labels 0 and 1: weight × (σ(margin) - label); gives Σ weight × log loss.
   */
  logisticMultipliers(
    margins: Float64Array,
    first: number,
    count: number,
    label: Float64Array,
    weight: Float64Array,
  ): number;
  /**
   * The same for the softmax loss over `outputs` classes: weight × (p[k] - [label = k]); gives Σ weight × log
   * loss.
   */
  softmaxMultipliers(
    margins: Float64Array,
    first: number,
    count: number,
    outputs: number,
    label: Float64Array,
    weight: Float64Array,
  ): number;
  /**
   * Adds Σ weight · z zᵀ to the packed lower triangle `gram` (row i begins at i(i+1)/2) and Σ weight · target
   * · z to `moment`, where z = (1, numeric - shift, indicators): the intercept is index 0. `weight` and
   * `target` are read from index 0 on; `scratch` holds numericWidth numbers.
   */
  addGram(
    rows: LinearRows,
    first: number,
    count: number,
    shift: Float64Array,
    weight: Float64Array,
    target: Float64Array,
    gram: Float64Array,
    moment: Float64Array,
    scratch: Float64Array,
  ): void;
}
