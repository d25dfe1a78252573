/** Judges a regression: sums of errors, the spread of the labels, and every absolute error for the median. */
import type { Pass } from '../aggregate.ts';
import type { Partition } from '../dataset.ts';
import { scoreBlocks, type ScoreSource } from './score-blocks.ts';

export interface RegressionPartial {
  count: number;
  /** Sums over rows of label - prediction. */
  error: number;
  absoluteError: number;
  squaredError: number;
  /** Of squared differences of log(1 + x); NaN as soon as a value is -1 or less. */
  squaredLogError: number;
  /** Of the labels: mean, and sum of squared distances from it. */
  labelMean: number;
  labelSpread: number;
  /** One a row, in parts, in no order. */
  readonly absoluteErrors: Float64Array[];
}

/** Mean and spread of a partition's labels, by way of distances from the first: a constant has spread 0. */
function labelMoments({ label, rowCount }: Partition): { labelMean: number; labelSpread: number } {
  const origin = label[0] ?? 0;
  let sum = 0;
  for (let row = 0; row < rowCount; row++) sum += label[row]! - origin;
  const mean = rowCount === 0 ? 0 : sum / rowCount;
  let spread = 0;
  for (let row = 0; row < rowCount; row++) spread += (label[row]! - origin - mean) ** 2;
  return { labelMean: origin + mean, labelSpread: spread };
}

function addErrors(
  partial: RegressionPartial,
  errors: Float64Array,
  { label }: Partition,
  predictions: Float64Array,
  first: number,
  count: number,
): void {
  let [error, absolute, squared] = [0, 0, 0];
  for (let row = 0; row < count; row++) {
    const actual = label[first + row]!;
    const predicted = predictions[row]!;
    const difference = actual - predicted;
    const size = Math.abs(difference);
    error += difference;
    absolute += size;
    squared += difference * difference;
    errors[first + row] = size;
  }
  partial.error += error;
  partial.absoluteError += absolute;
  partial.squaredError += squared;
}

/** Logarithms are slow, and one row without them is enough to have no sum. */
function addLogErrors(
  partial: RegressionPartial,
  { label }: Partition,
  predictions: Float64Array,
  first: number,
  count: number,
): void {
  let sum = partial.squaredLogError;
  for (let row = 0; row < count && !Number.isNaN(sum); row++) {
    const actual = label[first + row]!;
    const predicted = predictions[row]!;
    const isDefined = actual > -1 && predicted > -1;
    sum += isDefined ? (Math.log(1 + actual) - Math.log(1 + predicted)) ** 2 : Number.NaN;
  }
  partial.squaredLogError = sum;
}

export const regressionPass: Pass<ScoreSource, RegressionPartial> = {
  name: 'judge.regression',
  accumulate(partition, source, context) {
    const errors = new Float64Array(partition.rowCount);
    const partial: RegressionPartial = {
      count: partition.rowCount,
      error: 0,
      absoluteError: 0,
      squaredError: 0,
      squaredLogError: 0,
      ...labelMoments(partition),
      absoluteErrors: [errors],
    };
    scoreBlocks(source, partition, context, (predictions, _width, first, count) => {
      addErrors(partial, errors, partition, predictions, first, count);
      addLogErrors(partial, partition, predictions, first, count);
    });
    return partial;
  },
  merge(left, right) {
    if (right.count === 0) return left;
    const count = left.count + right.count;
    const difference = right.labelMean - left.labelMean;
    const share = right.count / count;
    left.labelSpread += right.labelSpread + difference * difference * left.count * share;
    left.labelMean += difference * share;
    left.count = count;
    for (const sum of ['error', 'absoluteError', 'squaredError', 'squaredLogError'] as const)
      left[sum] += right[sum];
    left.absoluteErrors.push(...right.absoluteErrors);
    return left;
  },
};
