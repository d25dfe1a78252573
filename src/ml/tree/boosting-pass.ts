/**
 * The pass between two rounds of boosting: adds trees to the margins, sums the loss, writes the next
 * gradients.
 */
import type { Pass } from '../aggregate.ts';
import type { FixedPoint } from '../kernel/fixed-point.ts';
import type { BinnedTree } from '../kernel/tree-kernel.ts';
import { BIN_WORKSPACE, FACTS_WORKSPACE } from './bin-mapper.ts';
import { evaluateObjective, type BoostingObjective } from './boosting-objective.ts';

/** Sum of the trees of each row, one column an output; base margins are not in it. */
export const MARGIN_WORKSPACE = 'boost.margin';

export interface BoostingRequest {
  readonly objective: BoostingObjective;
  readonly base: readonly number[];
  readonly columnCount: number;
  /** Trees to add, each to one output. */
  readonly trees: readonly { readonly output: number; readonly tree: BinnedTree }[];
  readonly writeGradients: boolean;
  /** Units that gradients are rounded to. */
  readonly units: FixedPoint;
}

/** Weighted sums of losses and of absolute errors (squared objective only), and the weights. */
export interface BoostingPartial {
  loss: number;
  error: number;
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
      ? (partition.workspace(FACTS_WORKSPACE) as Float64Array)
      : undefined;
    const { loss, error } = evaluateObjective(
      request.objective,
      request.base,
      { label, weight, margin, gradient },
      request.units,
      context.kernel,
    );
    let total = 0;
    for (let row = 0; row < rowCount; row++) total += weight[row]!;
    return { loss, error, weight: total };
  },
  merge(left, right) {
    left.loss += right.loss;
    left.error += right.error;
    left.weight += right.weight;
    return left;
  },
};
