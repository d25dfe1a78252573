/**
 * Least squares in closed form: moments, then the Gram matrix around them, then Cholesky. Columns are shifted
 * by their means first, so that unstandardised ones (arrays of numbers) do not drown in the intercept.
 */
import { invalidData } from '../../core/index.ts';
import type { FitContext } from '../estimator.ts';
import { squaredLossPass } from '../loss/squared-loss.ts';
import { CholeskyFactor } from '../solver/cholesky.ts';
import { gramPass, type GramPartial } from './gram-pass.ts';
import { columnMomentsAt, linearMomentsPass } from './linear-moments-pass.ts';
import { originOf, standardErrors, type StandardErrors } from './standard-error.ts';

/** What one look at the rows tells: where each numeric column and the label lie. */
export interface LinearMoments {
  readonly shift: Float64Array;
  readonly labelMean: number;
}

/** Means of numeric columns and label. Throws 22000 for infinite values, which would poison every sum. */
export async function linearMoments(context: FitContext): Promise<LinearMoments> {
  const { numericWidth } = context.dataset.layout;
  const merged = await context.aggregator.run(linearMomentsPass, undefined);
  const shift = new Float64Array(numericWidth);
  for (let column = 0; column < numericWidth; column++) {
    const { mean, least, greatest, count } = columnMomentsAt(merged, column);
    if (count > 0 && !(Number.isFinite(least) && Number.isFinite(greatest) && Number.isFinite(mean))) {
      throw invalidData('a numeric feature has infinite values', 'They are in an array of numbers.');
    }
    shift[column] = mean;
  }
  const label = columnMomentsAt(merged, numericWidth);
  if (label.count < context.dataset.trainingRowCount) throw invalidData('the label has NULL or NaN values');
  if (!Number.isFinite(label.least) || !Number.isFinite(label.greatest) || !Number.isFinite(label.mean)) {
    throw invalidData('the label has infinite values');
  }
  return { shift, labelMean: label.mean };
}

export interface NormalEquation {
  /** Width plus one, the intercept last. */
  readonly coefficients: Float64Array;
  readonly factor: CholeskyFactor;
  /** Sum of the rows' weights. */
  readonly weight: number;
  readonly shift: Float64Array;
}

/**
 * Solves (ZᵀWZ / Σw + λ₂) v = ZᵀWy / Σw. Without an intercept, columns are shifted to raw 0 instead of the
 * mean and the constant column is left out.
 */
export async function solveNormalEquation(
  context: FitContext,
  moments: LinearMoments,
  l2: number,
): Promise<NormalEquation> {
  const hasIntercept = context.options.flag('FIT_INTERCEPT');
  const shift = hasIntercept ? moments.shift : originOf(context.encoder).map((mean) => -mean);
  const labelShift = hasIntercept ? moments.labelMean : 0;
  const partial = await context.aggregator.run(gramPass, { shift, labelShift });
  await context.aggregator.checkpoint();
  const weight = partial.gram[0]!;
  if (!(weight > 0))
    throw invalidData('the weights of all training rows are 0', 'No row can be learned from.');
  const factor = await hessianFactor(context, partial, weight, l2);
  const solution = factor.solve(partial.moment.map((sum) => sum / weight));
  const coefficients = new Float64Array(solution.length);
  coefficients.set(solution.subarray(1));
  let intercept = labelShift + solution[0]!;
  for (let column = 0; column < shift.length; column++) intercept -= coefficients[column]! * shift[column]!;
  coefficients[solution.length - 1] = intercept;
  return { coefficients, factor, weight, shift };
}

/** Factorises gram / weight + λ₂ on all but the intercept. The partial's matrix is used up. */
export function hessianFactor(
  { aggregator, options }: FitContext,
  partial: GramPartial,
  weight: number,
  l2: number,
): Promise<CholeskyFactor> {
  const { gram } = partial;
  const size = partial.moment.length;
  for (let place = 0; place < gram.length; place++) gram[place]! /= weight;
  for (let row = 1; row < size; row++) gram[(row * (row + 1)) / 2 + row]! += l2;
  const excluded = options.flag('FIT_INTERCEPT') ? [] : [0];
  return CholeskyFactor.factorise(gram, size, excluded, () => aggregator.checkpoint());
}

/** Mean squared error of coefficients over the training rows. */
export async function meanSquaredError(context: FitContext, coefficients: Float64Array): Promise<number> {
  const broadcast = { coefficients, outputs: 1, withGradient: false };
  const { loss, weight } = await context.aggregator.run(squaredLossPass, broadcast);
  return loss / weight;
}

/** Errors of least-squares coefficients: residual variance with n - rank degrees of freedom. */
export function leastSquaresErrors(
  context: FitContext,
  equation: NormalEquation,
  meanSquared: number,
): StandardErrors {
  const { trainingRowCount } = context.dataset;
  const { rank } = equation.factor;
  const freedom = trainingRowCount - rank;
  if (freedom <= 0) {
    throw invalidData(
      'p-values need more training rows than coefficients',
      `There are ${trainingRowCount} rows and ${rank} independent coefficients.`,
    );
  }
  const variance = (meanSquared * trainingRowCount) / freedom / equation.weight;
  return standardErrors(equation.factor, variance, equation.shift, context.encoder);
}
