/**
 * Boosting on records: each holds its row's margin or error, so that no row is looked up by its number from one tree to the
 * next. At the end of the training the margins go back to the rows.
 */
import { assert } from '../../core/index.ts';
import type { Pass, PassContext } from '../aggregate.ts';
import type { Partition } from '../dataset.ts';
import { LABEL_BIT, ROW_MASK } from '../kernel/record-boost.ts';
import { recordLayout, type LeafRun, type RecordSums } from '../kernel/record-kernel.ts';
import { recordWords } from '../kernel/scalar-record-kernel.ts';
import type { BinnedTree } from '../kernel/tree-kernel.ts';
import { FACTS_WORKSPACE } from './bin-mapper.ts';
import type { BoostingRequest } from './boosting-request.ts';
import { NODE_WORKSPACE, NodeRuns } from './node-runs.ts';
import { recordsOf } from './row-records.ts';

/** Margins without the base, by row, in the order of rows: kept at the end where binning had its scratch. */
export const RECORD_MARGIN_WORKSPACE: string = FACTS_WORKSPACE;

/** A tree that adds nothing. */
const noTree: BinnedTree = {
  column: Int32Array.of(-1),
  left: Int32Array.of(-1),
  binSets: new Int32Array(8),
  value: new Float64Array(1),
  depth: 0,
};

/** A partition's share of a boosting pass. */
export function boostRecords(
  partition: Partition,
  request: BoostingRequest,
  context: PassContext,
): RecordSums {
  const { rowCount, weight } = partition;
  const { objective, base, units, writeGradients, isUnweighted } = request;
  assert(objective !== 'softmax', 'records have one output');
  if (request.isFirst) startRecords(partition, request);
  const records = recordsOf(partition);
  const layout = recordLayout(request.columnCount);
  const trees = request.trees.length === 0 ? [noTree] : request.trees.map(({ tree }) => tree);
  let sums: RecordSums = { loss: 0, error: 0, errorMax: 0 };
  trees.forEach((tree, index) => {
    context.checkpoint();
    const isLast = index === trees.length - 1;
    sums = context.kernel.boostRecords(records, layout, {
      objective,
      runs: request.isGrown && isLast ? grownRuns(partition, tree) : rootRun(rowCount, tree.depth),
      tree,
      base: base[0]!,
      weight: isUnweighted ? undefined : weight,
      units,
      writeGradients: writeGradients && isLast,
    });
  });
  return sums;
}

/** Gives the records, which are in the order of rows, their labels and numbers. */
function startRecords(partition: Partition, { objective, base, columnCount }: BoostingRequest): void {
  const { rowCount, label } = partition;
  const records = recordsOf(partition);
  const { rowAt, numberAt, bytes } = recordLayout(columnCount);
  const words = recordWords(records);
  const numbers = new DataView(records.buffer, records.byteOffset, records.byteLength);
  for (let row = 0; row < rowCount; row++) {
    const isOne = objective === 'logistic' && label[row] === 1;
    words[(row * bytes + rowAt) / 4] = isOne ? row | LABEL_BIT : row;
    const number = objective === 'squared' ? base[0]! - label[row]! : 0;
    numbers.setFloat64(row * bytes + numberAt, number, true);
  }
}

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

/** What is needed to get margins out of records. */
export interface MarginRequest {
  readonly objective: BoostingRequest['objective'];
  readonly base: number;
  readonly columnCount: number;
}

/** Writes the margins of all rows. */
export const recordMarginPass: Pass<MarginRequest, null> = {
  name: 'tree.margin',
  accumulate(partition, { objective, base, columnCount }) {
    const margin = partition.workspace(RECORD_MARGIN_WORKSPACE) as Float64Array;
    const records = recordsOf(partition);
    const { rowAt, numberAt, bytes } = recordLayout(columnCount);
    const words = recordWords(records);
    const numbers = new DataView(records.buffer, records.byteOffset, records.byteLength);
    for (let at = 0; at < records.length; at += bytes) {
      const row = words[(at + rowAt) / 4]! & ROW_MASK;
      const number = numbers.getFloat64(at + numberAt, true);
      margin[row] = objective === 'squared' ? number + partition.label[row]! - base : number;
    }
    return null;
  },
  merge: () => null,
};
