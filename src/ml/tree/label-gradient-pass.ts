/**
 * Gradients of trees that fit the labels themselves: w (c - y) with hessian w, c a constant near which labels
 * lie. With c the mean label (or the share of class 1) leaf values of newton's criterion shrink towards it.
 */
import type { Pass } from '../aggregate.ts';
import { GRADIENT_WORKSPACE } from './histogram-pass.ts';

/** Broadcast: c. */
export const labelGradientPass: Pass<number, null> = {
  name: 'tree.gradient',
  accumulate(partition, centre) {
    const { rowCount, label, weight } = partition;
    const gradient = partition.workspace(GRADIENT_WORKSPACE) as Float64Array;
    for (let row = 0; row < rowCount; row++) {
      gradient[2 * row] = weight[row]! * (centre - label[row]!);
      gradient[2 * row + 1] = weight[row]!;
    }
    return null;
  },
  merge: () => null,
};
