/**
 * The pass that trees grow by: moves rows to the children of nodes that were split, then sums histograms of
 * the nodes asked for and picks up the rows of small ones. Several trees share a pass; each has a slot.
 *
 * Rows of a tree lie in `tree.order`, those of a node side by side (see node-runs.ts); both arrays have one column a
 * slot. Histograms are summed node by node over all partitions of a task, because what is summed are multiples of fixed
 * units: no order of adding changes a bit.
 */
import { Random } from '../../core/index.ts';
import type { Pass, PassContext } from '../aggregate.ts';
import type { Partition } from '../dataset.ts';
import { BIN_SET_WORDS, type RowRun } from '../kernel/tree-kernel.ts';
import { BIN_COLUMN_WORKSPACE, BIN_WORKSPACE, FACTS_WORKSPACE } from './bin-mapper.ts';
import type {
  AppliedSplits,
  CollectedRows,
  HistogramPartial,
  HistogramRequest,
  SlotRequest,
} from './histogram-request.ts';
import { NODE_WORKSPACE, NodeRuns } from './node-runs.ts';

export type { CollectedRows, HistogramPartial, HistogramRequest };

export const ORDER_WORKSPACE = 'tree.order';
/** Numbers a bin. */
export function strideOf(classCount: number): number {
  return classCount === 0 ? 3 : classCount + 1;
}

export const histogramPass: Pass<HistogramRequest, HistogramPartial> = {
  name: 'tree.histogram',
  accumulate: (partition, request, context) => accumulateSlots([partition], request, context),
  accumulateAll: accumulateSlots,
  merge(left, right) {
    const sums = left.histograms;
    const more = right.histograms;
    for (let index = 0; index < sums.length; index++) sums[index] = sums[index]! + more[index]!;
    left.collected.push(...right.collected);
    return left;
  },
};

function accumulateSlots(
  partitions: readonly Partition[],
  request: HistogramRequest,
  context: PassContext,
): HistogramPartial {
  const wanted = request.slots.reduce((count, slot) => count + slot.build.length, 0);
  const size = request.binStart.at(-1)! * strideOf(request.classCount);
  const partial = {
    histograms: sharedSums(partitions, wanted * size),
    collected: [],
  };
  let offset = 0;
  for (const slot of request.slots) {
    const runs = new Map<number, RowRun[]>(slot.build.map((node) => [node, []]));
    for (const partition of partitions) {
      context.checkpoint();
      new SlotWork(partition, request, slot, context).run(runs, partial.collected);
    }
    for (const node of slot.build) {
      context.checkpoint();
      sumHistogram(runs.get(node)!, request, context, partial.histograms, offset);
      offset += size;
    }
  }
  return partial;
}

/**
 * Memory of the sums of neighbouring partitions, by the first of them. It stays with this thread and is seen by the
 * driver, which is done with it before it asks for the next pass: sums are neither allocated nor sent each time.
 */
const sums = new WeakMap<Partition, Float64Array>();

/** Zeros in memory that is used again by the next pass over the same partitions. */
function sharedSums(partitions: readonly Partition[], length: number): Float64Array {
  const key = partitions[0]!;
  let known = sums.get(key);
  if (known === undefined || known.length < length) {
    known = new Float64Array(new SharedArrayBuffer(8 * length));
    sums.set(key, known);
    return known;
  }
  return known.subarray(0, length).fill(0);
}

function sumHistogram(
  runs: readonly RowRun[],
  { binStart, classCount, units }: HistogramRequest,
  { kernel }: PassContext,
  histograms: Float64Array,
  offset: number,
): void {
  if (classCount === 0) kernel.gradientHistogram(runs, binStart, units, histograms, offset);
  else kernel.classHistogram(runs, classCount, binStart, histograms, offset);
}

