/**
 * What trees that fit the labels themselves sum up: gradients w (c - y) with hessian w, c a constant near which labels
 * lie; or class and weight. With c the mean label (or the share of class 1) leaf values of newton's criterion shrink
 * towards it.
 */
import type { Aggregator, Pass } from '../aggregate.ts';
import { fixedPoint, roundTo, type FixedPoint } from '../kernel/fixed-point.ts';
import { FACTS_WORKSPACE } from './bin-mapper.ts';

/** Broadcast: c. Gives the sum of w |c - y|, and the sum of w. */
export const labelSpreadPass: Pass<number, Float64Array> = {
  name: 'tree.spread',
  accumulate({ rowCount, label, weight }, centre) {
    const sums = new Float64Array(2);
    for (let row = 0; row < rowCount; row++) {
      sums[0]! += weight[row]! * Math.abs(centre - label[row]!);
      sums[1]! += weight[row]!;
    }
    return sums;
  },
  merge(left, right) {
    left[0]! += right[0]!;
    left[1]! += right[1]!;
    return left;
  },
};

export interface LabelFactsRequest {
  readonly centre: number;
  /** Classes of class histograms; 0 where gradients are summed. */
  readonly classCount: number;
  readonly units: FixedPoint;
}

export const labelFactsPass: Pass<LabelFactsRequest, null> = {
  name: 'tree.facts',
  accumulate(partition, { centre, classCount, units }) {
    const { rowCount, label, weight } = partition;
    const facts = partition.workspace(FACTS_WORKSPACE) as Float64Array;
    for (let row = 0; row < rowCount; row++) {
      const gradient = weight[row]! * (centre - label[row]!);
      facts[2 * row] = classCount > 0 ? label[row]! : roundTo(gradient, units.gradientScale);
      facts[2 * row + 1] = roundTo(weight[row]!, units.hessianScale);
    }
    return null;
  },
  merge: () => null,
};

/** Writes the facts of the training rows; gives their units. */
export async function writeLabelFacts(
  aggregator: Aggregator,
  rowCount: number,
  centre: number,
  classCount: number,
): Promise<FixedPoint> {
  const [spread, weight] = await aggregator.run(labelSpreadPass, centre);
  const units = fixedPoint(rowCount, spread!, weight!);
  await aggregator.run(labelFactsPass, { centre, classCount, units });
  return units;
}
