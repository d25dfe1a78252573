/**
 * The one order in which partials are merged: a binary tree over partition indexes.
 *
 *     0   1   2   3   4   5   6        A node covers an aligned power of two of partitions; what is
 *      \ /     \ /     \ /    |        missing on the right passes up unmerged. The tree depends on the
 *       \------/        \-----/        partition count alone: how many threads there are does not
 *           \--------------/           matter, nor which one finishes first.
 */

/** Merges partials that arrive in order, holding at most log2 of them. */
export class OrderedMerge<Partial> {
  readonly #merge: (left: Partial, right: Partial) => Partial;
  readonly #pending: { partial: Partial; level: number }[] = [];

  constructor(merge: (left: Partial, right: Partial) => Partial) {
    this.#merge = merge;
  }

  add(partial: Partial): void {
    let entry = { partial, level: 0 };
    for (;;) {
      const last = this.#pending.at(-1);
      if (last === undefined || last.level !== entry.level) break;
      this.#pending.pop();
      entry = { partial: this.#merge(last.partial, entry.partial), level: entry.level + 1 };
    }
    this.#pending.push(entry);
  }

  /** The root; undefined if nothing was added. */
  finish(): Partial | undefined {
    let root = this.#pending.pop()?.partial;
    for (let entry = this.#pending.pop(); entry !== undefined; entry = this.#pending.pop()) {
      root = this.#merge(entry.partial, root as Partial);
    }
    return root;
  }
}
