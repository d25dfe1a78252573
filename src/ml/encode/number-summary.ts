/**
 * What the training rows tell of their numbers: for scaling, and for ML.FEATURE_INFO. The median is exact: a sample says
 * between which two values it lies almost certainly, one pass counts what is below and collects what is between, and a
 * column for which the sample was wrong is asked about again without a bound.
 */
import { assert } from '../../core/index.ts';
import type { Aggregator } from '../aggregate.ts';
import type { Dataset } from '../dataset.ts';
import { SUMMARY_COUNT, SummaryPlace } from '../kernel/column-kernel.ts';
import { valueOfRank } from './nearest-rank.ts';
import { samplePass } from './sample-pass.ts';
import { summaryMean, summaryPass, type SummaryBroadcast, type SummaryPartial } from './summary-pass.ts';

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

/** Summaries of the chosen numeric columns over staged training rows. */
export async function summarizeNumbers(
  columns: Int32Array,
  aggregator: Aggregator,
  dataset: Dataset,
): Promise<readonly NumberSummary[]> {
  if (columns.length === 0) return [];
  const rowCount = Math.ceil(SAMPLE_ROWS / dataset.partitionCount);
  const samples = await aggregator.run(samplePass, { columns, rowCount });
  const bounds = { columns, ...boundsOf(samples) };
  const partial = await aggregator.run(summaryPass, bounds);
  const medians = await mediansOf(partial, bounds, aggregator);
  return Array.from(columns, (_, position) =>
    summaryOf(partial.summaries, position * SUMMARY_COUNT, medians[position]!, dataset.trainingRowCount),
  );
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

/** Medians; columns whose median was not collected are asked about again. */
async function mediansOf(
  { summaries, between }: SummaryPartial,
  { columns, lows, highs }: SummaryBroadcast,
  aggregator: Aggregator,
): Promise<number[]> {
  const medians: number[] = [];
  const missed: number[] = [];
  for (let position = 0; position < columns.length; position++) {
    if (position % 64 === 63) await aggregator.checkpoint();
    const base = position * SUMMARY_COUNT;
    const count = summaries[base + SummaryPlace.present]!;
    const rank = Math.ceil(count / 2) - 1 - summaries[base + SummaryPlace.below]!;
    const values = between[position]!;
    if (count > 0 && (rank < 0 || rank >= values.length)) missed.push(position);
    medians.push(count === 0 || rank < 0 || rank >= values.length ? 0 : valueOfRank(values, rank));
  }
  if (missed.length === 0) return medians;
  assert(
    missed.some((position) => lows[position] !== -Infinity || highs[position] !== Infinity),
    'a median lies between infinities',
  );
  const again = {
    columns: Int32Array.from(missed, (position) => columns[position]!),
    lows: new Float64Array(missed.length).fill(-Infinity),
    highs: new Float64Array(missed.length).fill(Infinity),
  };
  const found = await mediansOf(await aggregator.run(summaryPass, again), again, aggregator);
  missed.forEach((position, order) => (medians[position] = found[order]!));
  return medians;
}

function summaryOf(summaries: Float64Array, base: number, median: number, rowCount: number): NumberSummary {
  const count = summaries[base + SummaryPlace.present]!;
  const finite = summaries[base + SummaryPlace.finite]!;
  const squares = summaries[base + SummaryPlace.squares]!;
  const nullCount = rowCount - count;
  if (count === 0)
    return { nullCount, count, least: 0, greatest: 0, mean: 0, median: 0, deviation: undefined };
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
    median,
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
