/**
 * Which columns a node may split on: COLSAMPLE_BYTREE, of these BYLEVEL, of these BYNODE; at least one each
 * time.
 */
import { Random } from '../../core/index.ts';

export interface ColumnShares {
  readonly byTree: number;
  readonly byLevel: number;
  readonly byNode: number;
}

export const allColumns: ColumnShares = { byTree: 1, byLevel: 1, byNode: 1 };

/** A seed made of several whole numbers: a stream of its own for each combination. */
export function mixSeed(...parts: readonly number[]): number {
  let state = 0x9e3779b9;
  for (const part of parts) {
    state = Math.imul(state ^ (part | 0) ^ Math.imul(Math.floor(part / 4294967296), 0x45d9f3b), 0x85ebca6b);
    state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35);
    state ^= state >>> 16;
  }
  return state;
}

const UINT32_COUNT: number = 2 ** 32;
const LEVEL_STREAM = 1;
const NODE_STREAM = 2;

/**
 * Draws for one tree. The same (seed, node) gives the same columns, in whatever order nodes are asked for.
 */
export class ColumnSampler {
  readonly #seed: number;
  readonly #shares: ColumnShares;
  readonly #tree: Int32Array;
  readonly #levels = new Map<number, Int32Array>();

  constructor(columnCount: number, shares: ColumnShares, seed: number) {
    this.#seed = seed;
    this.#shares = shares;
    const all = Int32Array.from({ length: columnCount }, (_, column) => column);
    this.#tree = draw(all, shares.byTree, seed);
  }

  columns(depth: number, node: number): Int32Array {
    let level = this.#levels.get(depth);
    if (level === undefined) {
      level = draw(this.#tree, this.#shares.byLevel, mixSeed(this.#seed, LEVEL_STREAM, depth));
      this.#levels.set(depth, level);
    }
    return draw(level, this.#shares.byNode, mixSeed(this.#seed, NODE_STREAM, node));
  }
}

/** A share of the columns in their order, by selection sampling. Source: Knuth, TAOCP 2, 3.4.2, algorithm S. */
function draw(columns: Int32Array, share: number, seed: number): Int32Array {
  if (share >= 1) return columns;
  const random = new Random(seed);
  const drawn = new Int32Array(Math.max(1, Math.floor(share * columns.length)));
  let count = 0;
  for (let index = 0; count < drawn.length; index++) {
    const left = columns.length - index;
    if (random.uint32() * left < (drawn.length - count) * UINT32_COUNT) drawn[count++] = columns[index]!;
  }
  return drawn;
}
