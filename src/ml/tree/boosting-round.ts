/** The trees of one boosting round. */
import type { BinnedTree } from '../kernel/tree-kernel.ts';
import type { TreeBuilder } from './tree-builder.ts';

export interface RoundTrees {
  /** Outputs in turn: tree t adds to output t % outputs. */
  readonly trees: readonly TreeBuilder[];
  /** Factor of all leaf values: 1 unless trees are dropped. */
  weight: number;
  /** Value of a leaf with these sums, before the factor. */
  leaf(sums: Float64Array): number;
}

/** The round's trees as a pass adds them, leaf values times `factor`. */
export function binnedTrees(
  round: RoundTrees,
  factor: number,
  outputs: number,
): { readonly output: number; readonly tree: BinnedTree }[] {
  return round.trees.map((tree, index) => ({
    output: index % outputs,
    tree: tree.binned((node) => factor * round.leaf(tree.sums[node]!)),
  }));
}
