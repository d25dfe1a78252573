/** The jobs of a team that grows a tree of records, as any of its threads does them. */
import type { PassContext } from '../aggregate.ts';
import type { Partition } from '../dataset.ts';
import { recordLayout, type RecordRun } from '../kernel/record-kernel.ts';
import type { CollectedRows } from './histogram-request.ts';
import { strideOf } from './histogram-pass.ts';
import { OrderKind, readMove, readSum } from './record-orders.ts';
import { RecordRows } from './record-rows.ts';
import type { RecordTreeRequest } from './record-tree-request.ts';

export class RecordJobs {
  readonly #request: RecordTreeRequest;
  readonly #context: PassContext;
  readonly #binStart: Int32Array;
  readonly #rows: readonly RecordRows[];

  constructor(
    partitions: readonly Partition[],
    binStart: Int32Array,
    request: RecordTreeRequest,
    context: PassContext,
  ) {
    this.#request = request;
    this.#context = context;
    this.#binStart = binStart;
    this.#rows = partitions.map((partition) => new RecordRows(partition, binStart.length - 1, context));
  }

  /** Does one job of what is ordered. */
  run(job: number): void {
    const { orders, draw } = this.#request;
    if (orders[0] === OrderKind.begin) this.#rows[job]!.begin(draw);
    else if (orders[0] === OrderKind.move) this.#rows[job]!.move(readMove(orders));
    else this.#sum(job);
  }

  /** Writes the histogram of a part of a node's rows. */
  #sum(job: number): void {
    const { orders, units, sums } = this.#request;
    const { node, part, parts } = readSum(orders, job);
    const count = this.#rows.length;
    const runs: RecordRun[] = [];
    const end = Math.floor(((part + 1) * count) / parts);
    for (let index = Math.floor((part * count) / parts); index < end; index++)
      this.#rows[index]!.addRuns(node, runs);
    const size = this.#binStart.at(-1)! * strideOf(0);
    const layout = recordLayout(this.#binStart.length - 1);
    this.#context.kernel.recordHistogram(runs, layout, this.#binStart, units, sums, job * size);
  }

  /** Rows of small nodes, partition by partition. */
  pickUp(nodes: readonly number[]): CollectedRows[] {
    const collected: CollectedRows[] = [];
    if (nodes.length === 0) return collected;
    const wanted = new Set(nodes);
    for (const rows of this.#rows) rows.pickUp(wanted, this.#request.units, collected);
    return collected;
  }
}
