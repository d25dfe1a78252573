/**
 * Counts, sum, spread, range and the values around the median of numeric columns, over staged rows. Sums of blocks and
 * partitions are added with what rounding leaves (D. E. Knuth's two-sum); spreads are merged by the pairwise formula
 * of Chan, Golub and LeVeque, "Updating formulae and a pairwise algorithm for computing sample variances" (1979).
 */
import { present } from '../../core/index.ts';
import type { Pass, PassContext } from '../aggregate.ts';
import type { Partition } from '../dataset.ts';
import { SUMMARY_COUNT, SummaryPlace, type SummarizedColumns } from '../kernel/column-kernel.ts';
import { OrderedMerge } from '../ordered-merge.ts';
import { stagedBlockRows, stagedBlocks } from '../staged-rows.ts';

/** Numeric columns to look at; values of each from its low to its high are collected. */
export type SummaryBroadcast = SummarizedColumns;

export interface SummaryPartial {
  /** SUMMARY_COUNT numbers a chosen column (see column-kernel.ts). */
  readonly summaries: Float64Array;
  /** Collected values of each chosen column, in row order, in parts. */
  readonly between: Float64Array[][];
}

/** A partition's summaries; what lies between its columns' bounds goes to their collectors. `room` is for one block. */
function summarizePartition(
  { numeric, rowCount, layout }: Partition,
  chosen: SummaryBroadcast,
  { kernel, checkpoint }: PassContext,
  collectors: readonly Collector[],
  room: Float64Array,
): Float64Array {
  const count = collectors.length;
  const width = layout.numericWidth;
  const summaries = emptySummaries(count);
  const found = new Float64Array(count * SUMMARY_COUNT);
  for (const { rowCount: rows, start } of stagedBlocks(rowCount, width)) {
    checkpoint();
    kernel.summarizeBlock(numeric.subarray(start, start + rows * width), rows, chosen, found, room);
    let taken = 0;
    for (let position = 0, base = 0; position < count; position++, base += SUMMARY_COUNT) {
      addSummary(summaries, base, found, base);
      const end = taken + found[base + SummaryPlace.between]!;
      collectors[position]!.add(room.subarray(taken, end));
      taken = end;
    }
  }
  return summaries;
}

function summarizeAll(
  partitions: readonly Partition[],
  chosen: SummaryBroadcast,
  context: PassContext,
): SummaryPartial {
  const collectors = Array.from(chosen.columns, () => new Collector());
  const blockRows = stagedBlockRows(partitions[0]!.layout.numericWidth);
  const room = new Float64Array(collectors.length * blockRows + 1);
  // Sums are no whole numbers: they are added up in the order in which partials of partitions would be merged.
  const merged = new OrderedMerge(addSummaries);
  for (const partition of partitions)
    merged.add(summarizePartition(partition, chosen, context, collectors, room));
  return {
    summaries: present(merged.finish(), 'a partition'),
    between: collectors.map((collector) => collector.parts()),
  };
}

export const summaryPass: Pass<SummaryBroadcast, SummaryPartial> = {
  name: 'encode.summary',
  accumulate: (partition, chosen, context) => summarizeAll([partition], chosen, context),
  accumulateAll: summarizeAll,
  merge(left, right) {
    left.between.forEach((parts, position) => parts.push(...right.between[position]!));
    return { summaries: addSummaries(left.summaries, right.summaries), between: left.between };
  },
};

/** Values of a collector's first part, and of a later one at most: small for many columns, large for many rows. */
const FIRST_PART_VALUES = 512;
const PART_VALUES_MAX = 8_192;

/** Values that come in pieces, kept in parts that need not be copied to become longer. */
class Collector {
  readonly #full: Float64Array[] = [];
  #part = new Float64Array(FIRST_PART_VALUES);
  #count = 0;

  add(values: Float64Array): void {
    if (this.#count + values.length > this.#part.length) {
      this.#full.push(this.#part.subarray(0, this.#count));
      const length = Math.min(PART_VALUES_MAX, 2 * this.#part.length);
      this.#part = new Float64Array(Math.max(length, values.length));
      this.#count = 0;
    }
    this.#part.set(values, this.#count);
    this.#count += values.length;
  }

  parts(): Float64Array[] {
    return [...this.#full, this.#part.subarray(0, this.#count)];
  }
}

function emptySummaries(count: number): Float64Array {
  const summaries = new Float64Array(count * SUMMARY_COUNT);
  for (let base = 0; base < summaries.length; base += SUMMARY_COUNT) {
    summaries[base + SummaryPlace.least] = Infinity;
    summaries[base + SummaryPlace.greatest] = -Infinity;
  }
  return summaries;
}

/** Mean of the finite values of the summary that begins at `base`; 0 of none. */
export function summaryMean(summaries: Float64Array, base: number): number {
  const count = summaries[base + SummaryPlace.finite]!;
  if (count === 0) return 0;
  const sum = summaries[base + SummaryPlace.sum]!;
  return (Number.isFinite(sum) ? sum + summaries[base + SummaryPlace.rest]! : sum) / count;
}

/** Adds to `left`, which it gives. */
function addSummaries(left: Float64Array, right: Float64Array): Float64Array {
  for (let base = 0; base < left.length; base += SUMMARY_COUNT) addSummary(left, base, right, base);
  return left;
}

function addSummary(left: Float64Array, at: number, right: Float64Array, from: number): void {
  const leftCount = left[at + SummaryPlace.finite]!;
  const rightCount = right[from + SummaryPlace.finite]!;
  if (leftCount === 0) left[at + SummaryPlace.squares] = right[from + SummaryPlace.squares]!;
  else if (rightCount > 0) {
    const difference = summaryMean(right, from) - summaryMean(left, at);
    const share = rightCount / (leftCount + rightCount);
    left[at + SummaryPlace.squares]! +=
      right[from + SummaryPlace.squares]! + difference * difference * leftCount * share;
  }
  const leftSum = left[at + SummaryPlace.sum]!;
  const rightSum = right[from + SummaryPlace.sum]!;
  const sum = leftSum + rightSum;
  const rightPart = sum - leftSum;
  const lost = leftSum - (sum - rightPart) + (rightSum - rightPart);
  left[at + SummaryPlace.sum] = sum;
  left[at + SummaryPlace.rest]! += right[from + SummaryPlace.rest]! + lost;
  for (const place of [SummaryPlace.present, SummaryPlace.finite, SummaryPlace.below, SummaryPlace.between]) {
    left[at + place]! += right[from + place]!;
  }
  const { least, greatest } = SummaryPlace;
  left[at + least] = Math.min(left[at + least]!, right[from + least]!);
  left[at + greatest] = Math.max(left[at + greatest]!, right[from + greatest]!);
}
