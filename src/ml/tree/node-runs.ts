/**
 * Which node's rows lie where in `tree.order`: those of a node side by side, one run after the other. Kept in an array
 * with one number a row, of which only the first two of each run are used: [ node, end ], or [ -2 - node ] for a run of
 * one row. -1 stands behind the last row.
 */

/** The array of runs, one column a tree. */
export const NODE_WORKSPACE = 'tree.node';

const END = -1;

/** The runs of one tree in one partition. */
export class NodeRuns {
  readonly #array: Int32Array;

  constructor(array: Int32Array) {
    this.#array = array;
  }

  /** Makes the first `rowCount` positions the root's, and all others nobody's. */
  begin(rowCount: number): void {
    if (rowCount > 0) this.set(0, 0, rowCount);
    if (rowCount < this.#array.length) this.#array[rowCount] = END;
  }

  /** Makes positions from `start` to before `end` the node's; nothing where there are none. */
  set(node: number, start: number, end: number): void {
    if (end - start === 1) this.#array[start] = -2 - node;
    if (end - start < 2) return;
    this.#array[start] = node;
    this.#array[start + 1] = end;
  }

  /** Calls back for each run, which may be set anew meanwhile; gives where the last one ends. */
  forEach(visit: (node: number, start: number, end: number) => void): number {
    let start = 0;
    while (start < this.#array.length) {
      const first = this.#array[start]!;
      if (first === END) break;
      const end = first < 0 ? start + 1 : this.#array[start + 1]!;
      visit(first < 0 ? -2 - first : first, start, end);
      start = end;
    }
    return start;
  }
}
