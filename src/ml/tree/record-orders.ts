/**
 * What the leader of a team asks for, in words that all threads see:
 *
 *   [ kind, count, parts ] then
 *   begin   nothing                                   a tree begins: jobs are partitions
 *   move    node, column, left × count, bin sets      nodes were split: jobs are partitions
 *   sum     node, slot × count                        histograms: jobs are `parts` of each node's partitions
 *   search  numbers of built and of searched nodes, families × count, slots of built, searched nodes
 *                                                     best cuts: jobs are chunks of columns of each family
 *   local   node, depth, next number × count          small nodes are grown to the end: jobs are nodes
 *   boost   see record-boost-order.ts                 the tree is added: jobs are partitions
 */
import { BIN_SET_WORDS } from '../kernel/tree-kernel.ts';
import type { AppliedSplits } from './histogram-request.ts';

export const OrderKind = { begin: 0, move: 1, sum: 2, search: 3, boost: 4, local: 5 } as const;

const HEADER_WORDS = 3;
const SPLIT_WORDS: number = 3 + BIN_SET_WORDS;
/** Splits, or nodes, of one order at most. */
const ORDER_MAX = 2_048;

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

/** Orders histograms of nodes, each kept in a slot of the arena. */
export function writeSum(
  words: Int32Array,
  nodes: readonly number[],
  slots: readonly number[],
  parts: number,
): void {
  words.set([OrderKind.sum, nodes.length, parts]);
  words.set(nodes, HEADER_WORDS);
  words.set(slots, HEADER_WORDS + nodes.length);
}

/** The node of a job, and which of how many parts of its partitions. */
export interface SumJob {
  readonly node: number;
  readonly slot: number;
  readonly part: number;
  readonly parts: number;
  /** Among the histograms of further parts, unless it is the first part, which goes to the slot. */
  readonly place: number;
}

export function readSum(words: Int32Array, job: number): SumJob {
  const count = words[1]!;
  const index = job % count;
  return {
    node: words[HEADER_WORDS + index]!,
    slot: words[HEADER_WORDS + count + index]!,
    part: Math.floor(job / count),
    parts: words[2]!,
    place: job - count,
  };
}

/** Nodes whose histograms depend on each other. */
export interface SearchFamily {
  /** The first of them among those that were summed, and how many. */
  readonly built: number;
  readonly builtCount: number;
  /** Slot of the parent's histogram, which becomes that of the child that was not summed; -1 if both were. */
  readonly parent: number;
  /** The first of them among those that are searched, and how many. */
  readonly searched: number;
  readonly searchedCount: number;
}

export interface SearchedNode {
  readonly slot: number;
  readonly node: number;
  readonly depth: number;
}

const FAMILY_WORDS = 5;
const SEARCHED_WORDS = 3;
const SEARCH_HEADER_WORDS: number = HEADER_WORDS + 2;

/** Orders the cuts of nodes. `parts` as their histograms were summed, `slots` where. */
export function writeSearch(
  words: Int32Array,
  families: readonly SearchFamily[],
  slots: readonly number[],
  searched: readonly SearchedNode[],
  parts: number,
): void {
  words.set([OrderKind.search, families.length, parts, slots.length, searched.length]);
  let at = SEARCH_HEADER_WORDS;
  for (const { built, builtCount, parent, searched: first, searchedCount } of families) {
    words.set([built, builtCount, parent, first, searchedCount], at);
    at += FAMILY_WORDS;
  }
  words.set(slots, at);
  at += slots.length;
  for (const { slot, node, depth } of searched) {
    words.set([slot, node, depth], at);
    at += SEARCHED_WORDS;
  }
}

/** How many further parts there are, and how many nodes were summed. */
export function readParts(words: Int32Array): { readonly parts: number; readonly builtCount: number } {
  return { parts: words[2]!, builtCount: words[3]! };
}

export function readFamily(words: Int32Array, index: number): SearchFamily {
  const at = SEARCH_HEADER_WORDS + index * FAMILY_WORDS;
  return {
    built: words[at]!,
    builtCount: words[at + 1]!,
    parent: words[at + 2]!,
    searched: words[at + 3]!,
    searchedCount: words[at + 4]!,
  };
}

/** Slot of a node that was summed. */
export function readBuiltSlot(words: Int32Array, index: number): number {
  return words[SEARCH_HEADER_WORDS + words[1]! * FAMILY_WORDS + index]!;
}

export function readSearched(words: Int32Array, index: number): SearchedNode {
  const at = SEARCH_HEADER_WORDS + words[1]! * FAMILY_WORDS + words[3]! + index * SEARCHED_WORDS;
  return { slot: words[at]!, node: words[at + 1]!, depth: words[at + 2]! };
}

/** A small node that is grown to the end. */
export interface LocalNode {
  readonly node: number;
  readonly depth: number;
  /** Number of the next node of the tree. */
  readonly next: number;
}

const LOCAL_WORDS = 3;

export function writeLocal(words: Int32Array, nodes: readonly LocalNode[]): void {
  words.set([OrderKind.local, nodes.length, 0]);
  nodes.forEach(({ node, depth, next }, index) =>
    words.set([node, depth, next], HEADER_WORDS + index * LOCAL_WORDS),
  );
}

export function readLocal(words: Int32Array, job: number): LocalNode {
  const at = HEADER_WORDS + job * LOCAL_WORDS;
  return { node: words[at]!, depth: words[at + 1]!, next: words[at + 2]! };
}
