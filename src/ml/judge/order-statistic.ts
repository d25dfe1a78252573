/** The value at a rank without sorting everything. Source: Floyd and Rivest, "Expected time bounds for selection", 1975. */
import { concatenated, sortNumbers } from './sort-numbers.ts';

/** Values that are simply sorted; and, of more, how many are sampled to find where the rank must lie. */
const SAMPLE_SIZE = 8_192;

/** The order of sorted arrays: NaN after all numbers. */
function isBefore(value: number, other: number): boolean {
  return value < other || (Number.isNaN(other) && !Number.isNaN(value));
}

/** The value at a 0-based rank of two ascending arrays together. */
export function valueAtRankOfSorted(left: Float64Array, right: Float64Array, rank: number): number {
  // How many of the first `rank` values are of the left array: the least number that leaves none smaller behind.
  let low = Math.max(0, rank - right.length);
  let high = Math.min(rank, left.length);
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isBefore(left[middle]!, right[rank - middle - 1]!)) low = middle + 1;
    else high = middle;
  }
  const [one, other] = [left[low], right[rank - low]];
  if (one === undefined || other === undefined) return (one ?? other)!;
  return isBefore(other, one) ? other : one;
}

/**
 * 0-based rank of a quantile among `count` ordered values: the least value that a share of at least `quantile` does
 * not exceed, rounded as the database rounds it.
 */
export function quantileRank(quantile: number, count: number): number {
  return Math.max(1, count - Math.floor(count - quantile * count)) - 1;
}

/** Evenly spaced values, sorted. */
function sampleOf(parts: readonly Float64Array[], count: number): Float64Array {
  const step = Math.ceil(count / SAMPLE_SIZE);
  const sample: number[] = [];
  let next = 0;
  for (const part of parts) {
    for (; next < part.length; next += step) sample.push(part[next]!);
    next -= part.length;
  }
  return sortNumbers(Float64Array.from(sample));
}

/** The value at a 0-based rank of all parts together, NaN above all numbers; undefined where there is none. */
export function valueAtRank(parts: readonly Float64Array[], rank: number): number | undefined {
  const count = parts.reduce((sum, part) => sum + part.length, 0);
  if (rank < 0 || rank >= count) return undefined;
  if (count <= SAMPLE_SIZE) return sortNumbers(concatenated(parts))[rank];
  const sample = sampleOf(parts, count);
  const place = Math.floor((rank / count) * sample.length);
  // Six standard deviations of the rank's place in a random sample, and a little more.
  const margin = 4 + Math.ceil(3 * Math.sqrt(sample.length));
  const least = sample[Math.max(0, place - margin)]!;
  const greatest = sample[Math.min(sample.length - 1, place + margin)]!;
  const middle: number[] = [];
  let below = 0;
  for (const part of parts) {
    for (let index = 0; index < part.length; index++) {
      const value = part[index]!;
      // Sums of comparisons, because a branch that goes either way every time costs more.
      below += value < least ? 1 : 0;
      if (((value >= least ? 1 : 0) & (value <= greatest ? 1 : 0)) === 1) middle.push(value);
    }
  }
  const isInside = rank >= below && rank < below + middle.length;
  if (isInside) return sortNumbers(Float64Array.from(middle))[rank - below];
  return sortNumbers(concatenated(parts))[rank];
}
