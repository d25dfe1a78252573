/**
 * Grows one tree by Newton's criterion from records, on one thread, depth first. Columns' bins are in ascending order.
 *
 *   rows of a node lie side by side -> histogram -> best split -> the smaller child's records go to the front, and its
 *   histogram is made on the way; the larger child's is the parent's less that
 *
 * Nodes of few rows have no histogram: they are searched from their records, drawn columns only.
 */
import type { PassContext } from '../aggregate.ts';
import {
  FOREST_SLOTS,
  SearchResult,
  SearchSetting,
  type ForestLayout,
  type ForestSource,
} from '../kernel/forest-kernel.ts';
import { histogramNumbers } from '../kernel/forest-numbers.ts';
import { ColumnSampler, type ColumnShares } from './column-sampler.ts';
import { isCertain, softThreshold, WEIGHT_NOISE } from './criterion.ts';
import { SMALL_ROWS, type GrowthLane } from './growth-lane.ts';
import { SplitList, type Cut, type GrownTree, type Sums } from './grown-tree.ts';
import { GAIN_NOISE } from './split-search.ts';

/** What a tree is grown by. Survives a structured clone. */
export interface LaneRules {
  readonly depthMax: number;
  /** Share of the rows that is drawn. */
  readonly rowShare: number;
  readonly shares: ColumnShares;
  /** Least weight of a side of a split. */
  readonly weightMin: number;
  readonly gainMin: number;
  readonly l1: number;
  readonly l2: number;
  /** What turns a difference of scores into a gain. */
  readonly factor: number;
  /** Gradients are centre × weight - sum. */
  readonly centre: number;
  /** Share of class 1 at a sum of 0; undefined for a regression. */
  readonly prior: number | undefined;
}

/** A node that waits for its split. */
interface Node {
  readonly number: number;
  readonly depth: number;
  /** First record, and how many. */
  readonly first: number;
  readonly rows: number;
  readonly sum: number;
  readonly weight: number;
  /** Of all its rows; undefined where it is searched from its records. */
  readonly histogram: Uint8Array | undefined;
}

/** How many values the hash has that rows are drawn by. */
const HASHES: number = 2 ** 32;

export class LaneGrowth {
  readonly #lane: GrowthLane;
  readonly #rules: LaneRules;
  readonly #context: PassContext;
  readonly #sampler: ColumnSampler;
  readonly #seed: number;
  readonly #splits = new SplitList();
  readonly #waiting: Node[] = [];

  /** `binCounts`: bins of each column, the missing one left out. */
  constructor(lane: GrowthLane, binCounts: Int32Array, rules: LaneRules, seed: number, context: PassContext) {
    this.#lane = lane;
    this.#rules = rules;
    this.#context = context;
    this.#seed = seed;
    this.#sampler = new ColumnSampler(binCounts.length, rules.shares, seed);
    lane.search.binCounts.set(binCounts);
  }

  grow(sources: readonly ForestSource[]): GrownTree {
    const root = this.#plant(sources);
    if (this.#canSplit(root.depth, root.rows, root)) this.#waiting.push(root);
    for (let node = this.#waiting.pop(); node !== undefined; node = this.#waiting.pop()) {
      this.#context.checkpoint();
      const cut = this.#search(node);
      if (cut !== undefined) this.#split(node, cut);
      else if (node.histogram !== undefined) this.#lane.returnHistogram(node.histogram);
    }
    return this.#splits.tree(root);
  }

  /** Draws the rows. */
  #plant(sources: readonly ForestSource[]): Node {
    const { kernel } = this.#context;
    const { space } = this.#lane;
    const limit = Math.min(HASHES - 1, Math.round(this.#rules.rowShare * HASHES));
    let rows = 0;
    for (const source of sources) {
      this.#context.checkpoint();
      rows += kernel.drawTreeRows(source, limit, this.#seed, space, rows);
    }
    this.#context.checkpoint();
    const histogram = this.#lane.takeHistogram()!;
    kernel.sumTreeRows(space, 0, rows, histogram);
    return { number: 0, depth: 0, first: 0, rows, ...rootSums(space.layout, histogram), histogram };
  }

  /** Whether a node of so many rows (as far as is known) is worth a search. */
  #canSplit(depth: number, rows: number, { sum, weight }: Sums): boolean {
    const { depthMax, weightMin, prior, centre } = this.#rules;
    if (depth >= depthMax || rows < 2 || weight <= 0 || weight < 2 * weightMin) return false;
    return prior === undefined || !isCertain(prior - centre + sum / weight);
  }

  #search(node: Node): Cut | undefined {
    const { kernel } = this.#context;
    const { search, space } = this.#lane;
    const { settings, best } = search;
    const { centre, l1, l2, weightMin } = this.#rules;
    const columns = this.#sampler.columns(node.depth, node.number);
    search.columns.set(columns);
    settings[SearchSetting.centre] = centre;
    settings[SearchSetting.first] = node.sum;
    settings[SearchSetting.second] = node.weight;
    settings[SearchSetting.l1] = l1;
    settings[SearchSetting.l2] = l2;
    settings[SearchSetting.least] = Math.max(weightMin, WEIGHT_NOISE * node.weight);
    if (node.histogram === undefined)
      kernel.searchTreeRows(space, node.first, node.rows, search, columns.length);
    else kernel.searchTreeHistogram(space.layout, node.histogram, search, columns.length);
    return best[SearchResult.column]! < 0 ? undefined : this.#cut(node, best);
  }

  /** The cut that was found, if the rules allow it. */
  #cut(node: Node, best: Float64Array): Cut | undefined {
    const { factor, centre, l1, l2, gainMin } = this.#rules;
    const score = best[SearchResult.score]!;
    const gradient = softThreshold(centre * node.weight - node.sum, l1);
    const gain = factor * (score - (gradient * gradient) / (node.weight + l2));
    if (gain <= GAIN_NOISE * factor * score || gain < gainMin) return undefined;
    const left = { sum: best[SearchResult.first]!, weight: best[SearchResult.second]! };
    const right = { sum: node.sum - left.sum, weight: node.weight - left.weight };
    const missingLeft =
      best[SearchResult.hasMissing] === 1
        ? best[SearchResult.missingLeft] === 1
        : left.weight >= right.weight;
    const column = best[SearchResult.column]!;
    return { column, lastBin: best[SearchResult.lastBin]!, missingLeft, gain, left, right };
  }

