/**
 * Standard errors of linear coefficients: square roots of the diagonal of variance · (Hessian)⁻¹, where the
 * Hessian is that of the penalised objective. Source: functions reference, 5.2 (ordinary least squares;
 * inverse Fisher information).
 */
import type { FeatureEncoder } from '../encode/feature-encoder.ts';
import type { CholeskyFactor } from '../solver/cholesky.ts';

export interface StandardErrors {
  /** On standardised inputs, in coefficient order (intercept last); NaN for columns that depend on others. */
  readonly ofCoefficients: Float64Array;
  /** Of the intercept in original units. */
  readonly ofOriginalIntercept: number;
}

/** mean / scale of each numeric encoded column. */
export function originOf(encoder: FeatureEncoder): Float64Array {
  const origin = new Float64Array(encoder.layout.numericWidth);
  for (const column of encoder.columns) {
    if (column.kind === 'numeric') origin[column.index] = column.mean / column.scale;
  }
  return origin;
}

/** Errors from a factorised Hessian over z = (1, numeric - shift, indicators), intercept first. */
export function standardErrors(
  factor: CholeskyFactor,
  variance: number,
  shift: Float64Array,
  encoder: FeatureEncoder,
): StandardErrors {
  const diagonal = factor.inverseDiagonal();
  const width = factor.size - 1;
  const ofCoefficients = new Float64Array(factor.size);
  for (let column = 0; column < width; column++)
    ofCoefficients[column] = Math.sqrt(variance * diagonal[column + 1]!);
  const origin = originOf(encoder);
  ofCoefficients[width] = interceptError(factor, variance, shift);
  const moved = shift.map((mean, column) => mean + origin[column]!);
  return { ofCoefficients, ofOriginalIntercept: interceptError(factor, variance, moved) };
}

/** Error of (intercept - Σ moved_j · v_j). */
function interceptError(factor: CholeskyFactor, variance: number, moved: Float64Array): number {
  if (factor.isDropped[0] === 1) return Number.NaN;
  const combination = new Float64Array(factor.size);
  combination[0] = 1;
  moved.forEach((mean, column) => {
    combination[column + 1] = factor.isDropped[column + 1] === 1 ? 0 : -mean;
  });
  const solved = factor.solve(combination);
  let square = 0;
  for (let place = 0; place < factor.size; place++) square += combination[place]! * solved[place]!;
  return Math.sqrt(variance * square);
}
