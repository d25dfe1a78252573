/** The jobs of a team that grows a tree of records, as any of its threads does them. */
import type { PassContext } from '../aggregate.ts';
import type { Partition } from '../dataset.ts';
import { recordLayout, type RecordLayout, type RecordRun } from '../kernel/record-kernel.ts';
import { ColumnSampler } from './column-sampler.ts';
import type { TreeGrowth } from './growth.ts';
import { LocalJob, type LocalSetup } from './local-records.ts';
import { arenaOf, type NodeArena } from './node-arena.ts';
import { BOOST_SUMS, readBoost } from './record-boost-order.ts';
import { boostRecords } from './record-boosting.ts';
import type { RecordLevels } from './record-levels.ts';
import { OrderKind, readMove, readSum } from './record-orders.ts';
import { RecordRows } from './record-rows.ts';
import type { RecordTreeRequest, RecordTreeSetup } from './record-tree-request.ts';
import { SearchJob, type SearchSetup } from './search-job.ts';

export class RecordJobs {
  readonly arena: NodeArena;
  readonly #partitions: readonly Partition[];
  readonly #request: RecordTreeRequest;
  readonly #context: PassContext;
  readonly #layout: RecordLayout;
  readonly #rows: readonly RecordRows[];
  readonly #searchSetup: SearchSetup;
  readonly #localSetup: LocalSetup;

  constructor(
    partitions: readonly Partition[],
    setup: RecordTreeSetup,
    levels: RecordLevels,
    request: RecordTreeRequest,
    context: PassContext,
  ) {
    const { columnCount } = setup.arena;
    this.arena = arenaOf(setup.arena, (name) => context.area(name));
    this.#partitions = partitions;
    this.#request = request;
    this.#context = context;
    this.#layout = recordLayout(columnCount);
    this.#rows = partitions.map((partition) => new RecordRows(partition, columnCount, context));
    const { limits, shares } = setup.rules;
    const { byTree, byLevel, byNode } = shares;
    const hasAllColumns = byTree >= 1 && byLevel >= 1 && byNode >= 1;
    this.#searchSetup = {
      arena: this.arena,
      rules: { ...setup.penalty, leastHessian: limits.weight, leastRows: limits.rows },
      units: request.units,
      sampler: hasAllColumns ? undefined : new ColumnSampler(columnCount, shares, request.draw.seed),
    };
    const growth = (): TreeGrowth => levels.growth(request.draw.seed);
    this.#localSetup = { search: this.#searchSetup, layout: this.#layout, ...levels.means, growth };
  }

  /** Does one job of what is ordered. */
  run(job: number): void {
    const { orders, draw } = this.#request;
    if (orders[0] === OrderKind.begin) this.#rows[job]!.begin(draw);
    else if (orders[0] === OrderKind.move) this.#rows[job]!.move(readMove(orders));
    else if (orders[0] === OrderKind.sum) this.#sum(job);
    else if (orders[0] === OrderKind.search) this.#search(job);
    else if (orders[0] === OrderKind.boost) this.#boost(job);
    else new LocalJob(this.#localSetup, this.#context, job).run(orders, this.#rows);
  }

  /** Writes the histogram of a part of a node's rows. */
  #sum(job: number): void {
    const { orders, units } = this.#request;
    const { node, slot, part, parts, place } = readSum(orders, job);
    const count = this.#rows.length;
    const runs: RecordRun[] = [];
    const end = Math.floor(((part + 1) * count) / parts);
    for (let index = Math.floor((part * count) / parts); index < end; index++)
      this.#rows[index]!.addRuns(node, runs);
    const histogram = part === 0 ? this.arena.slot(slot) : this.arena.part(place);
    this.#context.kernel.recordHistogram(runs, this.#layout, units, histogram, true);
  }

  #search(job: number): void {
    const { chunkCount } = this.arena;
    const chunk = new SearchJob(this.#searchSetup, this.#context, this.#request.orders, job % chunkCount);
    chunk.run(Math.floor(job / chunkCount));
  }

  /** Adds the tree to a partition's rows. */
  #boost(job: number): void {
    const { orders, boost, boostSums } = this.#request;
    const { tree, units } = readBoost(orders);
    const { base, rate: _, ...rest } = boost!;
    const step = {
      ...rest,
      base: [base],
      units,
      trees: [{ output: 0, tree }],
      isFirst: false,
      isGrown: true,
    };
    const request = { ...step, columnCount: this.#layout.columnCount, usesRecords: true };
    const { loss, error, errorMax } = boostRecords(this.#partitions[job]!, request, this.#context);
    boostSums.set([loss, error, errorMax], job * BOOST_SUMS);
  }
}
