/**
 * The pass between two rounds of boosting: adds trees to the margins, sums the loss, writes the next
 * gradients.
 */
import type { Pass } from '../aggregate.ts';
import type { BinnedTree } from '../kernel/tree-kernel.ts';
import { BIN_WORKSPACE } from './bin-mapper.ts';
import { evaluateObjective, type BoostingObjective } from './boosting-objective.ts';
import { GRADIENT_WORKSPACE } from './histogram-pass.ts';

/** Sum of the trees of each row, one column an output; base margins are not in it. */
export const MARGIN_WORKSPACE = 'boost.margin';

export interface BoostingRequest {
  readonly objective: BoostingObjective;
  readonly base: readonly number[];
  readonly columnCount: number;
  /** Trees to add, each to one output. */
  readonly trees: readonly { readonly output: number; readonly tree: BinnedTree }[];
  readonly writeGradients: boolean;
}

/** Weighted sum of losses, and the weights. */
export interface BoostingPartial {
  loss: number;
  weight: number;
}

export const boostingPass: Pass<BoostingRequest, BoostingPartial> = {
  name: 'tree.boost',
  accumulate(partition, request, context) {
    const { rowCount, label, weight } = partition;
    const bins = partition.workspace(BIN_WORKSPACE) as Uint8Array;
    const margin = partition.workspace(MARGIN_WORKSPACE) as Float64Array;
    for (const { output, tree } of request.trees) {
      context.checkpoint();
      const column = margin.subarray(output * rowCount, (output + 1) * rowCount);
      context.kernel.addLeafValues(bins, request.columnCount, tree, column);
    }
    const gradient = request.writeGradients
      ? (partition.workspace(GRADIENT_WORKSPACE) as Float64Array)
      : undefined;
    const loss = evaluateObjective(request.objective, request.base, { label, weight, margin, gradient });
    let total = 0;
    for (let row = 0; row < rowCount; row++) total += weight[row]!;
    return { loss, weight: total };
  },
  merge(left, right) {
    left.loss += right.loss;
    left.weight += right.weight;
    return left;
  },
};
