/**
 * The share of a histogram pass that works on records: moves them to the children of nodes that were split, notes where
 * those of the wanted nodes lie, and picks up the rows of small ones. One tree grows at a time.
 */
import { Random } from '../../core/index.ts';
import type { PassContext } from '../aggregate.ts';
import type { Partition } from '../dataset.ts';
import { MARK_BIT, ROW_MASK } from '../kernel/record-boost.ts';
import { recordLayout, type RecordLayout, type RecordRun } from '../kernel/record-kernel.ts';
import { recordWords } from '../kernel/scalar-record-kernel.ts';
import { BIN_SET_WORDS } from '../kernel/tree-kernel.ts';
import type { AppliedSplits, CollectedRows, HistogramRequest, SlotRequest } from './histogram-request.ts';
import { NODE_WORKSPACE, NodeRuns } from './node-runs.ts';
import { recordsOf } from './row-records.ts';

/** The set of bytes that are the highest one of a row word with the mark. */
const MARKED_SET = Int32Array.of(0, 0, -1, -1, 0, 0, -1, -1);

/** One tree's share of a pass over one partition. */
export class RecordWork {
  readonly #partition: Partition;
  readonly #layout: RecordLayout;
  readonly #request: HistogramRequest;
  readonly #slot: SlotRequest;
  readonly #context: PassContext;
  readonly #records: Uint8Array;
  readonly #words: Int32Array;
  readonly #nodes: NodeRuns;

  constructor(partition: Partition, request: HistogramRequest, slot: SlotRequest, context: PassContext) {
    this.#partition = partition;
    this.#layout = recordLayout(request.binStart.length - 1);
    this.#request = request;
    this.#slot = slot;
    this.#context = context;
    this.#records = recordsOf(partition);
    this.#words = recordWords(this.#records);
    this.#nodes = new NodeRuns(partition.workspace(NODE_WORKSPACE) as Int32Array);
  }

  /** Moves the records, then notes the runs of the nodes that are wanted and picks up rows. */
  run(runs: ReadonlyMap<number, RecordRun[]>, collected: CollectedRows[]): void {
    const { begin, splits } = this.#slot;
    if (begin !== undefined) this.#begin(begin);
    if (splits !== undefined) this.#applySplits(splits);
    const collect = new Set(this.#slot.collect);
    this.#nodes.forEach((node, start, end) => {
      runs.get(node)?.push({ records: this.#records, start, end });
      if (collect.has(node)) collected.push(this.#pickUp(node, start, end));
    });
  }

  #begin(begin: NonNullable<SlotRequest['begin']>): void {
    const count = begin.isWhole === true ? this.#partition.rowCount : this.#draw(begin);
    this.#nodes.begin(count);
  }

  /** Draws the tree's rows, and moves their records to the front; rows without weight take no part. */
  #draw({ share, seed }: { readonly share: number; readonly seed: number }): number {
    const { rowCount, weight, index } = this.#partition;
    const random = new Random(seed, index);
    const isDrawn = new Uint8Array(rowCount);
    for (let row = 0; row < rowCount; row++) {
      if ((share >= 1 || random.uniform() < share) && weight[row]! > 0) isDrawn[row] = 1;
    }
    const { rowAt, bytes } = this.#layout;
    for (let record = 0; record < rowCount; record++) {
      const place = (record * bytes + rowAt) / 4;
      const word = this.#words[place]! & ~MARK_BIT;
      this.#words[place] = isDrawn[word & ROW_MASK] === 1 ? word | MARK_BIT : word;
    }
    return this.#context.kernel.partitionRecords(
      this.#records,
      this.#layout,
      0,
      rowCount,
      rowAt + 3,
      MARKED_SET,
      0,
    );
  }

  #applySplits({ node: nodes, column, left, binSets }: AppliedSplits): void {
    const positions = new Map(Array.from(nodes, (node, index) => [node, index]));
    this.#nodes.forEach((node, start, end) => {
      const index = positions.get(node);
      if (index === undefined) return;
      const { kernel } = this.#context;
      const setOffset = index * BIN_SET_WORDS;
      const moved = kernel.partitionRecords(
        this.#records,
        this.#layout,
        start,
        end,
        column[index]!,
        binSets,
        setOffset,
      );
      this.#nodes.set(left[index]!, start, start + moved);
      this.#nodes.set(left[index]! + 1, start + moved, end);
    });
  }

  #pickUp(node: number, start: number, end: number): CollectedRows {
    const { columnCount, rowAt, bytes } = this.#layout;
    const { gradientScale, hessianScale } = this.#request.units;
    const rowCount = end - start;
    const bins = new Uint8Array(rowCount * columnCount);
    const facts = new Float64Array(2 * rowCount);
    for (let index = 0; index < rowCount; index++) {
      const base = (start + index) * bytes;
      bins.set(this.#records.subarray(base, base + columnCount), index * columnCount);
      facts[2 * index] = this.#words[(base + rowAt) / 4 + 1]! / gradientScale;
      facts[2 * index + 1] = this.#words[(base + rowAt) / 4 + 2]! / hessianScale;
    }
    return { slot: this.#slot.slot, node, rowCount, bins, facts };
  }
}
