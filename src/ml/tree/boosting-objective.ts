/**
 * Gradients and hessians of boosting. Source: Chen and Guestrin, XGBoost (2016), section 2.2.
 *
 *   squared    prediction = margin                     g = w (p - y)       h = w
 *   logistic   p = 1 / (1 + exp(-margin))              g = w (p - y)       h = w p (1 - p)
 *   softmax    p_k = exp(margin_k) / Σ exp(margin_j)   g_k = w (p_k - y_k) h_k = 2 w p_k (1 - p_k)
 */

export type BoostingObjective = 'squared' | 'logistic' | 'softmax';

/** Keeps hessians of certain rows above zero. */
const HESSIAN_MIN = 1e-16;
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

/** Weighted sum of losses: squared errors, or log losses. Writes gradients if there is room for them. */
export function evaluateObjective(
  objective: BoostingObjective,
  base: readonly number[],
  arrays: ObjectiveArrays,
): number {
  if (objective === 'squared') return evaluateSquared(base[0]!, arrays);
  return objective === 'logistic' ? evaluateLogistic(base[0]!, arrays) : evaluateSoftmax(base, arrays);
}

function evaluateSquared(base: number, { label, weight, margin, gradient }: ObjectiveArrays): number {
  let loss = 0;
  for (let row = 0; row < label.length; row++) {
    const error = base + margin[row]! - label[row]!;
    const share = weight[row]!;
    loss += share * error * error;
    if (gradient === undefined) continue;
    gradient[2 * row] = share * error;
    gradient[2 * row + 1] = share;
  }
  return loss;
}

function evaluateLogistic(base: number, { label, weight, margin, gradient }: ObjectiveArrays): number {
  let loss = 0;
  for (let row = 0; row < label.length; row++) {
    const probability = logistic(base + margin[row]!);
    const share = weight[row]!;
    const hit = label[row] === 1 ? probability : 1 - probability;
    loss -= share * Math.log(Math.max(hit, PROBABILITY_MIN));
    if (gradient === undefined) continue;
    gradient[2 * row] = share * (probability - label[row]!);
    gradient[2 * row + 1] = Math.max(share * probability * (1 - probability), HESSIAN_MIN);
  }
  return loss;
}

function evaluateSoftmax(base: readonly number[], arrays: ObjectiveArrays): number {
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
      gradient[slot] = share * (probability - (label[row] === output ? 1 : 0));
      gradient[slot + 1] = Math.max(2 * share * probability * (1 - probability), HESSIAN_MIN);
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
