/**
 * Grows a tree of records level by level: what the thread that leads decides (record-tree-pass.ts), while all of them move
 * records, sum and search.
 *
 *   best cut of a node -> two children -> histogram of the smaller one from its rows, of the larger one by subtraction
 *   children of LOCAL_ROWS rows or fewer are grown to the end from their records, several at a time (local-records.ts)
 *
 * A level is asked for in groups of nodes, as many as the arena has room for.
 */
import type { FixedPoint } from '../kernel/fixed-point.ts';
import { histogramTotal } from '../kernel/scalar-node-search.ts';
import { BIN_SET_WORDS } from '../kernel/tree-kernel.ts';
import type { BinMapper } from './bin-mapper.ts';
import type { Criterion } from './criterion.ts';
import { bestCut, worthSplit } from './found-split.ts';
import { LOCAL_ROWS, TreeGrowth, type GrowthRules } from './growth.ts';
import type { AppliedSplits } from './histogram-request.ts';
import { growToEnd } from './local-records.ts';
import type { NodeArena } from './node-arena.ts';
import type { LocalNode, SearchedNode, SearchFamily } from './record-orders.ts';
import { SplitSearch } from './split-search.ts';
import { TreeBuilder } from './tree-builder.ts';

/** Bytes of a group's histograms and rows, unless one family has more. */
const GROUP_BYTES: number = 16 * 1024 * 1024;
/** Bytes of a bin's sums, and of a row's gradient and hessian, as numbers. */
const BIN_BYTES = 24;
const FACT_BYTES = 16;

/** What all threads do for the one that leads. */
export interface RecordTeam {
  /** Begins a tree: its rows are the root's. */
  begin(): void;
  move(splits: AppliedSplits): void;
  /** Sums histograms of nodes into slots of the arena, and finds the best cuts of the families' nodes. */
  search(
    nodes: readonly number[],
    slots: readonly number[],
    families: readonly SearchFamily[],
    searched: readonly SearchedNode[],
  ): void;
  /** Grows small nodes to the end, as many as the arena has room for; it then holds what was found. */
  growLocal(nodes: readonly LocalNode[]): void;
}

/** Children of one split node that wait for their cuts or rows. */
interface Family {
  readonly node: number;
  /** Children that may be split further; `build` has their histograms summed, `collect` grown to the end. */
  readonly wanted: readonly number[];
  readonly build: readonly number[];
  readonly collect: readonly number[];
  /** Slot of the parent's histogram, when the other child's is to be had by subtraction; else -1. */
  readonly slot: number;
}

export class RecordLevels {
  readonly means: { readonly mapper: BinMapper; readonly criterion: Criterion };
  readonly #rules: GrowthRules;
  readonly #search: SplitSearch;

  constructor(mapper: BinMapper, rules: GrowthRules, criterion: Criterion) {
    this.means = { mapper, criterion };
    this.#rules = rules;
    this.#search = new SplitSearch(mapper, criterion);
  }

  /** Decisions about a tree, or a branch of one. */
  growth(seed: number): TreeGrowth {
    const { mapper, criterion } = this.means;
    return new TreeGrowth({ output: 0, seed }, 0, mapper, this.#rules, criterion, this.#search);
  }

  /** Grows a tree. `units`: of the gradients and hessians that it sums. */
  grow(seed: number, units: FixedPoint, team: RecordTeam, arena: NodeArena): TreeBuilder {
    const { mapper, criterion } = this.means;
    const growth = this.growth(seed);
    const localNodes = this.#rules.shares.byNode < 1 ? 1 : arena.plan.localNodes;
    const levels = new GrowingLevels(growth, mapper, criterion, team, arena, units, localNodes);
    let families = levels.plant();
    while (families.length > 0) families = levels.growLevel(families);
    return growth.tree;
  }
}

/** One tree while it grows. */
class GrowingLevels {
  readonly #growth: TreeGrowth;
  readonly #mapper: BinMapper;
  readonly #criterion: Criterion;
  readonly #team: RecordTeam;
  readonly #arena: NodeArena;
  readonly #units: FixedPoint;
  /** Small nodes that are grown at a time: one if their columns depend on the numbers of all nodes before. */
  readonly #localNodes: number;
  /** Slots of histograms that nobody keeps. */
  readonly #free: number[];

  constructor(
    growth: TreeGrowth,
    mapper: BinMapper,
    criterion: Criterion,
    team: RecordTeam,
    arena: NodeArena,
    units: FixedPoint,
    localNodes: number,
  ) {
    const { slotCount } = arena.plan;
    this.#growth = growth;
    this.#mapper = mapper;
    this.#criterion = criterion;
    this.#team = team;
    this.#arena = arena;
    this.#units = units;
    this.#localNodes = localNodes;
    this.#free = Array.from({ length: slotCount }, (_, index) => slotCount - 1 - index);
  }

