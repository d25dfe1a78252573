/**
 * The pass between two rounds of boosting: adds trees to the margins, sums the loss, writes the next
 * gradients.
 */
import type { Pass, PassContext } from '../aggregate.ts';
import type { Partition } from '../dataset.ts';
import { BIN_WORKSPACE, FACTS_WORKSPACE } from './bin-mapper.ts';
import { evaluateObjective } from './boosting-objective.ts';
import type { BoostingPartial, BoostingRequest } from './boosting-request.ts';
import { boostRecords } from './record-boosting.ts';

/** Sum of the trees of each row, one column an output, where rows are not records; base margins are not in it. */
export const MARGIN_WORKSPACE = 'boost.margin';

export const boostingPass: Pass<BoostingRequest, BoostingPartial> = {
  name: 'tree.boost',
  accumulate: (partition, request, context) =>
    request.usesRecords ? boostRecords(partition, request, context) : boostRows(partition, request, context),
  merge(left, right) {
    left.loss += right.loss;
    left.error += right.error;
    left.errorMax = Math.max(left.errorMax, right.errorMax);
    return left;
  },
};

function boostRows(partition: Partition, request: BoostingRequest, context: PassContext): BoostingPartial {
  const { rowCount, label, weight } = partition;
  const margin = partition.workspace(MARGIN_WORKSPACE) as Float64Array;
  const bins = partition.workspace(BIN_WORKSPACE) as Uint8Array;
  for (const { output, tree } of request.trees) {
    context.checkpoint();
    const column = margin.subarray(output * rowCount, (output + 1) * rowCount);
    context.kernel.addLeafValues(bins, request.columnCount, tree, column);
  }
  const gradient = request.writeGradients
    ? (partition.workspace(FACTS_WORKSPACE) as Float64Array)
    : undefined;
  const arrays = { label, weight, margin, gradient };
  return evaluateObjective(request.objective, request.base, arrays, request.units, context.kernel);
}
