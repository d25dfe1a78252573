/**
 * The limited memory of a quasi-Newton method: the last ten steps and gradient changes stand for the inverse
 * Hessian. Source: Nocedal and Wright, Numerical Optimization, 2nd edition, algorithm 7.4 (two-loop
 * recursion).
 */
import { addScaled, dot } from './objective.ts';

const MEMORY = 10;

interface Pair {
  readonly step: Float64Array;
  readonly change: Float64Array;
  readonly curvature: number;
}

export class CurvatureMemory {
  readonly #pairs: Pair[] = [];

  /** Remembers a step and how the gradient changed over it; a step without positive curvature is left out. */
  remember(step: Float64Array, change: Float64Array): void {
    const curvature = dot(step, change);
    if (!(curvature > Number.EPSILON * dot(change, change))) return;
    this.#pairs.push({ step, change, curvature });
    if (this.#pairs.length > MEMORY) this.#pairs.shift();
  }

  /** The approximate Newton direction, -H⁻¹ gradient; steepest descent while nothing is remembered. */
  direction(gradient: Float64Array): Float64Array {
    let vector = addScaled(new Float64Array(gradient.length), -1, gradient);
    const shares: number[] = [];
    for (const { step, change, curvature } of this.#pairs.toReversed()) {
      const share = dot(step, vector) / curvature;
      shares.push(share);
      vector = addScaled(vector, -share, change);
    }
    const last = this.#pairs.at(-1);
    if (last !== undefined) {
      const scale = last.curvature / dot(last.change, last.change);
      for (let place = 0; place < vector.length; place++) vector[place]! *= scale;
    }
    for (const { step, change, curvature } of this.#pairs) {
      const correction = dot(change, vector) / curvature;
      vector = addScaled(vector, shares.pop()! - correction, step);
    }
    return vector;
  }
}
