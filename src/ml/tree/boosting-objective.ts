/**
 * Gradients and hessians of boosting. Source: Chen and Guestrin, XGBoost (2016), section 2.2.
 *
 *   squared    prediction = margin                     g = w (p - y)       h = w
 *   logistic   p = 1 / (1 + exp(-margin))              g = w (p - y)       h = w p (1 - p)
 *   softmax    p_k = exp(margin_k) / Σ exp(margin_j)   g_k = w (p_k - y_k) h_k = 2 w p_k (1 - p_k)
 */

import { fixedPoint, roundTo, type FixedPoint } from '../kernel/fixed-point.ts';
import type { BinnedTree, TreeKernel } from '../kernel/tree-kernel.ts';

export type BoostingObjective = 'squared' | 'logistic' | 'softmax';

/** Keeps hessians of certain rows above zero. */
const HESSIAN_MIN = 1e-16;
/** Greatest hessian of a row of weight 1. */
const greatestHessian: Readonly<Record<BoostingObjective, number>> = {
  squared: 1,
  logistic: 0.25,
  softmax: 0.5,
};
/** Keeps logarithms of probabilities finite. */
const PROBABILITY_MIN = 1e-15;

/** Objective of a task with so many classes (0 or 1: no classes to tell apart). */
export function objectiveOf(classCount: number): BoostingObjective {
  if (classCount < 2) return 'squared';
  return classCount === 2 ? 'logistic' : 'softmax';
}

/** Margins of a row: one, or one a class. */
export function outputCount(objective: BoostingObjective, classCount: number): number {
  return objective === 'softmax' ? classCount : 1;
}

/** The probability of a margin. */
export function logistic(margin: number): number {
  return 1 / (1 + Math.exp(-margin));
}

/** Margins that give every row the same prediction: the best one without any feature. */
export function baseMargins(objective: BoostingObjective, priors: Float64Array, mean: number): number[] {
  const clamp = (share: number): number => Math.min(1 - 1e-12, Math.max(1e-12, share));
  if (objective === 'squared') return [mean];
  if (objective === 'logistic') return [Math.log(clamp(priors[1]!) / (1 - clamp(priors[1]!)))];
  return Array.from(priors, (prior) => Math.log(clamp(prior)));
}

/** Everything that one evaluation of the objective reads and writes. */
export interface ObjectiveArrays {
  readonly label: Float64Array;
  readonly weight: Float64Array;
  /** One column an output, without the base margins. */
  readonly margin: Float64Array;
  /** Receives pairs (gradient, hessian), one column an output; undefined when only the loss is wanted. */
  readonly gradient: Float64Array | undefined;
}

/** Sums over rows. */
export interface ObjectiveSums {
  /** Weighted squared errors, or log losses. */
  loss: number;
  /** Weighted absolute errors, and the greatest of them; squared objective only. */
  error: number;
  errorMax: number;
}

/** Bounds of what gradients and hessians are made of: of all rows together, and of any one. */
export interface ObjectiveBounds {
  readonly weight: number;
  readonly weightMax: number;
  /** Weighted absolute errors. */
  readonly error: number;
  readonly errorMax: number;
}

/** Units of gradients and hessians. */
function unitsOf(
  objective: BoostingObjective,
  rowCount: number,
  { weight, weightMax, error, errorMax }: ObjectiveBounds,
): FixedPoint {
  const isSquared = objective === 'squared';
  const greatest = greatestHessian[objective];
  return fixedPoint(rowCount, isSquared ? error : weight, weight * greatest, {
    gradient: isSquared ? errorMax : weightMax,
    hessian: weightMax * greatest,
  });
}

/** Units after trees were added to the margins: no row's error changes by more than the trees' greatest values. */
export function unitsAfter(
  objective: BoostingObjective,
  rowCount: number,
  { weight, weightMax, error, errorMax }: ObjectiveBounds,
  trees: readonly BinnedTree[],
): FixedPoint {
  const change = trees.reduce((sum, { value }) => sum + greatestSize(value), 0);
  return unitsOf(objective, rowCount, {
    weight,
    weightMax,
    error: error + weight * change,
    errorMax: errorMax + weightMax * change,
  });
}

function greatestSize(values: Float64Array): number {
  return values.reduce((greatest, value) => Math.max(greatest, Math.abs(value)), 0);
}

/** Losses at the margins. Writes gradients, rounded to the units, if there is room for them. */
export function evaluateObjective(
  objective: BoostingObjective,
  base: readonly number[],
  arrays: ObjectiveArrays,
  units: FixedPoint,
  kernel: TreeKernel,
): ObjectiveSums {
  if (objective === 'squared') return evaluateSquared(base[0]!, arrays, units);
  const loss =
    objective === 'logistic'
      ? kernel.logisticGradients(arrays, base[0]!, units)
      : evaluateSoftmax(base, arrays, units);
  return { loss, error: 0, errorMax: 0 };
}

function evaluateSquared(base: number, arrays: ObjectiveArrays, units: FixedPoint): ObjectiveSums {
  const { label, weight, margin, gradient } = arrays;
  let loss = 0;
  let absolute = 0;
  let greatest = 0;
  for (let row = 0; row < label.length; row++) {
    const error = base + margin[row]! - label[row]!;
    const share = weight[row]!;
    loss += share * error * error;
    absolute += share * Math.abs(error);
    greatest = Math.max(greatest, share * Math.abs(error));
    if (gradient === undefined) continue;
    gradient[2 * row] = roundTo(share * error, units.gradientScale);
    gradient[2 * row + 1] = roundTo(share, units.hessianScale);
  }
  return { loss, error: absolute, errorMax: greatest };
}

function evaluateSoftmax(base: readonly number[], arrays: ObjectiveArrays, units: FixedPoint): number {
  const { label, weight, margin, gradient } = arrays;
  const rowCount = label.length;
  const probabilities = new Float64Array(base.length);
  let loss = 0;
  for (let row = 0; row < rowCount; row++) {
    for (let output = 0; output < base.length; output++) {
      probabilities[output] = base[output]! + margin[output * rowCount + row]!;
    }
    softmax(probabilities, 0, base.length);
    const share = weight[row]!;
    loss -= share * Math.log(Math.max(probabilities[label[row]!]!, PROBABILITY_MIN));
    if (gradient === undefined) continue;
    for (let output = 0; output < base.length; output++) {
      const probability = probabilities[output]!;
      const slot = 2 * (output * rowCount + row);
      const hessian = Math.max(2 * share * probability * (1 - probability), HESSIAN_MIN);
      gradient[slot] = roundTo(share * (probability - (label[row] === output ? 1 : 0)), units.gradientScale);
      gradient[slot + 1] = roundTo(hessian, units.hessianScale);
    }
  }
  return loss;
}

/** Turns `count` margins from `offset` on into probabilities, in place. */
export function softmax(margins: Float64Array, offset: number, count: number): void {
  let largest = -Infinity;
  for (let index = 0; index < count; index++) largest = Math.max(largest, margins[offset + index]!);
  let total = 0;
  for (let index = 0; index < count; index++) {
    const power = Math.exp(margins[offset + index]! - largest);
    margins[offset + index] = power;
    total += power;
  }
  for (let index = 0; index < count; index++) margins[offset + index] = margins[offset + index]! / total;
}