/** One tree's share of a pass over one partition. */
class SlotWork {
  readonly #partition: Partition;
  readonly #columnCount: number;
  readonly #slot: SlotRequest;
  readonly #context: PassContext;
  readonly #bins: Uint8Array;
  readonly #order: Int32Array;
  readonly #nodes: NodeRuns;
  readonly #facts: Float64Array;

  constructor(partition: Partition, request: HistogramRequest, slot: SlotRequest, context: PassContext) {
    const { rowCount } = partition;
    const start = slot.slot * rowCount;
    const end = start + rowCount;
    const factStart = slot.output * 2 * rowCount;
    this.#partition = partition;
    this.#columnCount = request.binStart.length - 1;
    this.#slot = slot;
    this.#context = context;
    this.#bins = partition.workspace(BIN_WORKSPACE) as Uint8Array;
    this.#order = (partition.workspace(ORDER_WORKSPACE) as Int32Array).subarray(start, end);
    this.#nodes = new NodeRuns((partition.workspace(NODE_WORKSPACE) as Int32Array).subarray(start, end));
    this.#facts = (partition.workspace(FACTS_WORKSPACE) as Float64Array).subarray(
      factStart,
      factStart + 2 * rowCount,
    );
  }

  /** Moves the rows, then notes the runs of the nodes that are wanted and picks up rows. */
  run(runs: ReadonlyMap<number, RowRun[]>, collected: CollectedRows[]): void {
    const { begin, splits } = this.#slot;
    if (begin !== undefined) this.#begin(begin);
    if (splits !== undefined) this.#applySplits(splits);
    const collect = new Set(this.#slot.collect);
    this.#nodes.forEach((node, start, end) => {
      runs.get(node)?.push({ bins: this.#bins, order: this.#order, start, end, facts: this.#facts });
      if (collect.has(node)) collected.push(this.#pickUp(node, start, end));
    });
  }

  /** Draws the tree's rows; those without weight take no part. */
  #begin({ share, seed }: { readonly share: number; readonly seed: number }): void {
    const { rowCount, weight, index } = this.#partition;
    const order = this.#order;
    const random = new Random(seed, index);
    const isWhole = share >= 1;
    let count = 0;
    for (let row = 0; row < rowCount; row++) {
      if ((isWhole || random.uniform() < share) && weight[row]! > 0) order[count++] = row;
    }
    this.#nodes.begin(count);
  }

  #applySplits(splits: AppliedSplits): void {
    const { rowCount } = this.#partition;
    const columns = this.#partition.workspace(BIN_COLUMN_WORKSPACE) as Uint8Array;
    const positions = new Map(Array.from(splits.node, (node, index) => [node, index]));
    this.#nodes.forEach((node, start, end) => {
      const index = positions.get(node);
      if (index === undefined) return;
      const column = splits.column[index]!;
      const bins = columns.subarray(column * rowCount, (column + 1) * rowCount);
      const setOffset = index * BIN_SET_WORDS;
      const { kernel } = this.#context;
      const moved = kernel.partitionRows(bins, this.#order, start, end, splits.binSets, setOffset);
      const middle = start + moved;
      this.#nodes.set(splits.left[index]!, start, middle);
      this.#nodes.set(splits.left[index]! + 1, middle, end);
    });
  }

  #pickUp(node: number, start: number, end: number): CollectedRows {
    const columnCount = this.#columnCount;
    const rowCount = end - start;
    const bins = new Uint8Array(rowCount * columnCount);
    const facts = new Float64Array(2 * rowCount);
    for (let index = 0; index < rowCount; index++) {
      const row = this.#order[start + index]!;
      const base = row * columnCount;
      for (let column = 0; column < columnCount; column++) {
        bins[index * columnCount + column] = this.#bins[base + column]!;
      }
      facts[2 * index] = this.#facts[2 * row]!;
      facts[2 * index + 1] = this.#facts[2 * row + 1]!;
    }
    return { slot: this.#slot.slot, node, rowCount, bins, facts };
  }
}
