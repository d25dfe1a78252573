/**
 * Dropout of trees between rounds. Source: Rashmi and Gilad-Bachrach, DART (2015), and the XGBoost manual,
 * "DART booster": TREE gives the new tree the weight of each dropped one, FOREST that of all dropped ones
 * together.
 */
import { Random } from '../../core/index.ts';

/**
 * Weights of a round's new trees, and the factor for those dropped. New leaf values hold the learning rate
 * already.
 */
export interface DropoutWeights {
  readonly added: number;
  readonly dropped: number;
}

/** Which of `count` earlier rounds are dropped, ascending. */
export function drawDropped(count: number, share: number, seed: number): number[] {
  const random = new Random(seed);
  const rounds = Array.from({ length: count }, (_, round) => round);
  return rounds.filter(() => random.uniform() < share);
}

export function dropoutWeights(normalize: string, droppedCount: number, learnRate: number): DropoutWeights {
  if (droppedCount === 0) return { added: 1, dropped: 1 };
  if (normalize === 'FOREST') return { added: 1 / (1 + learnRate), dropped: 1 / (1 + learnRate) };
  return { added: 1 / (droppedCount + learnRate), dropped: droppedCount / (droppedCount + learnRate) };
}
