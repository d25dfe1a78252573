/** The loss of a forest: adds some of its trees to a sum a row, then compares the mean with the label. */
import type { Pass } from '../aggregate.ts';
import type { TreeEnsemble } from './tree-ensemble.ts';
import { addTreeValues } from './tree-sums.ts';

/** Summed leaf values of every row, row-major, one number an output. */
export const FOREST_SUM_WORKSPACE = 'tree.sum';

/** Keeps logarithms of probabilities finite. */
const PROBABILITY_MIN = 1e-15;

export interface ForestLossRequest {
  readonly ensemble: TreeEnsemble;
  /** Trees of the whole forest. */
  readonly treeCount: number;
  readonly classCount: number;
}

/** Weighted sums of losses (squared error, or log loss) and of weights; right once all trees were added. */
export interface ForestLossPartial {
  loss: number;
  weight: number;
}

export const forestLossPass: Pass<ForestLossRequest, ForestLossPartial> = {
  name: 'tree.forest-loss',
  accumulate(partition, { ensemble, treeCount, classCount }) {
    const sums = partition.workspace(FOREST_SUM_WORKSPACE) as Float64Array;
    const width = Math.max(1, classCount);
    addTreeValues(ensemble, partition, sums, width);
    const partial = { loss: 0, weight: 0 };
    for (let row = 0; row < partition.rowCount; row++) {
      const weight = partition.weight[row]!;
      const label = partition.label[row]!;
      const value = sums[row * width + (classCount === 0 ? 0 : label)]! / treeCount;
      const loss = classCount === 0 ? (value - label) ** 2 : -Math.log(Math.max(value, PROBABILITY_MIN));
      partial.loss += weight * loss;
      partial.weight += weight;
    }
    return partial;
  },
  merge(left, right) {
    left.loss += right.loss;
    left.weight += right.weight;
    return left;
  },
};
