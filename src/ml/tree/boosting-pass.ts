/**
 * The pass between two rounds of boosting: adds trees to the margins, sums the loss, writes the next
 * gradients.
 */
import type { Pass } from '../aggregate.ts';
import type { FixedPoint } from '../kernel/fixed-point.ts';
import type { BinnedTree } from '../kernel/tree-kernel.ts';
import type { Partition } from '../dataset.ts';
import { recordLayout, type LeafRun } from '../kernel/record-kernel.ts';
import { BIN_WORKSPACE, FACTS_WORKSPACE } from './bin-mapper.ts';
import { NODE_WORKSPACE, NodeRuns } from './node-runs.ts';
import { recordsOf } from './row-records.ts';
import { evaluateObjective, type BoostingObjective } from './boosting-objective.ts';

/** Sum of the trees of each row, one column an output; base margins are not in it. */
export const MARGIN_WORKSPACE = 'boost.margin';

export interface BoostingRequest {
  readonly objective: BoostingObjective;
  readonly base: readonly number[];
  readonly columnCount: number;
  /** Trees to add, each to one output. */
  readonly trees: readonly { readonly output: number; readonly tree: BinnedTree }[];
  /** Whether rows are records. */
  readonly usesRecords: boolean;
  /** Whether the last of the trees was grown last, so that the records know where they stand in it. */
  readonly isGrown: boolean;
  readonly writeGradients: boolean;
  /** Units that gradients are rounded to. */
  readonly units: FixedPoint;
}

/** Weighted sums of losses and of absolute errors (squared objective only). */
export interface BoostingPartial {
  loss: number;
  error: number;
  /** The greatest weighted absolute error of a row; squared objective only. */
  errorMax: number;
}

export const boostingPass: Pass<BoostingRequest, BoostingPartial> = {
  name: 'tree.boost',
  accumulate(partition, request, context) {
    const { rowCount, label, weight } = partition;
    const margin = partition.workspace(MARGIN_WORKSPACE) as Float64Array;
    request.trees.forEach(({ output, tree }, index) => {
      context.checkpoint();
      const column = margin.subarray(output * rowCount, (output + 1) * rowCount);
      if (request.usesRecords) {
        const isGrown = request.isGrown && index === request.trees.length - 1;
        const runs = isGrown ? grownRuns(partition, tree) : rootRun(rowCount, tree.depth);
        const layout = recordLayout(request.columnCount);
        context.kernel.addRecordLeaves(recordsOf(partition), layout, runs, tree, column);
      } else {
        const bins = partition.workspace(BIN_WORKSPACE) as Uint8Array;
        context.kernel.addLeafValues(bins, request.columnCount, tree, column);
      }
    });
    const gradient = request.writeGradients
      ? (partition.workspace(FACTS_WORKSPACE) as Float64Array)
      : undefined;
    return evaluateObjective(
      request.objective,
      request.base,
      { label, weight, margin, gradient },
      request.units,
      context.kernel,
    );
  },
  merge(left, right) {
    left.loss += right.loss;
    left.error += right.error;
    left.errorMax = Math.max(left.errorMax, right.errorMax);
    return left;
  },
};

function rootRun(rowCount: number, depth: number): LeafRun[] {
  return [{ start: 0, end: rowCount, node: 0, steps: depth }];
}

/** Where a partition's records stand in the tree that was grown of them; those not drawn start at the root. */
function grownRuns(partition: Partition, tree: BinnedTree): LeafRun[] {
  const { rowCount } = partition;
  const heights = heightsOf(tree);
  const runs: LeafRun[] = [];
  const nodes = new NodeRuns(partition.workspace(NODE_WORKSPACE) as Int32Array);
  const drawn = nodes.forEach((node, start, end) => runs.push({ start, end, node, steps: heights[node]! }));
  if (drawn < rowCount) runs.push({ start: drawn, end: rowCount, node: 0, steps: tree.depth });
  return runs;
}

/** Splits on the longest way from each node to a leaf; children have greater numbers than their parent. */
function heightsOf({ column, left }: BinnedTree): Int32Array {
  const heights = new Int32Array(column.length);
  for (let node = column.length - 1; node >= 0; node--) {
    if (column[node]! < 0) continue;
    heights[node] = 1 + Math.max(heights[left[node]!]!, heights[left[node]! + 1]!);
  }
  return heights;
}
