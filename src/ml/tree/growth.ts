/** What all growing of trees goes by: rules, columns, the criterion; and when a node is worth splitting. */
import type { BinMapper } from './bin-mapper.ts';
import { ColumnSampler, type ColumnShares } from './column-sampler.ts';
import type { Criterion, SideLimits } from './criterion.ts';
import type { HistogramSource, Split, SplitSearch } from './split-search.ts';
import type { TreeBuilder } from './tree-builder.ts';

export interface GrowthRules {
  readonly depthMax: number;
  readonly limits: SideLimits;
  /** Least share of the tree's weight on both sides of a split. */
  readonly weightFraction: number;
  /** Least gain. */
  readonly gainMin: number;
  /** Whether the least gain is of impurity (gain / weight of the node) or of summed loss. */
  readonly isGainPerWeight: boolean;
  readonly shares: ColumnShares;
  /** Share of the rows drawn for each tree. */
  readonly rowShare: number;
  /** Whether it is known that all rows have weight. */
  readonly everyRowWeighs?: boolean;
}

/** Rows at most that are picked up and grown to the end in one place, without further passes. */
export const LOCAL_ROWS = 512;

/** One tree to grow. */
export interface TreePlan {
  /** Column of gradients to fit. */
  readonly output: number;
  readonly seed: number;
}

/** Grows one tree: its nodes so far, and the decisions about each. */
export class TreeGrowth {
  readonly plan: TreePlan;
  readonly slot: number;
  readonly #rules: GrowthRules;
  readonly #criterion: Criterion;
  readonly #search: SplitSearch;
  readonly #sampler: ColumnSampler;
  #builder: TreeBuilder | undefined;
  #limits: SideLimits;

  constructor(
    plan: TreePlan,
    slot: number,
    mapper: BinMapper,
    rules: GrowthRules,
    criterion: Criterion,
    search: SplitSearch,
  ) {
    this.plan = plan;
    this.slot = slot;
    this.#rules = rules;
    this.#criterion = criterion;
    this.#search = search;
    this.#sampler = new ColumnSampler(mapper.columns.length, rules.shares, plan.seed);
    this.#limits = rules.limits;
  }

  get tree(): TreeBuilder {
    return this.#builder!;
  }

  start(tree: TreeBuilder): void {
    this.#builder = tree;
    const share = this.#rules.weightFraction * this.#criterion.weight(tree.sums[0]!, 0);
    this.#limits = { rows: this.#rules.limits.rows, weight: Math.max(this.#rules.limits.weight, share) };
  }

  rows(node: number): number {
    return this.#criterion.rows(this.tree.sums[node]!, 0);
  }

  canSplit(node: number): boolean {
    const sums = this.tree.sums[node]!;
    return (
      this.tree.depth[node]! < this.#rules.depthMax &&
      this.#criterion.rows(sums, 0) >= 2 * this.#limits.rows &&
      this.#criterion.weight(sums, 0) >= 2 * this.#limits.weight &&
      !this.#criterion.isPure(sums)
    );
  }

  /** Columns that the node may be split on; of the root before the tree starts, too. */
  columns(node: number): Int32Array {
    return this.#sampler.columns(this.#builder?.depth[node] ?? 0, node);
  }

  /** Whether the rules allow a node's split. */
  isWorth(node: number, split: Split): boolean {
    const sums = this.tree.sums[node]!;
    const gain = this.#rules.isGainPerWeight ? split.gain / this.#criterion.weight(sums, 0) : split.gain;
    return gain >= this.#rules.gainMin;
  }

  /** The split that the rules allow for a node with this histogram, if any. */
  findSplit(node: number, histogram: HistogramSource): Split | undefined {
    const split = this.#search.find(histogram, this.tree.sums[node]!, this.columns(node), this.#limits);
    return split !== undefined && this.isWorth(node, split) ? split : undefined;
  }
}
