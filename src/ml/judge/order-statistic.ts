/** The value at a rank without sorting everything. Source: Floyd and Rivest, "Expected time bounds for selection", 1975. */
import { sortNumbers } from './sort-numbers.ts';

/** Values that are simply sorted; and, of more, how many are sampled to find where the rank must lie. */
const SAMPLE_SIZE = 8_192;

/**
 * 0-based rank of a quantile among `count` ordered values: the least value that a share of at least `quantile` does
 * not exceed, rounded as the database rounds it.
 */
export function quantileRank(quantile: number, count: number): number {
  return Math.max(1, count - Math.floor(count - quantile * count)) - 1;
}

function concatenated(parts: readonly Float64Array[], count: number): Float64Array {
  const all = new Float64Array(count);
  let end = 0;
  for (const part of parts) {
    all.set(part, end);
    end += part.length;
  }
  return all;
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
  if (count <= SAMPLE_SIZE) return sortNumbers(concatenated(parts, count))[rank];
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
      if (value < least) below++;
      else if (value <= greatest) middle.push(value);
    }
  }
  const isInside = rank >= below && rank < below + middle.length;
  if (isInside) return sortNumbers(Float64Array.from(middle))[rank - below];
  return sortNumbers(concatenated(parts, count))[rank];
}
