/**
 * A step length with the weak Wolfe conditions, by bracketing and bisection; needs no more than convexity.
 * Source: Lewis and Overton, "Nonsmooth optimization via quasi-Newton methods" (2013), algorithm 2.6.
 */
import { addScaled, dot, type Evaluation, type Objective } from './objective.ts';

const SUFFICIENT_DECREASE = 1e-4;
const CURVATURE = 0.9;
const TRIAL_COUNT_MAX = 40;

/** The point that a step along `direction` leads to, or undefined when no step lowers the value any more. */
export async function wolfeStep(
  objective: Objective,
  start: Evaluation,
  direction: Float64Array,
): Promise<Evaluation | undefined> {
  const slope = dot(start.gradient, direction);
  if (!(slope < 0)) return undefined;
  let low = 0;
  let high = Infinity;
  let length = 1;
  let best: Evaluation | undefined;
  for (let trial = 0; trial < TRIAL_COUNT_MAX; trial++) {
    const candidate = await objective.evaluate(addScaled(start.point, length, direction));
    const isLower = candidate.value <= start.value + SUFFICIENT_DECREASE * length * slope;
    if (!isLower) high = length;
    else {
      if (best === undefined || candidate.value < best.value) best = candidate;
      if (dot(candidate.gradient, direction) >= CURVATURE * slope) return candidate;
      low = length;
    }
    length = high === Infinity ? 2 * low : (low + high) / 2;
  }
  return best;
}
