/** What the ranks of two classes' rows by one probability tell: the area under the ROC curve, and the curve. */
import type { RankedClass } from './classification-pass.ts';
import { quantileRank, valueAtRankOfSorted } from './order-statistic.ts';
import { quotient } from './quotient.ts';

/**
 * Share of (hit, miss) pairs that the score orders rightly, ties counting half; NULL where one side is empty. Source:
 * Mann and Whitney, 1947.
 */
export function areaUnderCurve({ hits, misses }: RankedClass): number | null {
  let [below, upTo] = [0, 0];
  let halves = 0;
  for (let index = 0; index < hits.length; index++) {
    const score = hits[index]!;
    while (below < misses.length && misses[below]! < score) below++;
    if (upTo < below) upTo = below;
    while (upTo < misses.length && misses[upTo]! <= score) upTo++;
    halves += below + upTo;
  }
  return quotient(halves / 2, hits.length * misses.length);
}

/** A point of the curve: rows at or above the threshold. */
export interface CurvePoint {
  readonly threshold: number;
  readonly truePositives: number;
  readonly falsePositives: number;
}

/** Values of ascending numbers that are at least `threshold`. */
function countFrom(ascending: Float64Array, threshold: number): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ascending[middle]! < threshold) low = middle + 1;
    else high = middle;
  }
  return ascending.length - low;
}

/** The curve at the 0th to 100th percentiles of the scores of all rows, thresholds falling, each once. */
export function rocCurve({ hits, misses }: RankedClass): readonly CurvePoint[] {
  const count = hits.length + misses.length;
  if (count === 0) return [];
  const percentiles = Array.from({ length: 101 }, (_, step) =>
    valueAtRankOfSorted(hits, misses, quantileRank(step / 100, count)),
  );
  return [...new Set(percentiles)].toReversed().map((threshold) => ({
    threshold,
    truePositives: countFrom(hits, threshold),
    falsePositives: countFrom(misses, threshold),
  }));
}
