/**
 * What the leader of a team asks for, in words that all threads see:
 *
 *   [ kind, count, parts ] then
 *   begin   nothing                                   a tree begins: jobs are partitions
 *   move    node, column, left × count, bin sets      nodes were split: jobs are partitions
 *   sum     node × count                              histograms: jobs are `parts` of each node's partitions
 */
import { BIN_SET_WORDS } from '../kernel/tree-kernel.ts';
import type { AppliedSplits } from './histogram-request.ts';

export const OrderKind = { begin: 0, move: 1, sum: 2 } as const;

const HEADER_WORDS = 3;
const SPLIT_WORDS: number = 3 + BIN_SET_WORDS;
/** Splits, or nodes, of one order at most. */
export const ORDER_MAX = 2_048;

export function orderWords(): Int32Array {
  return new Int32Array(new SharedArrayBuffer(4 * (HEADER_WORDS + ORDER_MAX * SPLIT_WORDS)));
}

export function writeBegin(words: Int32Array): void {
  words[0] = OrderKind.begin;
}

/** Orders splits from `first` on; gives how many. */
export function writeMove(words: Int32Array, splits: AppliedSplits, first: number): number {
  const count = Math.min(ORDER_MAX, splits.node.length - first);
  const end = first + count;
  words.set([OrderKind.move, count, 0]);
  words.set(splits.node.subarray(first, end), HEADER_WORDS);
  words.set(splits.column.subarray(first, end), HEADER_WORDS + count);
  words.set(splits.left.subarray(first, end), HEADER_WORDS + 2 * count);
  words.set(splits.binSets.subarray(first * BIN_SET_WORDS, end * BIN_SET_WORDS), HEADER_WORDS + 3 * count);
  return count;
}

export function readMove(words: Int32Array): AppliedSplits {
  const count = words[1]!;
  const part = (index: number): Int32Array =>
    words.subarray(HEADER_WORDS + index * count, HEADER_WORDS + (index + 1) * count);
  const setsAt = HEADER_WORDS + 3 * count;
  return {
    node: part(0),
    column: part(1),
    left: part(2),
    binSets: words.subarray(setsAt, setsAt + BIN_SET_WORDS * count),
  };
}

export function writeSum(words: Int32Array, nodes: readonly number[], parts: number): void {
  words.set([OrderKind.sum, nodes.length, parts]);
  words.set(nodes, HEADER_WORDS);
}

/** The node of a job, and which of how many parts of its partitions. */
export function readSum(
  words: Int32Array,
  job: number,
): { readonly node: number; readonly part: number; readonly parts: number } {
  const count = words[1]!;
  return { node: words[HEADER_WORDS + (job % count)]!, part: Math.floor(job / count), parts: words[2]! };
}
