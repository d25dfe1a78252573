/** What boosting must know of the rows' weights: taken once, for they do not change. */
import type { Pass } from '../aggregate.ts';

export interface WeightFacts {
  sum: number;
  max: number;
  /** Whether all rows have weight. */
  isPositive: boolean;
  /** Whether all weights are 1. */
  isPlain: boolean;
}

export const weightPass: Pass<null, WeightFacts> = {
  name: 'tree.weight',
  accumulate({ weight }) {
    const facts: WeightFacts = { sum: 0, max: 0, isPositive: true, isPlain: true };
    for (const share of weight) {
      facts.sum += share;
      facts.max = Math.max(facts.max, share);
      if (!(share > 0)) facts.isPositive = false;
      if (share !== 1) facts.isPlain = false;
    }
    return facts;
  },
  merge(left, right) {
    left.sum += right.sum;
    left.max = Math.max(left.max, right.max);
    left.isPositive &&= right.isPositive;
    left.isPlain &&= right.isPlain;
    return left;
  },
};
