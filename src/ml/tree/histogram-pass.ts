/**
 * The pass that trees grow by: moves rows to the children of nodes that were split, then sums histograms of
 * the nodes asked for and picks up the rows of small ones. Several trees share a pass; each has a slot.
 *
 * Rows of a tree lie in `tree.order`, those of a node side by side; `tree.node` names the node at each
 * position, -1 behind the last row. Both have one column a slot. So a pass finds every node's rows by one
 * scan.
 */
import { Random } from '../../core/index.ts';
import type { Pass, PassContext } from '../aggregate.ts';
import type { Partition } from '../dataset.ts';
import { BIN_SET_WORDS } from '../kernel/tree-kernel.ts';
import { BIN_WORKSPACE } from './bin-mapper.ts';

export const ORDER_WORKSPACE = 'tree.order';
export const NODE_WORKSPACE = 'tree.node';
/** Pairs (gradient, hessian) of every row, one column an output. */
export const GRADIENT_WORKSPACE = 'tree.gradient';

/** Nodes that were split since the last pass. */
export interface AppliedSplits {
  readonly node: Int32Array;
  readonly column: Int32Array;
  readonly left: Int32Array;
  readonly binSets: Int32Array;
}

/** What to do for one tree. */
export interface SlotRequest {
  readonly slot: number;
  /** Which column of gradients it fits. */
  readonly output: number;
  /** At the start of a tree: share of rows to draw, and the seed of the draw. */
  readonly begin: { readonly share: number; readonly seed: number } | undefined;
  readonly splits: AppliedSplits | undefined;
  /** Nodes whose histogram is wanted, in this order. */
  readonly build: readonly number[];
  /** Nodes whose rows are wanted. */
  readonly collect: readonly number[];
}

export interface HistogramRequest {
  readonly binStart: Int32Array;
  /** Classes of a class histogram; 0 for gradient histograms. */
  readonly classCount: number;
  readonly slots: readonly SlotRequest[];
}

/** Rows of one node of one partition. */
export interface CollectedRows {
  readonly slot: number;
  readonly node: number;
  readonly rowCount: number;
  /** Row-major. */
  readonly bins: Uint8Array;
  /** Two numbers a row: gradient and hessian, or class and weight. */
  readonly facts: Float64Array;
}

export interface HistogramPartial {
  /** The wanted histograms end to end: slots in order, each slot's nodes in order. */
  readonly histograms: Float64Array;
  readonly collected: CollectedRows[];
}

/** Numbers a bin. */
export function strideOf(classCount: number): number {
  return classCount === 0 ? 3 : classCount + 1;
}

export const histogramPass: Pass<HistogramRequest, HistogramPartial> = {
  name: 'tree.histogram',
  accumulate(partition, request, context) {
    const wanted = request.slots.reduce((count, slot) => count + slot.build.length, 0);
    const size = request.binStart.at(-1)! * strideOf(request.classCount);
    const partial = { histograms: new Float64Array(wanted * size), collected: [] };
    let offset = 0;
    for (const slot of request.slots) {
      context.checkpoint();
      new SlotWork(partition, request, slot, context, partial, offset).run();
      offset += slot.build.length * size;
    }
    return partial;
  },
  merge(left, right) {
    const sums = left.histograms;
    const more = right.histograms;
    for (let index = 0; index < sums.length; index++) sums[index] = sums[index]! + more[index]!;
    left.collected.push(...right.collected);
    return left;
  },
};

/** One tree's share of a pass over one partition. */
class SlotWork {
  readonly #partition: Partition;
  readonly #request: HistogramRequest;
  readonly #slot: SlotRequest;
  readonly #context: PassContext;
  readonly #partial: HistogramPartial;
  readonly #bins: Uint8Array;
  readonly #order: Int32Array;
  readonly #node: Int32Array;
  readonly #gradient: Float64Array | undefined;
  readonly #offsets: ReadonlyMap<number, number>;
  readonly #collect: ReadonlySet<number>;

