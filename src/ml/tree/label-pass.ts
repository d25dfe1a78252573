/** Weighted sums of the labels: base scores and priors come from them. */
import { invalidData } from '../../core/index.ts';
import type { Aggregator, Pass } from '../aggregate.ts';

/** Broadcast: classes, 0 for a regression. Partial: weight of each class; or weight and weighted sum. */
export const labelPass: Pass<number, Float64Array> = {
  name: 'tree.label',
  accumulate({ rowCount, label, weight }, classCount) {
    const sums = new Float64Array(classCount === 0 ? 2 : classCount);
    for (let row = 0; row < rowCount; row++) {
      const share = weight[row]!;
      if (classCount === 0) {
        sums[0] = sums[0]! + share;
        sums[1] = sums[1]! + share * label[row]!;
      } else {
        sums[label[row]!] = sums[label[row]!]! + share;
      }
    }
    return sums;
  },
  merge(left, right) {
    for (let index = 0; index < left.length; index++) left[index] = left[index]! + right[index]!;
    return left;
  },
};

/** Share of each class of the training rows, by weight. */
export async function classPriors(aggregator: Aggregator, classCount: number): Promise<Float64Array> {
  const weights = await aggregator.run(labelPass, classCount);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  requireWeight(total);
  return weights.map((weight) => weight / total);
}

/** Mean label of the training rows, by weight. */
export async function meanLabel(aggregator: Aggregator): Promise<number> {
  const [weight, sum] = await aggregator.run(labelPass, 0);
  requireWeight(weight!);
  return sum! / weight!;
}

function requireWeight(total: number): void {
  if (total > 0) return;
  throw invalidData('every training row has weight 0', undefined, 'Give at least one row a positive weight.');
}