  /** The root: splits it if it can be split. */
  plant(): Family[] {
    const slot = this.#free.pop()!;
    const root = { node: 0, slot, depth: 0 };
    const family = { built: 0, builtCount: 1, parent: -1, searched: 0, searchedCount: 1 };
    this.#team.begin();
    this.#team.search([0], [slot], [family], [root]);
    const { binCount } = this.#mapper.columns[0]!;
    const total = histogramTotal(this.#arena.slot(slot, 0, 1), binCount, this.#units);
    this.#growth.start(new TreeBuilder(total));
    return this.#growth.canSplit(0) ? this.#split(root, 0, true) : [];
  }

  growLevel(families: readonly Family[]): Family[] {
    const { slotCount, nodesMax } = this.#arena.plan;
    const keep = 2 * families.length + nodesMax <= slotCount;
    const next: Family[] = [];
    this.#team.move(splitArrays(this.#growth, families));
    for (const group of this.#groups(families, nodesMax)) {
      next.push(...this.#searchGroup(group, keep));
      this.#growLocal(group.flatMap(({ collect }) => collect));
    }
    return next;
  }

  #growLocal(nodes: readonly number[]): void {
    const { tree } = this.#growth;
    for (let first = 0; first < nodes.length; first += this.#localNodes) {
      const some = nodes.slice(first, first + this.#localNodes);
      some.forEach((node, job) => this.#arena.total(job).set(tree.sums[node]!));
      this.#team.growLocal(some.map((node) => ({ node, depth: tree.depth[node]!, next: tree.nodeCount })));
      some.forEach((node, job) => {
        let found = 0;
        const cutOf = (): Float64Array => this.#arena.localResult(job, found++);
        growToEnd(this.#growth, node, this.#mapper, this.#criterion, cutOf, () => undefined);
      });
    }
  }

  /** Families in order, as many at a time as histograms and rows that are picked up have room for. */
  #groups(families: readonly Family[], nodesMax: number): Family[][] {
    const { columns, binStart } = this.#mapper;
    const groups: Family[][] = [];
    let nodes = 0;
    let room = 0;
    for (const family of families) {
      const rows = family.collect.reduce((count, node) => count + this.#growth.rows(node), 0);
      const bytes = family.build.length * binStart.at(-1)! * BIN_BYTES + rows * (columns.length + FACT_BYTES);
      if (groups.length === 0 || bytes > room || family.build.length > nodes) {
        groups.push([]);
        nodes = nodesMax;
        room = GROUP_BYTES;
      }
      groups.at(-1)!.push(family);
      nodes -= family.build.length;
      room -= bytes;
    }
    return groups;
  }

  #searchGroup(group: readonly Family[], keep: boolean): Family[] {
    const build = group.flatMap((family) => family.build);
    if (build.length === 0) return [];
    const slots = build.map(() => this.#free.pop()!);
    const { families, searched, unused } = this.#searchOf(group, slots);
    const { sums } = this.#growth.tree;
    searched.forEach(({ node }, index) => this.#arena.total(index).set(sums[node]!));
    this.#team.search(build, slots, families, searched);
    const next = searched.flatMap((found, index) => this.#split(found, index, keep));
    this.#free.push(...unused);
    return next;
  }

  /** What is searched of a group whose histograms go to the given slots, and slots that are of no use after that. */
  #searchOf(
    group: readonly Family[],
    slots: readonly number[],
  ): { families: SearchFamily[]; searched: SearchedNode[]; unused: number[] } {
    const families: SearchFamily[] = [];
    const searched: SearchedNode[] = [];
    const unused: number[] = [];
    let built = 0;
    for (const { wanted, build, slot: parent } of group) {
      if (build.length === 0) continue;
      const own = slots.slice(built, built + build.length);
      const found = wanted.map((node) => ({
        node,
        slot: build.includes(node) ? own[build.indexOf(node)]! : parent,
        depth: this.#growth.tree.depth[node]!,
      }));
      const given = parent < 0 ? own : [...own, parent];
      unused.push(...given.filter((slot) => !found.some((node) => node.slot === slot)));
      const counts = { builtCount: build.length, searchedCount: found.length };
      families.push({ built, parent, searched: searched.length, ...counts });
      searched.push(...found);
      built += build.length;
    }
    return { families, searched, unused };
  }

  /**
   * Splits a node that was searched if that gains something; gives the family of its children if any of them may be split
   * further. The histogram's slot is free if nobody keeps it.
   */
  #split(found: SearchedNode, index: number, keep: boolean): Family[] {
    const family = this.#familyOf(found, index, keep);
    if (family?.slot !== found.slot) this.#free.push(found.slot);
    return family === undefined ? [] : [family];
  }

  #familyOf({ node, slot }: SearchedNode, index: number, keep: boolean): Family | undefined {
    const growth = this.#growth;
    const cut = bestCut(this.#arena, index);
    const split = worthSplit(growth, node, cut, this.#mapper, this.#criterion);
    if (split === undefined) return undefined;
    const left = growth.tree.grow(node, split);
    const wanted = [left, left + 1].filter((child) => growth.canSplit(child));
    if (wanted.length === 0) return undefined;
    if (wanted.every((child) => growth.rows(child) <= LOCAL_ROWS)) {
      return { node, wanted, build: [], collect: wanted, slot: -1 };
    }
    if (!keep) return { node, wanted, build: wanted, collect: [], slot: -1 };
    const smaller = growth.rows(left) <= growth.rows(left + 1) ? left : left + 1;
    return { node, wanted, build: [smaller], collect: [], slot };
  }
}

function splitArrays({ tree }: TreeGrowth, families: readonly Family[]): AppliedSplits {
  const binSets = new Int32Array(families.length * BIN_SET_WORDS);
  families.forEach(({ node }, index) => binSets.set(tree.split[node]!.binSet, index * BIN_SET_WORDS));
  return {
    node: Int32Array.from(families, ({ node }) => node),
    column: Int32Array.from(families, ({ node }) => tree.column[node]!),
    left: Int32Array.from(families, ({ node }) => tree.left[node]!),
    binSets,
  };
}
