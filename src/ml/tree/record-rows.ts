/** The records of one partition while a tree grows: moved to the children of nodes, and found by node. */
import { Random } from '../../core/index.ts';
import type { PassContext } from '../aggregate.ts';
import type { Partition } from '../dataset.ts';
import { MARK_BIT, ROW_MASK } from '../kernel/record-boost.ts';
import { recordLayout, type RecordLayout, type RecordRun } from '../kernel/record-kernel.ts';
import { recordWords } from '../kernel/scalar-record-kernel.ts';
import { BIN_SET_WORDS } from '../kernel/tree-kernel.ts';
import type { AppliedSplits } from './histogram-request.ts';
import { NODE_WORKSPACE, NodeRuns } from './node-runs.ts';
import { recordsOf } from './row-records.ts';

/** The set of bytes that are the highest one of a row word with the mark. */
const MARKED_SET = Int32Array.of(0, 0, -1, -1, 0, 0, -1, -1);

/** Which rows a tree is grown of. */
export interface RowDraw {
  readonly share: number;
  readonly seed: number;
  /** Whether it is known that all rows are drawn: the share is 1, and all have weight. */
  readonly isWhole: boolean;
}

export class RecordRows {
  readonly #partition: Partition;
  readonly #layout: RecordLayout;
  readonly #context: PassContext;
  readonly #records: Uint8Array;
  readonly #words: Int32Array;
  readonly #nodes: NodeRuns;

  constructor(partition: Partition, columnCount: number, context: PassContext) {
    this.#partition = partition;
    this.#layout = recordLayout(columnCount);
    this.#context = context;
    this.#records = recordsOf(partition);
    this.#words = recordWords(this.#records);
    this.#nodes = new NodeRuns(partition.workspace(NODE_WORKSPACE) as Int32Array);
  }

  /** Begins a tree: its rows are the root's. */
  begin(draw: RowDraw): void {
    this.#nodes.begin(draw.isWhole ? this.#partition.rowCount : this.#draw(draw));
  }

  /** Draws the tree's rows, and moves their records to the front; rows without weight take no part. */
  #draw({ share, seed }: RowDraw): number {
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
    return this.#partitionRecords(0, rowCount, rowAt + 3, MARKED_SET, 0);
  }

  #partitionRecords(
    start: number,
    end: number,
    byteAt: number,
    binSets: Int32Array,
    setOffset: number,
  ): number {
    const { kernel } = this.#context;
    return kernel.partitionRecords(this.#records, this.#layout, start, end, byteAt, binSets, setOffset);
  }

  /** Moves the records of nodes that were split to their children. */
  move({ node: nodes, column, left, binSets }: AppliedSplits): void {
    const positions = new Map(Array.from(nodes, (node, index) => [node, index]));
    this.#nodes.forEach((node, start, end) => {
      const index = positions.get(node);
      if (index === undefined) return;
      const moved = this.#partitionRecords(start, end, column[index]!, binSets, index * BIN_SET_WORDS);
      this.#nodes.set(left[index]!, start, start + moved);
      this.#nodes.set(left[index]! + 1, start + moved, end);
    });
  }

  /** Adds where the node's records lie; nothing where it has none. */
  addRuns(wanted: number, runs: RecordRun[]): void {
    this.#nodes.forEach((node, start, end) => {
      if (node === wanted) runs.push({ records: this.#records, start, end });
    });
  }

  /** Copies the node's records to the target from `offset` on; gives where they end. */
  copy(wanted: number, target: Uint8Array, offset: number): number {
    const { bytes } = this.#layout;
    let at = offset;
    this.#nodes.forEach((node, start, end) => {
      if (node !== wanted) return;
      target.set(this.#records.subarray(start * bytes, end * bytes), at);
      at += (end - start) * bytes;
    });
    return at;
  }
}
