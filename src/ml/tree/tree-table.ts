/** A decision tree as rows: one a node, breadth first, the root first. */
import { listOf, Types, type Column, type Value } from '../../core/index.ts';
import type { FeatureEncoder } from '../encode/feature-encoder.ts';
import type { ModelTable } from '../estimator.ts';
import type { ShownTree } from './shown-tree.ts';
import { NodeTests } from './node-test.ts';

/** Class of the largest share, the first one among equals. */
export function likeliestClass(values: Float64Array, offset: number, classCount: number): number {
  let best = 0;
  for (let index = 1; index < classCount; index++) {
    if (values[offset + index]! > values[offset + best]!) best = index;
  }
  return best;
}

/** Depth and parent of every node; the parent of the root is -1. */
export function nodeParents(shown: ShownTree): { readonly parent: Int32Array; readonly depth: Int32Array } {
  const { column, left } = shown.ensemble;
  const parent = new Int32Array(column.length).fill(-1);
  const depth = new Int32Array(column.length);
  for (let node = 0; node < column.length; node++) {
    if (column[node]! < 0) continue;
    for (const child of [left[node]!, left[node]! + 1]) {
      parent[child] = node;
      depth[child] = depth[node]! + 1;
    }
  }
  return { parent, depth };
}

const structureColumns: readonly Column[] = [
  { name: 'tree_id', type: Types.int8 },
  { name: 'node_id', type: Types.int8 },
  { name: 'parent_id', type: Types.int8 },
  { name: 'depth', type: Types.int8 },
  { name: 'left_child_id', type: Types.int8 },
  { name: 'right_child_id', type: Types.int8 },
  { name: 'feature', type: Types.text },
  { name: 'operator', type: Types.text },
  { name: 'threshold', type: Types.float8 },
  { name: 'categories', type: listOf(Types.text) },
  { name: 'missing_goes', type: Types.text },
  { name: 'gain', type: Types.float8 },
  { name: 'sample_count', type: Types.int8 },
];

/**
 * Rows where the test holds go to the left child. Leaves have NULL for the test and the gain. A classifier's
 * rows have the likeliest class and the share of each class, in class order; a regressor's the mean label.
 */
export function treeTable(
  shown: ShownTree,
  encoder: FeatureEncoder,
  classLabels: readonly string[],
): ModelTable {
  const { ensemble, nodes, task } = shown;
  const { parent, depth } = nodeParents(shown);
  const tests = new NodeTests(ensemble, encoder);
  const width = ensemble.leafWidth;
  const isClassifier = task === 'classification';
  const rows = Array.from(ensemble.column, (_, node): Value[] => {
    const test = tests.of(node);
    const values = nodes.values.subarray(node * width, (node + 1) * width);
    const prediction = isClassifier ? classLabels[likeliestClass(values, 0, width)]! : values[0]!;
    return [
      0n,
      BigInt(node),
      parent[node]! < 0 ? null : BigInt(parent[node]!),
      BigInt(depth[node]!),
      test === undefined ? null : BigInt(ensemble.left[node]!),
      test === undefined ? null : BigInt(ensemble.left[node]! + 1),
      test?.feature ?? null,
      test?.operator ?? null,
      test?.threshold ?? null,
      test?.categories ?? null,
      test === undefined ? null : test.missingLeft ? 'left' : 'right',
      test === undefined ? null : nodes.gain[node]!,
      BigInt(nodes.rows[node]!),
      prediction,
      ...(isClassifier ? [[...values]] : []),
    ];
  });
  const predictionColumns: readonly Column[] = isClassifier
    ? [
        { name: 'prediction', type: Types.text },
        { name: 'probabilities', type: listOf(Types.float8) },
      ]
    : [{ name: 'prediction', type: Types.float8 }];
  return { schema: [...structureColumns, ...predictionColumns], rows };
}