  constructor(
    partition: Partition,
    request: HistogramRequest,
    slot: SlotRequest,
    context: PassContext,
    partial: HistogramPartial,
    offset: number,
  ) {
    const { rowCount } = partition;
    const view = <T extends { subarray(start: number, end: number): T }>(
      array: T,
      column: number,
      width: number,
    ): T => array.subarray(column * rowCount * width, (column + 1) * rowCount * width);
    this.#partition = partition;
    this.#request = request;
    this.#slot = slot;
    this.#context = context;
    this.#partial = partial;
    this.#bins = partition.workspace(BIN_WORKSPACE) as Uint8Array;
    this.#order = view(partition.workspace(ORDER_WORKSPACE) as Int32Array, slot.slot, 1);
    this.#node = view(partition.workspace(NODE_WORKSPACE) as Int32Array, slot.slot, 1);
    if (request.classCount === 0) {
      this.#gradient = view(partition.workspace(GRADIENT_WORKSPACE) as Float64Array, slot.output, 2);
    }
    const size = request.binStart.at(-1)! * strideOf(request.classCount);
    this.#offsets = new Map(slot.build.map((node, index) => [node, offset + index * size]));
    this.#collect = new Set(slot.collect);
  }

  run(): void {
    if (this.#slot.begin !== undefined) this.#begin(this.#slot.begin);
    if (this.#slot.splits !== undefined) this.#applySplits(this.#slot.splits);
    this.#forEachNode((node, start, end) => {
      const offset = this.#offsets.get(node);
      if (offset !== undefined) this.#sum(start, end, offset);
      if (this.#collect.has(node)) this.#pickUp(node, start, end);
    });
  }

  /** Draws the tree's rows; those without weight take no part. */
  #begin({ share, seed }: { readonly share: number; readonly seed: number }): void {
    const { rowCount, weight, index } = this.#partition;
    const random = new Random(seed, index);
    let count = 0;
    for (let row = 0; row < rowCount; row++) {
      const isDrawn = share >= 1 || random.uniform() < share;
      if (isDrawn && weight[row]! > 0) this.#order[count++] = row;
    }
    this.#node.fill(0, 0, count).fill(-1, count);
  }

  /** Calls back for each run of positions that belongs to one node. */
  #forEachNode(visit: (node: number, start: number, end: number) => void): void {
    const nodes = this.#node;
    let start = 0;
    while (start < nodes.length && nodes[start]! >= 0) {
      const node = nodes[start]!;
      let end = start + 1;
      while (end < nodes.length && nodes[end] === node) end++;
      visit(node, start, end);
      start = end;
    }
  }

  #applySplits(splits: AppliedSplits): void {
    const columnCount = this.#request.binStart.length - 1;
    const scratch = new Int32Array(this.#partition.rowCount);
    const positions = new Map(Array.from(splits.node, (node, index) => [node, index]));
    this.#forEachNode((node, start, end) => {
      const index = positions.get(node);
      if (index === undefined) return;
      const middle =
        start +
        this.#context.kernel.partitionRows(
          this.#bins,
          columnCount,
          this.#order,
          start,
          end,
          splits.column[index]!,
          splits.binSets,
          index * BIN_SET_WORDS,
          scratch,
        );
      this.#node.fill(splits.left[index]!, start, middle).fill(splits.left[index]! + 1, middle, end);
    });
  }

  #sum(start: number, end: number, offset: number): void {
    const { kernel } = this.#context;
    const { binStart, classCount } = this.#request;
    const { histograms } = this.#partial;
    if (this.#gradient !== undefined) {
      kernel.gradientHistogram(
        this.#bins,
        this.#order,
        start,
        end,
        this.#gradient,
        binStart,
        histograms,
        offset,
      );
      return;
    }
    const { label, weight } = this.#partition;
    kernel.classHistogram(
      this.#bins,
      this.#order,
      start,
      end,
      label,
      weight,
      classCount,
      binStart,
      histograms,
      offset,
    );
  }

  #pickUp(node: number, start: number, end: number): void {
    const columnCount = this.#request.binStart.length - 1;
    const { label, weight } = this.#partition;
    const rowCount = end - start;
    const bins = new Uint8Array(rowCount * columnCount);
    const facts = new Float64Array(2 * rowCount);
    for (let index = 0; index < rowCount; index++) {
      const row = this.#order[start + index]!;
      const base = row * columnCount;
      for (let column = 0; column < columnCount; column++) {
        bins[index * columnCount + column] = this.#bins[base + column]!;
      }
      facts[2 * index] = this.#gradient === undefined ? label[row]! : this.#gradient[2 * row]!;
      facts[2 * index + 1] = this.#gradient === undefined ? weight[row]! : this.#gradient[2 * row + 1]!;
    }
    this.#partial.collected.push({ slot: this.#slot.slot, node, rowCount, bins, facts });
  }
}
