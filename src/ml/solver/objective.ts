/**
 * What a solver minimises: a smooth convex function, and on top of it an L1 part that solvers treat on their
 * own.
 */

/** A point, its objective value and gradient. */
export interface Evaluation {
  readonly point: Float64Array;
  /** Smooth part: data loss and L2 penalty. */
  readonly value: number;
  readonly gradient: Float64Array;
  /** The model's own loss (mean squared error, mean log loss), without any penalty. */
  readonly loss: number;
}

export interface Objective {
  evaluate(point: Float64Array): Promise<Evaluation>;
  /** The smooth part alone: cheaper. */
  value(point: Float64Array): Promise<number>;
  /** Weight of |point[i]| for each i, or undefined without an L1 part. */
  readonly absoluteWeights: Float64Array | undefined;
}

/** A finished iteration. */
export interface SolverStep {
  readonly iteration: number;
  readonly evaluation: Evaluation;
  /** Smooth part and L1 part together. */
  readonly total: number;
  readonly learningRate: number | undefined;
}

/** Called after each iteration; true ends the search. */
export type StepListener = (step: SolverStep) => Promise<boolean>;

/** Why a search ended. */
export type SolverEnd = 'converged' | 'stopped' | 'iteration limit';

export interface Solution {
  readonly evaluation: Evaluation;
  readonly end: SolverEnd;
}

/** Σ weights[i] |point[i]|; 0 without weights. */
export function absolutePenalty(point: Float64Array, weights: Float64Array | undefined): number {
  if (weights === undefined) return 0;
  let sum = 0;
  for (let place = 0; place < point.length; place++) sum += weights[place]! * Math.abs(point[place]!);
  return sum;
}

/** Inner product. */
export function dot(left: Float64Array, right: Float64Array): number {
  let sum = 0;
  for (let place = 0; place < left.length; place++) sum += left[place]! * right[place]!;
  return sum;
}

/** left + scale × right, in a new array. */
export function addScaled(left: Float64Array, scale: number, right: Float64Array): Float64Array {
  const sum = new Float64Array(left.length);
  for (let place = 0; place < left.length; place++) sum[place] = left[place]! + scale * right[place]!;
  return sum;
}
