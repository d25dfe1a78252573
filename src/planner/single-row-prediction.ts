/**
 * From the scores of one row to its predictions: what prediction-sql.ts says in SQL. Scores that are not numbers are
 * left to SQL, which has an order of its own for them.
 */
import type { ModelEntry } from '../catalog/index.ts';
import type { Value } from '../core/index.ts';
import { NEAREST_CENTROIDS_MAX } from './prediction-sql.ts';

/** Positions by their score, the least first; ties by position. */
function ascending(scores: Float64Array): number[] {
  return Array.from(scores.keys()).toSorted((left, right) => scores[left]! - scores[right]! || left - right);
}

function classified(scores: Float64Array, classes: readonly Value[], threshold: number): readonly Value[] {
  if (classes.length === 2) {
    const [negative, positive] = classes as readonly [Value, Value];
    const predicted = scores[1]! > threshold ? positive : negative;
    return [
      predicted,
      [
        [positive, scores[1]!],
        [negative, scores[0]!],
      ],
    ];
  }
  const order = ascending(scores.map((score) => -score));
  return [classes[order[0]!]!, order.map((position) => [classes[position]!, scores[position]!])];
}

/** Values of predictionColumns, in order; undefined when only SQL can say. */
export function predictionsOf(
  entry: ModelEntry,
  scores: Float64Array,
  classes: readonly Value[],
  threshold: number,
): readonly Value[] | undefined {
  if (entry.task === 'regression') return [scores[0]!];
  if (scores.some(Number.isNaN)) return undefined;
  if (entry.task === 'classification') return classified(scores, classes, threshold);
  const nearest = ascending(scores).slice(0, NEAREST_CENTROIDS_MAX);
  return [BigInt(nearest[0]! + 1), nearest.map((position) => [BigInt(position + 1), scores[position]!])];
}
