/**
 * What the training rows tell of their numbers: for scaling, and for ML.FEATURE_INFO. The median is exact: a sample says
 * between which two values it lies almost certainly, one pass counts what is below and collects what is between, and a
 * column for which the sample was wrong is asked about again without a bound.
 */
import type { Aggregator } from '../aggregate.ts';
import type { Dataset } from '../dataset.ts';
import { SUMMARY_COUNT, SummaryPlace } from '../kernel/column-kernel.ts';
import { valueOfRank } from './nearest-rank.ts';
import { samplePass } from './sample-pass.ts';
import { summaryMean, summaryPass, type SummaryBroadcast } from './summary-pass.ts';

/** Of the training rows where the number is not missing; `deviation` is the sample standard deviation. */
export interface NumberSummary {
  readonly nullCount: number;
  /** Rows where it is not missing; without any, the rest is 0 and means nothing. */
  readonly count: number;
  readonly least: number;
  readonly greatest: number;
  /** Infinite or NaN when a value is infinite. */
  readonly mean: number;
  /** The value of rank ceil(count / 2). */
  readonly median: number;
  /** Of the finite values; undefined of fewer than two. */
  readonly deviation: number | undefined;
}

/** Rows of the sample, over all partitions. */
const SAMPLE_ROWS = 4_096;
/** Half the width of the bounds in standard deviations of the sample's rank of the median (√n / 2). */
const RANK_DEVIATIONS = 3.5;

/** A summary whose median is still to be found: the value of `rank` in all `parts`; of an empty column there is none. */
export interface UnfinishedSummary extends Omit<NumberSummary, 'median'> {
  readonly parts: readonly Float64Array[];
  readonly rank: number;
}

/** Summaries of the chosen numeric columns over staged training rows; afterwards the rows may be settled. */
export async function surveyNumbers(
  columns: Int32Array,
  aggregator: Aggregator,
  dataset: Dataset,
): Promise<readonly UnfinishedSummary[]> {
  if (columns.length === 0) return [];
  const rowCount = Math.ceil(SAMPLE_ROWS / dataset.partitionCount);
  const samples = await aggregator.run(samplePass, { columns, rowCount });
  const found = await collect({ columns, ...boundsOf(samples) }, aggregator, dataset);
  const missed = [...columns.keys()].filter((position) => !hasMedian(found[position]!));
  if (missed.length === 0) return found;
  const unbounded = {
    columns: Int32Array.from(missed, (position) => columns[position]!),
    lows: new Float64Array(missed.length).fill(-Infinity),
    highs: new Float64Array(missed.length).fill(Infinity),
  };
  const again = await collect(unbounded, aggregator, dataset);
  missed.forEach((position, order) => (found[position] = again[order]!));
  return found;
}

/** Finds the medians among the collected values. */
export async function finishSummaries(
  unfinished: readonly UnfinishedSummary[],
  aggregator: Aggregator,
): Promise<readonly NumberSummary[]> {
  const summaries: NumberSummary[] = [];
  // One array for all: its pages are there from the second column on.
  const room = new Float64Array(Math.max(0, ...unfinished.map(({ parts }) => lengthOf(parts))));
  for (const { parts, rank, ...summary } of unfinished) {
    await aggregator.checkpoint();
    summaries.push({ ...summary, median: summary.count === 0 ? 0 : valueOfParts(parts, rank, room) });
  }
  return summaries;
}

function lengthOf(parts: readonly Float64Array[]): number {
  return parts.reduce((length, part) => length + part.length, 0);
}

/** The value of a rank in all parts, which are put together in `room`. */
function valueOfParts(parts: readonly Float64Array[], rank: number, room: Float64Array): number {
  let length = 0;
  for (const part of parts) {
    room.set(part, length);
    length += part.length;
  }
  return valueOfRank(room.subarray(0, length), rank);
}

async function collect(
  chosen: SummaryBroadcast,
  aggregator: Aggregator,
  { trainingRowCount }: Dataset,
): Promise<UnfinishedSummary[]> {
  const { summaries, between } = await aggregator.run(summaryPass, chosen);
  return between.map((parts, position) => {
    const base = position * SUMMARY_COUNT;
    const summary = summaryOf(summaries, base, trainingRowCount);
    const rank = Math.ceil(summary.count / 2) - 1 - summaries[base + SummaryPlace.below]!;
    return { ...summary, parts, rank };
  });
}

/** Whether the median is among the collected values. */
function hasMedian({ count, rank, parts }: UnfinishedSummary): boolean {
  return count === 0 || (rank >= 0 && rank < lengthOf(parts));
}

function boundsOf(samples: readonly Float64Array[]): Omit<SummaryBroadcast, 'columns'> {
  const lows = new Float64Array(samples.length);
  const highs = new Float64Array(samples.length);
  samples.forEach((sample, position) => {
    const margin = (RANK_DEVIATIONS / 2) * Math.sqrt(sample.length) + 2;
    const low = Math.floor(sample.length / 2 - margin);
    const high = Math.ceil(sample.length / 2 + margin);
    lows[position] = low < 0 ? -Infinity : valueOfRank(sample, low);
    highs[position] = high >= sample.length ? Infinity : valueOfRank(sample, high);
  });
  return { lows, highs };
}

function summaryOf(summaries: Float64Array, base: number, rowCount: number): Omit<NumberSummary, 'median'> {
  const count = summaries[base + SummaryPlace.present]!;
  const finite = summaries[base + SummaryPlace.finite]!;
  const squares = summaries[base + SummaryPlace.squares]!;
  const nullCount = rowCount - count;
  if (count === 0) return { nullCount, count, least: 0, greatest: 0, mean: 0, deviation: undefined };
  const least = summaries[base + SummaryPlace.least]!;
  const greatest = summaries[base + SummaryPlace.greatest]!;
  const isFinite = finite === count;
  return {
    nullCount,
    count,
    least,
    greatest,
    // The sum of both infinities is NaN, as it should be.
    mean: isFinite
      ? meanWithin(summaryMean(summaries, base), least, greatest)
      : infiniteMean(least, greatest),
    deviation: finite < 2 ? undefined : Math.sqrt(Math.max(0, squares / (finite - 1))),
  };
}

/** Equal values have exactly their mean. */
function meanWithin(mean: number, least: number, greatest: number): number {
  return least === greatest ? least : mean;
}

function infiniteMean(least: number, greatest: number): number {
  return (Number.isFinite(least) ? 0 : least) + (Number.isFinite(greatest) ? 0 : greatest);
}
