/**
 * L-BFGS for a smooth objective, and OWL-QN when it has an L1 part. Sources: Nocedal and Wright, chapter 7;
 * Andrew and Gao, "Scalable training of L1-regularized log-linear models" (2007).
 */
import { CurvatureMemory } from './curvature-memory.ts';
import { wolfeStep } from './line-search.ts';
import {
  absolutePenalty,
  addScaled,
  dot,
  type Evaluation,
  type Objective,
  type Solution,
  type StepListener,
} from './objective.ts';

/** A gradient this short, relative to the value, is zero. */
const GRADIENT_TOLERANCE = 1e-12;
/** An improvement this small, relative to the value, is rounding: going on would only search for noise. */
const PROGRESS_TOLERANCE = 1e-14;
const BACKTRACK_COUNT_MAX = 40;
const SUFFICIENT_DECREASE = 1e-4;

/**
 * Minimises from `start`, for at most `iterationCountMax` iterations; `onStep` hears of each and may end the
 * search.
 */
export async function minimizeLbfgs(
  objective: Objective,
  start: Float64Array,
  iterationCountMax: number,
  onStep: StepListener,
): Promise<Solution> {
  const memory = new CurvatureMemory();
  const weights = objective.absoluteWeights;
  let current = await objective.evaluate(start);
  for (let iteration = 0; iteration < iterationCountMax; iteration++) {
    const gradient = weights === undefined ? current.gradient : pseudoGradient(current, weights);
    if (isZero(gradient, current.value)) return { evaluation: current, end: 'converged' };
    const direction = memory.direction(gradient);
    const next =
      weights === undefined
        ? await wolfeStep(objective, current, direction)
        : await orthantStep(objective, weights, current, gradient, direction);
    if (next === undefined) return { evaluation: current, end: 'converged' };
    memory.remember(addScaled(next.point, -1, current.point), addScaled(next.gradient, -1, current.gradient));
    const previousTotal = current.value + absolutePenalty(current.point, weights);
    current = next;
    const total = current.value + absolutePenalty(current.point, weights);
    if (await onStep({ iteration, evaluation: current, total, learningRate: undefined })) {
      return { evaluation: current, end: 'stopped' };
    }
    if (previousTotal - total <= PROGRESS_TOLERANCE * Math.abs(total))
      return { evaluation: current, end: 'converged' };
  }
  return { evaluation: current, end: 'iteration limit' };
}

function isZero(gradient: Float64Array, value: number): boolean {
  return Math.sqrt(dot(gradient, gradient)) <= GRADIENT_TOLERANCE * Math.max(1, Math.abs(value));
}

/** The subgradient of least length: 0 where the L1 part holds a coordinate at 0. */
function pseudoGradient(current: Evaluation, weights: Float64Array): Float64Array {
  return current.gradient.map((slope, place) => {
    const weight = weights[place]!;
    const coordinate = current.point[place]!;
    if (coordinate !== 0) return slope + Math.sign(coordinate) * weight;
    if (slope + weight < 0) return slope + weight;
    return slope - weight > 0 ? slope - weight : 0;
  });
}

/** Backtracks along the direction, within the orthant that the step begins in. */
async function orthantStep(
  objective: Objective,
  weights: Float64Array,
  current: Evaluation,
  gradient: Float64Array,
  direction: Float64Array,
): Promise<Evaluation | undefined> {
  const bounded = direction.map((step, place) =>
    weights[place] !== 0 && step * gradient[place]! >= 0 ? 0 : step,
  );
  const startTotal = current.value + absolutePenalty(current.point, weights);
  let length = 1;
  for (let trial = 0; trial < BACKTRACK_COUNT_MAX; trial++) {
    const point = addScaled(current.point, length, bounded);
    for (let place = 0; place < point.length; place++) {
      if (weights[place] === 0) continue;
      const sign = Math.sign(current.point[place]!) || -Math.sign(gradient[place]!);
      if (point[place]! * sign < 0) point[place] = 0;
    }
    const candidate = await objective.evaluate(point);
    const total = candidate.value + absolutePenalty(point, weights);
    const expected = dot(gradient, addScaled(point, -1, current.point));
    if (total <= startTotal + SUFFICIENT_DECREASE * expected && total < startTotal) return candidate;
    length /= 2;
  }
  return undefined;
}
