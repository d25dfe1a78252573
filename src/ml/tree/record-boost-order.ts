/**
 * The step after a tree, which the team takes without asking the driver: leaf values are added, and the next gradients
 * written. The leader orders it in words that all threads see:
 *
 *   [ kind, nodes, depth, - ] [ gradient scale, hessian scale, count bits, value × nodes ] as float64, then
 *   [ column × nodes, left × nodes, bin sets ]
 */
import { BIN_SET_WORDS, type BinnedTree } from '../kernel/tree-kernel.ts';
import type { FixedPoint } from '../kernel/fixed-point.ts';
import type { ObjectiveBounds } from './boosting-objective.ts';
import { OrderKind } from './record-orders.ts';

/** What is known of the step before the tree is. */
export interface RecordBoost {
  readonly objective: 'logistic' | 'squared';
  readonly base: number;
  /** Factor of leaf values. */
  readonly rate: number;
  readonly isUnweighted: boolean;
  readonly writeGradients: boolean;
  readonly rowCount: number;
  /** Of the rows at the margins before the step. */
  readonly bounds: ObjectiveBounds;
}

/** What the step did. */
export interface BoostedRecords {
  /** Loss, error and greatest error of each partition in order (boosting-request.ts). */
  readonly sums: Float64Array;
  /** Of the gradients that were written. */
  readonly units: FixedPoint;
}

/** Sums of a partition. */
export const BOOST_SUMS = 3;

const HEADER_WORDS = 4;
const UNIT_NUMBERS = 3;

/** Orders the step; false where the tree has too many nodes for the words. */
export function writeBoost(words: Int32Array, tree: BinnedTree, units: FixedPoint): boolean {
  const nodes = tree.column.length;
  const numbers = UNIT_NUMBERS + nodes;
  const columnAt = HEADER_WORDS + 2 * numbers;
  if (columnAt + nodes * (2 + BIN_SET_WORDS) > words.length) return false;
  words.set([OrderKind.boost, nodes, tree.depth]);
  const values = new Float64Array(words.buffer, words.byteOffset + 4 * HEADER_WORDS, numbers);
  values.set([units.gradientScale, units.hessianScale, units.countBits]);
  values.set(tree.value, UNIT_NUMBERS);
  words.set(tree.column, columnAt);
  words.set(tree.left, columnAt + nodes);
  words.set(tree.binSets, columnAt + 2 * nodes);
  return true;
}

export function readBoost(words: Int32Array): { readonly tree: BinnedTree; readonly units: FixedPoint } {
  const nodes = words[1]!;
  const numbers = UNIT_NUMBERS + nodes;
  const values = new Float64Array(words.buffer, words.byteOffset + 4 * HEADER_WORDS, numbers);
  const columnAt = HEADER_WORDS + 2 * numbers;
  const setsAt = columnAt + 2 * nodes;
  return {
    units: { gradientScale: values[0]!, hessianScale: values[1]!, countBits: values[2]! },
    tree: {
      column: words.slice(columnAt, columnAt + nodes),
      left: words.slice(columnAt + nodes, setsAt),
      binSets: words.slice(setsAt, setsAt + BIN_SET_WORDS * nodes),
      value: values.slice(UNIT_NUMBERS),
      depth: words[2]!,
    },
  };
}
