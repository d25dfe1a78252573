/** A tree that a team has grown, as it travels to the driver. */
import { BIN_SET_WORDS } from '../kernel/tree-kernel.ts';
import { TreeBuilder } from './tree-builder.ts';

/** Nodes by number; a split's children are the nodes left and left + 1. */
export interface GrownRecordTree {
  /** Split nodes in the order in which they were split. */
  readonly node: Int32Array;
  readonly column: Int32Array;
  readonly gain: Float64Array;
  readonly lastBin: Int32Array;
  readonly missingLeft: Uint8Array;
  readonly binSets: Int32Array;
  /** Sums of all nodes, `stride` numbers each. */
  readonly sums: Float64Array;
  readonly stride: number;
}

export function packTree(tree: TreeBuilder): GrownRecordTree {
  const nodes = [...tree.split.keys()].filter((node) => tree.split[node] !== undefined);
  nodes.sort((one, other) => tree.left[one]! - tree.left[other]!);
  const splits = nodes.map((node) => tree.split[node]!);
  const binSets = new Int32Array(splits.length * BIN_SET_WORDS);
  splits.forEach(({ binSet }, index) => binSets.set(binSet, index * BIN_SET_WORDS));
  const stride = tree.sums[0]!.length;
  const sums = new Float64Array(tree.nodeCount * stride);
  tree.sums.forEach((numbers, node) => sums.set(numbers, node * stride));
  return {
    node: Int32Array.from(nodes),
    column: Int32Array.from(splits, ({ column }) => column),
    gain: Float64Array.from(splits, ({ gain }) => gain),
    lastBin: Int32Array.from(splits, ({ lastBin }) => lastBin),
    missingLeft: Uint8Array.from(splits, ({ missingLeft }) => (missingLeft ? 1 : 0)),
    binSets,
    sums,
    stride,
  };
}

export function unpackTree(grown: GrownRecordTree): TreeBuilder {
  const { stride } = grown;
  const sumsOf = (node: number): Float64Array => grown.sums.slice(node * stride, (node + 1) * stride);
  const tree = new TreeBuilder(sumsOf(0));
  grown.node.forEach((node, index) => {
    const left = tree.nodeCount;
    tree.grow(node, {
      column: grown.column[index]!,
      gain: grown.gain[index]!,
      binSet: grown.binSets.slice(index * BIN_SET_WORDS, (index + 1) * BIN_SET_WORDS),
      lastBin: grown.lastBin[index]!,
      missingLeft: grown.missingLeft[index] === 1,
      left: sumsOf(left),
      right: sumsOf(left + 1),
    });
  });
  return tree;
}
