/**
 * The passes of a forest that is grown tree by tree: a mark of each row once, then one task a tree. A tree depends on its
 * seed and on the rows alone, and its sums are exact: whichever thread grows it, and whatever else runs meanwhile, makes
 * no difference.
 */
import type { Pass, PassContext } from '../aggregate.ts';
import type { Partition } from '../dataset.ts';
import type { ForestSource } from '../kernel/forest-kernel.ts';
import { MARK_NONE } from '../kernel/forest-kernel.ts';
import { BIN_WORKSPACE, FACTS_WORKSPACE } from './bin-mapper.ts';
import { GrowthLane, type LanePlan } from './growth-lane.ts';
import type { GrownTree } from './grown-tree.ts';
import { LaneGrowth, type LaneRules } from './lane-growth.ts';

/** What a row's record counts: its class, or MARK_NONE for a row without weight. */
export const MARK_WORKSPACE = 'tree.mark';

/** Gives whether all weights are 0 or 1. */
export const unitWeightPass: Pass<null, boolean> = {
  name: 'tree.unit-weight',
  accumulate: ({ weight }) => weight.every((value) => value === 0 || value === 1),
  merge: (left, right) => left && right,
};

/**
 * Broadcast: whether records count classes. If they do not, facts must have been written: pairs of gradient and weight,
 * of which the gradient changes its sign here.
 */
export const markPass: Pass<boolean, null> = {
  name: 'tree.mark',
  accumulate(partition, isCounting) {
    const { rowCount, label, weight } = partition;
    const marks = partition.workspace(MARK_WORKSPACE) as Uint8Array;
    const facts = partition.workspace(FACTS_WORKSPACE) as Float64Array;
    for (let row = 0; row < rowCount; row++) {
      const share = isCounting ? weight[row]! : facts[2 * row + 1]!;
      marks[row] = share <= 0 ? MARK_NONE : isCounting ? label[row]! : 0;
      if (!isCounting) facts[2 * row] = -facts[2 * row]!;
    }
    return null;
  },
  merge: () => null,
};

export interface GrowTreeRequest {
  readonly plan: LanePlan;
  readonly lane: number;
  readonly binCounts: Int32Array;
  readonly rules: LaneRules;
  readonly seed: number;
}

/** One tree, in one task over all rows. */
export const growTreePass: Pass<GrowTreeRequest, GrownTree> = {
  name: 'tree.grow',
  accumulate: (partition, request, context) => growTree([partition], request, context),
  accumulateAll: growTree,
  // There is nothing to merge: one task sees all partitions.
  merge: (left) => left,
};

function growTree(
  partitions: readonly Partition[],
  { plan, lane, binCounts, rules, seed }: GrowTreeRequest,
  context: PassContext,
): GrownTree {
  const sources = partitions.map((partition): ForestSource => ({
    bins: partition.workspace(BIN_WORKSPACE) as Uint8Array,
    marks: partition.workspace(MARK_WORKSPACE) as Uint8Array,
    facts: partition.workspace(FACTS_WORKSPACE) as Float64Array,
    firstRow: partition.firstRow,
  }));
  return new LaneGrowth(new GrowthLane(plan, partitions[0]!, lane), binCounts, rules, seed, context).grow(
    sources,
  );
}
