/**
 * Batch gradient descent as BigQuery ML documents it (statements reference, 3.7): with LINE_SEARCH each
 * iteration tries the rates 2x, x, x/2 and x/4 around the last one, keeps that with the lowest value and goes
 * on from it; with CONSTANT the rate stays. An L1 part is met by soft thresholding after the step (proximal
 * gradient).
 */
import { invalidData } from '../../core/index.ts';
import {
  absolutePenalty,
  dot,
  type Evaluation,
  type Objective,
  type Solution,
  type StepListener,
} from './objective.ts';

export interface LearnRate {
  readonly strategy: 'LINE_SEARCH' | 'CONSTANT';
  /** The constant rate, or the first rate of the line search. */
  readonly initial: number;
}

const FACTORS = [2, 1, 0.5, 0.25];
/** Times that a line search goes on to smaller rates when none of the four lowers the value. */
const RETREAT_COUNT_MAX = 20;

/**
 * Minimises from `start`; see `minimizeLbfgs` for the arguments. Throws 22000 when a constant rate diverges.
 */
export async function minimizeByGradientDescent(
  objective: Objective,
  start: Float64Array,
  learnRate: LearnRate,
  iterationCountMax: number,
  onStep: StepListener,
): Promise<Solution> {
  let current = await objective.evaluate(start);
  let rate = learnRate.initial;
  for (let iteration = 0; iteration < iterationCountMax; iteration++) {
    if (dot(current.gradient, current.gradient) === 0 && objective.absoluteWeights === undefined) {
      return { evaluation: current, end: 'converged' };
    }
    if (learnRate.strategy === 'LINE_SEARCH') {
      const found = await bestRate(objective, current, rate);
      if (found === undefined) return { evaluation: current, end: 'converged' };
      rate = found;
    }
    current = await objective.evaluate(stepPoint(objective, current, rate));
    const total = totalOf(objective, current.point, current.value);
    if (!Number.isFinite(total)) throw diverged(rate, iteration);
    if (await onStep({ iteration, evaluation: current, total, learningRate: rate })) {
      return { evaluation: current, end: 'stopped' };
    }
  }
  return { evaluation: current, end: 'iteration limit' };
}

function diverged(rate: number, iteration: number): Error {
  return invalidData(
    `gradient descent with learning rate ${rate} diverged in iteration ${iteration}`,
    undefined,
    "Use a smaller LEARN_RATE, or LEARN_RATE_STRATEGY = 'LINE_SEARCH'.",
  );
}

function totalOf(objective: Objective, point: Float64Array, value: number): number {
  return value + absolutePenalty(point, objective.absoluteWeights);
}

/** The best of four rates around the last one; smaller ones if all of them would raise the value. */
async function bestRate(
  objective: Objective,
  current: Evaluation,
  last: number,
): Promise<number | undefined> {
  const startTotal = totalOf(objective, current.point, current.value);
  let base = last;
  for (let retreat = 0; retreat < RETREAT_COUNT_MAX; retreat++) {
    let best: number | undefined;
    let bestTotal = startTotal;
    for (const factor of FACTORS) {
      const rate = base * factor;
      const point = stepPoint(objective, current, rate);
      const total = totalOf(objective, point, await objective.value(point));
      if (total < bestTotal) {
        best = rate;
        bestTotal = total;
      }
    }
    if (best !== undefined) return best;
    base /= 16;
  }
  return undefined;
}

function stepPoint(objective: Objective, current: Evaluation, rate: number): Float64Array {
  const weights = objective.absoluteWeights;
  return current.point.map((coordinate, place) => {
    const moved = coordinate - rate * current.gradient[place]!;
    const threshold = weights === undefined ? 0 : rate * weights[place]!;
    return Math.sign(moved) * Math.max(0, Math.abs(moved) - threshold);
  });
}