  /** Splits a node; the lighter child is the next one to be looked at. */
  #split(node: Node, cut: Cut): void {
    const number = this.#splits.add(node.number, cut);
    const depth = node.depth + 1;
    const isLeftFront = cut.left.weight <= cut.right.weight;
    const front = isLeftFront ? cut.left : cut.right;
    const back = isLeftFront ? cut.right : cut.left;
    const isFrontWanted = this.#canSplit(depth, Infinity, front);
    const isBackWanted = this.#canSplit(depth, Infinity, back);
    if (!isFrontWanted && !isBackWanted) {
      if (node.histogram !== undefined) this.#lane.returnHistogram(node.histogram);
      return;
    }
    const part = this.#partHistogram(node, isFrontWanted ? front.weight : 0, isBackWanted ? back.weight : 0);
    const rows = this.#moveRecords(node, cut, isLeftFront, part);
    const rest = node.rows - rows;
    const backHistogram = isBackWanted ? this.#backHistogram(node, rest, part) : undefined;
    if (node.histogram !== undefined && backHistogram === undefined)
      this.#lane.returnHistogram(node.histogram);
    const isFrontLarge = isFrontWanted && rows > SMALL_ROWS;
    if (part !== undefined && !isFrontLarge) this.#lane.returnHistogram(part);
    const backNumber = isLeftFront ? number + 1 : number;
    const frontNumber = isLeftFront ? number : number + 1;
    if (isBackWanted) this.#wait(backNumber, depth, node.first + rows, rest, back, backHistogram);
    if (isFrontWanted)
      this.#wait(frontNumber, depth, node.first, rows, front, isFrontLarge ? part : undefined);
  }

  #wait(
    number: number,
    depth: number,
    first: number,
    rows: number,
    { sum, weight }: Sums,
    histogram: Uint8Array | undefined,
  ): void {
    if (rows >= 2) this.#waiting.push({ number, depth, first, rows, sum, weight, histogram });
    else if (histogram !== undefined) this.#lane.returnHistogram(histogram);
  }

  /** The node's histogram less that of the front, if the back is to have one. */
  #backHistogram(node: Node, rows: number, part: Uint8Array | undefined): Uint8Array | undefined {
    if (part === undefined || node.histogram === undefined || rows <= SMALL_ROWS) return undefined;
    this.#context.kernel.subtractTreeRows(this.#lane.space.layout, node.histogram, part);
    return node.histogram;
  }

  /** Room for the histogram of the front, if it will serve for a child. */
  #partHistogram(node: Node, frontWeight: number, backWeight: number): Uint8Array | undefined {
    if (node.histogram === undefined) return undefined;
    const rows = (node.rows * Math.max(frontWeight, backWeight)) / node.weight;
    return rows > SMALL_ROWS ? this.#lane.takeHistogram() : undefined;
  }

  #moveRecords(node: Node, cut: Cut, isLeftFront: boolean, part: Uint8Array | undefined): number {
    const missingBin = cut.missingLeft ? this.#lane.search.binCounts[cut.column]! : NO_BIN;
    const test = { column: cut.column, lastBin: cut.lastBin, missingBin, flip: !isLeftFront };
    return this.#context.kernel.splitTreeRows(this.#lane.space, node.first, node.rows, test, part);
  }
}

/** A bin that no row is in. */
const NO_BIN = 256;

/** Every row is in one bin of the first column. */
function rootSums(layout: ForestLayout, histogram: Uint8Array): Sums {
  const numbers = histogramNumbers(layout, histogram);
  let sum = 0;
  let weight = 0;
  for (let slot = 0; slot < 2 * FOREST_SLOTS; slot += 2) {
    sum += numbers[slot]!;
    weight += numbers[slot + 1]!;
  }
  return { sum, weight };
}
