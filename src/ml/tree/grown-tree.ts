/** A tree as the list of its splits, in the order they were made: what a thread that grew it gives back. */

/** Sums of a node: of what is counted, and of weights. */
export interface Sums {
  readonly sum: number;
  readonly weight: number;
}

/** One split by a threshold: bins up to `lastBin` go left. */
export interface Cut {
  readonly column: number;
  readonly lastBin: number;
  readonly missingLeft: boolean;
  readonly gain: number;
  readonly left: Sums;
  readonly right: Sums;
}

/** The children of split s are nodes 2 s + 1 and 2 s + 2; the root is node 0. */
export interface GrownTree {
  /** Two numbers: sums of the root. */
  readonly root: Float64Array;
  readonly node: Int32Array;
  readonly column: Int32Array;
  readonly lastBin: Int32Array;
  readonly missingLeft: Uint8Array;
  readonly gain: Float64Array;
  /** Four numbers a split: sums of the left and of the right child. */
  readonly sums: Float64Array;
}

/** Collects splits. */
export class SplitList {
  readonly #node: number[] = [];
  readonly #column: number[] = [];
  readonly #lastBin: number[] = [];
  readonly #missingLeft: number[] = [];
  readonly #gain: number[] = [];
  readonly #sums: number[] = [];

  /** Adds the split of a node; gives the number of the left child, the right one being the next. */
  add(node: number, { column, lastBin, missingLeft, gain, left, right }: Cut): number {
    this.#node.push(node);
    this.#column.push(column);
    this.#lastBin.push(lastBin);
    this.#missingLeft.push(missingLeft ? 1 : 0);
    this.#gain.push(gain);
    this.#sums.push(left.sum, left.weight, right.sum, right.weight);
    return 2 * this.#node.length - 1;
  }

  tree(root: Sums): GrownTree {
    return {
      root: Float64Array.of(root.sum, root.weight),
      node: Int32Array.from(this.#node),
      column: Int32Array.from(this.#column),
      lastBin: Int32Array.from(this.#lastBin),
      missingLeft: Uint8Array.from(this.#missingLeft),
      gain: Float64Array.from(this.#gain),
      sums: Float64Array.from(this.#sums),
    };
  }
}
