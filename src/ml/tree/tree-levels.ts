/**
 * Grows several trees level by level, and asks for what it needs of their rows: it runs on one thread, and does not know
 * where the rows are.
 *
 *   histogram of a node -> best split -> two children -> histogram of the smaller child by a pass,
 *                                                        of the larger one by subtraction
 *   children of LOCAL_ROWS rows or fewer: their rows are picked up and grown to the end here
 *
 * A level is asked for in groups of nodes, so that neither partials nor kept histograms outgrow their bounds.
 */
import { fixedPoint, type FixedPoint } from '../kernel/fixed-point.ts';
import { BIN_SET_WORDS } from '../kernel/tree-kernel.ts';
import type { BinMapper } from './bin-mapper.ts';
import type { Criterion } from './criterion.ts';
import { LOCAL_ROWS, TreeGrowth, type GrowthRules, type TreePlan } from './growth.ts';
import type { AppliedSplits, CollectedRows, HistogramPartial, SlotRequest } from './histogram-request.ts';
import { strideOf } from './histogram-pass.ts';
import { LocalGrower } from './local-growth.ts';
import { SplitSearch, wholeHistogram } from './split-search.ts';
import { TreeBuilder } from './tree-builder.ts';

/** Bytes of a partial, unless the two children of one node have more. */
const PARTIAL_BYTES: number = 16 * 1024 * 1024;
/** Bytes of histograms kept for subtraction. */
export const KEPT_BYTES: number = 256 * 1024 * 1024;
/** Milliseconds of work here between two checks for cancellation. */
const CHECK_INTERVAL_MS = 10;

/** What the growing of trees waits for: a partial that answers requests, or a moment to see whether it was cancelled. */
export type GrowthStep = readonly SlotRequest[] | 'checkpoint';

/** Gives steps, takes the answers to requests, and ends with the trees. */
export type GrowingTrees = Growing<TreeBuilder[]>;

type Growing<Result> = Generator<GrowthStep, Result, HistogramPartial | undefined>;

/** Children of one split node that wait for their histograms or rows. */
interface Family {
  readonly growth: TreeGrowth;
  readonly node: number;
  /**
   * Children that may be split further; `build` has their histograms summed, `collect` their rows picked up.
   */
  readonly wanted: readonly number[];
  readonly build: readonly number[];
  readonly collect: readonly number[];
  /** The parent's, when the other child's is to be had by subtraction. */
  readonly histogram: Float64Array | undefined;
}

export class TreeLevels {
  readonly #mapper: BinMapper;
  readonly #rules: GrowthRules;
  readonly #criterion: Criterion;
  readonly #search: SplitSearch;
  readonly #local: LocalGrower;
  readonly #size: number;
  /** Memory of histograms that nobody keeps. */
  readonly #free: Float64Array[] = [];
  #units: FixedPoint = fixedPoint(1, 1, 1);
  #checked = 0;

  /** `classCount`: classes of class histograms, 0 for gradient histograms. */
  constructor(mapper: BinMapper, rules: GrowthRules, criterion: Criterion, classCount: number) {
    this.#mapper = mapper;
    this.#rules = rules;
    this.#criterion = criterion;
    this.#search = new SplitSearch(mapper, criterion);
    this.#local = new LocalGrower(mapper.binStart, classCount);
    this.#size = mapper.binStart.at(-1)! * strideOf(classCount);
  }

