/**
 * Small nodes of a tree of records are grown to the end, depth first, from copies of their records: a job of a team each. The
 * thread that leads then takes the same steps by what the jobs found.
 */
import type { PassContext } from '../aggregate.ts';
import type { RecordLayout } from '../kernel/record-kernel.ts';
import type { BinMapper } from './bin-mapper.ts';
import type { Criterion } from './criterion.ts';
import { worthSplit } from './found-split.ts';
import type { TreeGrowth } from './growth.ts';
import { readLocal } from './record-orders.ts';
import type { RecordRows } from './record-rows.ts';
import { chosenColumns, cutRulesOf, type SearchSetup } from './search-job.ts';
import type { Split } from './split-search.ts';
import { TreeBuilder } from './tree-builder.ts';

/** Grows a node to the end. `cutOf`: what the search finds; `divide` is told the split of a node and its left child. */
export function growToEnd(
  growth: TreeGrowth,
  root: number,
  mapper: BinMapper,
  criterion: Criterion,
  cutOf: (node: number) => Float64Array,
  divide: (node: number, left: number, split: Split) => void,
): void {
  const waiting = [root];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    const split = worthSplit(growth, node, cutOf(node), mapper, criterion);
    if (split === undefined) continue;
    const left = growth.tree.grow(node, split);
    divide(node, left, split);
    if (growth.canSplit(left + 1)) waiting.push(left + 1);
    if (growth.canSplit(left)) waiting.push(left);
  }
}

/** What growing of small nodes goes by. */
export interface LocalSetup {
  readonly search: SearchSetup;
  readonly layout: RecordLayout;
  readonly mapper: BinMapper;
  readonly criterion: Criterion;
  /** Decisions about a branch, by numbers of its own. */
  growth(): TreeGrowth;
}

/** The small node of a job. */
export class LocalJob {
  readonly #setup: LocalSetup;
  readonly #context: PassContext;
  readonly #job: number;

  constructor(setup: LocalSetup, context: PassContext, job: number) {
    this.#setup = setup;
    this.#context = context;
    this.#job = job;
  }

  run(orders: Int32Array, partitions: readonly RecordRows[]): void {
    const { search, layout, mapper, criterion } = this.#setup;
    const { node: root, depth, next } = readLocal(orders, this.#job);
    const { arena } = search;
    const { kernel } = this.#context;
    const records = arena.localRecords(this.#job);
    let end = 0;
    for (const rows of partitions) end = rows.copy(root, records, end);
    const growth = this.#setup.growth();
    growth.start(new TreeBuilder(arena.total(this.#job).slice(), depth));
    const places = [{ start: 0, end: end / layout.bytes }];
    let found = 0;
    const cutOf = (node: number): Float64Array => {
      this.#context.checkpoint();
      const total = growth.tree.sums[node]!;
      const cut = arena.localResult(this.#job, found++);
      const number = node === 0 ? root : next + node - 1;
      const columns = chosenColumns(search, growth.tree.depth[node]!, number, 0, arena.plan.columnCount);
      const rules = cutRulesOf(search, total);
      if (rules === undefined) return cut.fill(0);
      const run = { records, ...places[node]! };
      kernel.searchRecords(run, layout, columns, total, rules, search.units, cut);
      return cut;
    };
    growToEnd(growth, 0, mapper, criterion, cutOf, (node, left, { column, binSet }) => {
      const { start, end: last } = places[node]!;
      const middle = start + kernel.partitionRecords(records, layout, start, last, column, binSet, 0);
      places[left] = { start, end: middle };
      places[left + 1] = { start: middle, end: last };
    });
  }
}
