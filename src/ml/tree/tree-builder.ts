/** A tree while it grows: nodes by number, the root 0, the two children of a node next to each other. */
import { BIN_SET_WORDS, type BinnedTree } from '../kernel/tree-kernel.ts';
import type { Split } from './split-search.ts';

export class TreeBuilder {
  /** Bin column of each inner node, -1 at a leaf. */
  readonly column: number[] = [];
  /** Left child of each inner node. */
  readonly left: number[] = [];
  readonly depth: number[] = [];
  readonly split: (Split | undefined)[] = [];
  /** Sums of each node, in the layout of a histogram bin. */
  readonly sums: Float64Array[] = [];

  /** `depth`: of the root, where the tree is a branch of another one. */
  constructor(rootSums: Float64Array, depth = 0) {
    this.#add(rootSums, depth);
  }

  get nodeCount(): number {
    return this.column.length;
  }

  /** Makes a leaf an inner node; gives the number of its left child, the right one being the next. */
  grow(node: number, split: Split): number {
    const left = this.nodeCount;
    this.column[node] = split.column;
    this.left[node] = left;
    this.split[node] = split;
    this.#add(split.left, this.depth[node]! + 1);
    this.#add(split.right, this.depth[node]! + 1);
    return left;
  }

  /** Makes an inner node a leaf again; its descendants are left out by whoever walks from the root. */
  prune(node: number): void {
    this.column[node] = -1;
    this.split[node] = undefined;
  }

  /** The tree as kernels walk it, with a value for each node. */
  binned(value: (node: number) => number): BinnedTree {
    const binSets = new Int32Array(this.nodeCount * BIN_SET_WORDS);
    this.split.forEach((split, node) => {
      if (split !== undefined) binSets.set(split.binSet, node * BIN_SET_WORDS);
    });
    return {
      column: Int32Array.from(this.column),
      left: Int32Array.from(this.left),
      binSets,
      depth: this.depth.reduce((deepest, depth) => Math.max(deepest, depth), 0),
      value: Float64Array.from(this.column, (column, node) => (column < 0 ? value(node) : 0)),
    };
  }

  #add(sums: Float64Array, depth: number): void {
    this.column.push(-1);
    this.left.push(-1);
    this.depth.push(depth);
    this.split.push(undefined);
    this.sums.push(sums);
  }
}