  /** Grows one tree a plan, all at once; a plan's slot is its index. `units`: of the facts it sums. */
  *grow(plans: readonly TreePlan[], units: FixedPoint): GrowingTrees {
    this.#units = units;
    const growths = plans.map(
      (plan, slot) => new TreeGrowth(plan, slot, this.#mapper, this.#rules, this.#criterion, this.#search),
    );
    let families = yield* this.#plant(growths);
    while (families.length > 0) families = yield* this.#growLevel(families);
    return growths.map((growth) => growth.tree);
  }

  /** Roots: draws the rows and splits what can be split. */
  *#plant(growths: readonly TreeGrowth[]): Growing<Family[]> {
    const slots = growths.map((growth): SlotRequest => ({
      slot: growth.slot,
      output: growth.plan.output,
      begin: { share: this.#rules.rowShare, seed: growth.plan.seed },
      splits: undefined,
      build: [0],
      collect: [],
    }));
    const partial = (yield slots)!;
    const histograms = new HistogramReader(partial, this.#size, this.#free);
    const families: Family[] = [];
    for (const growth of growths) {
      const histogram = histograms.next();
      growth.start(new TreeBuilder(this.#columnSums(histogram)));
      if (growth.canSplit(0)) families.push(...this.#splitOnce(growth, 0, histogram, true));
    }
    return families;
  }

  /** The node's sums: every row is in one bin of the first column. */
  #columnSums(histogram: Float64Array): Float64Array {
    const { stride } = this.#criterion;
    const sums = new Float64Array(stride);
    for (let bin = 0; bin < this.#mapper.binStart[1]!; bin++) {
      for (let index = 0; index < stride; index++)
        sums[index] = sums[index]! + histogram[bin * stride + index]!;
    }
    return sums;
  }

  /**
   * Splits a node if that gains something; gives the family of its children if any of them may be split
   * further.
   */
  #split(growth: TreeGrowth, node: number, histogram: Float64Array, keep: boolean): Family[] {
    const source = wholeHistogram(histogram, this.#mapper, this.#criterion.stride);
    const split = growth.findSplit(node, source);
    if (split === undefined) return [];
    const left = growth.tree.grow(node, split);
    const wanted = [left, left + 1].filter((child) => growth.canSplit(child));
    if (wanted.length === 0) return [];
    if (wanted.every((child) => growth.rows(child) <= LOCAL_ROWS)) {
      return [{ growth, node, wanted, build: [], collect: wanted, histogram: undefined }];
    }
    if (!keep) return [{ growth, node, wanted, build: wanted, collect: [], histogram: undefined }];
    const smaller = growth.rows(left) <= growth.rows(left + 1) ? left : left + 1;
    return [{ growth, node, wanted, build: [smaller], collect: [], histogram }];
  }

  /** The same; the histogram's memory is used again if nobody keeps it. */
  #splitOnce(growth: TreeGrowth, node: number, histogram: Float64Array, keep: boolean): Family[] {
    const families = this.#split(growth, node, histogram, keep);
    if (families[0]?.histogram !== histogram) this.#free.push(histogram);
    return families;
  }

  *#growLevel(families: readonly Family[]): Growing<Family[]> {
    const keep = families.length * 2 * this.#size * 8 <= KEPT_BYTES;
    const next: Family[] = [];
    let splits: Map<number, AppliedSplits> | undefined = appliedSplits(families);
    for (const group of this.#groups(families)) {
      const slots = slotRequests(group, splits);
      splits = undefined;
      const partial = (yield slots)!;
      next.push(...this.#splitFamilies(group, partial, keep));
      yield* this.#growCollected(group, partial.collected);
    }
    return next;
  }

  /**
   * Families in order, as many at a time as one partial holds. All of a slot's splits go with the first
   * group.
   */
  #groups(families: readonly Family[]): Family[][] {
    const groups: Family[][] = [];
    let room = 0;
    for (const family of families) {
      const rows = family.collect.reduce((count, node) => count + family.growth.rows(node), 0);
      const bytes = family.build.length * this.#size * 8 + rows * (this.#mapper.columns.length + 16);
      if (groups.length === 0 || bytes > room) {
        groups.push([]);
        room = PARTIAL_BYTES;
      }
      groups.at(-1)!.push(family);
      room -= bytes;
    }
    return groups;
  }

  #splitFamilies(group: readonly Family[], partial: HistogramPartial, keep: boolean): Family[] {
    const histograms = new HistogramReader(partial, this.#size, this.#free);
    const next: Family[] = [];
    for (const { growth, wanted, build, histogram } of group) {
      const built = new Map(build.map((node) => [node, histograms.next()]));
      if (histogram !== undefined) subtract(histogram, built.get(build[0]!)!);
      for (const node of build.length === 0 ? [] : wanted) {
        next.push(...this.#splitOnce(growth, node, built.get(node) ?? histogram!, keep));
      }
    }
    return next;
  }

  *#growCollected(group: readonly Family[], collected: readonly CollectedRows[]): Growing<void> {
    const parts = new Map<string, CollectedRows[]>();
    for (const part of collected) {
      const key = `${part.slot} ${part.node}`;
      const others = parts.get(key);
      if (others === undefined) parts.set(key, [part]);
      else others.push(part);
    }
    for (const { growth, collect } of group) {
      for (const node of collect) {
        this.#local.grow(growth, node, parts.get(`${growth.slot} ${node}`) ?? [], this.#units);
        if (performance.now() - this.#checked < CHECK_INTERVAL_MS) continue;
        yield 'checkpoint';
        this.#checked = performance.now();
      }
    }
  }
}

/** Histograms of a partial, one after the other, each an array of its own, from those that are free if there are any. */
class HistogramReader {
  readonly #partial: HistogramPartial;
  readonly #size: number;
  readonly #free: Float64Array[];
  #offset = 0;

  constructor(partial: HistogramPartial, size: number, free: Float64Array[]) {
    this.#partial = partial;
    this.#size = size;
    this.#free = free;
  }

  next(): Float64Array {
    const start = this.#offset;
    this.#offset += this.#size;
    const histogram = this.#free.pop() ?? new Float64Array(this.#size);
    histogram.set(this.#partial.histograms.subarray(start, this.#offset));
    return histogram;
  }
}

function subtract(from: Float64Array, part: Float64Array): void {
  for (let index = 0; index < from.length; index++) from[index] = from[index]! - part[index]!;
}

/** The splits of a level, by slot. */
function appliedSplits(families: readonly Family[]): Map<number, AppliedSplits> {
  const bySlot = new Map<number, Family[]>();
  for (const family of families) {
    const others = bySlot.get(family.growth.slot);
    if (others === undefined) bySlot.set(family.growth.slot, [family]);
    else others.push(family);
  }
  return new Map([...bySlot].map(([slot, members]) => [slot, splitArrays(members)]));
}

function splitArrays(families: readonly Family[]): AppliedSplits {
  const binSets = new Int32Array(families.length * BIN_SET_WORDS);
  families.forEach(({ growth, node }, index) => {
    binSets.set(growth.tree.split[node]!.binSet, index * BIN_SET_WORDS);
  });
  return {
    node: Int32Array.from(families, (family) => family.node),
    column: Int32Array.from(families, ({ growth, node }) => growth.tree.column[node]!),
    left: Int32Array.from(families, ({ growth, node }) => growth.tree.left[node]!),
    binSets,
  };
}

/** One request a slot, in the order of the families (which come slot by slot). */
function slotRequests(
  group: readonly Family[],
  splits: ReadonlyMap<number, AppliedSplits> | undefined,
): SlotRequest[] {
  const bySlot = new Map<number, Family[]>();
  for (const family of group) {
    const others = bySlot.get(family.growth.slot);
    if (others === undefined) bySlot.set(family.growth.slot, [family]);
    else others.push(family);
  }
  for (const slot of splits?.keys() ?? []) if (!bySlot.has(slot)) bySlot.set(slot, []);
  return [...bySlot].map(([slot, families]) => ({
    slot,
    output: families[0]?.growth.plan.output ?? 0,
    begin: undefined,
    splits: splits?.get(slot),
    build: families.flatMap((family) => family.build),
    collect: families.flatMap((family) => family.collect),
  }));
}
