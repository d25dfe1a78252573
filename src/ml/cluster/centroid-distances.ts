/** Distances between centroids, for the Davies–Bouldin index. Source: functions reference, 2.4. */
import { Types } from '../../core/index.ts';
import type { ModelTable } from '../estimator.ts';
import type { CentroidSet } from '../kernel/distance-kernel.ts';

function euclidean(left: Float64Array, right: Float64Array): number {
  let sum = 0;
  for (let column = 0; column < left.length; column++) sum += (left[column]! - right[column]!) ** 2;
  return Math.sqrt(sum);
}

function cosine(left: Float64Array, right: Float64Array): number {
  let dot = 0;
  let leftSquare = 0;
  let rightSquare = 0;
  for (let column = 0; column < left.length; column++) {
    dot += left[column]! * right[column]!;
    leftSquare += left[column]! ** 2;
    rightSquare += right[column]! ** 2;
  }
  return Math.sqrt(Math.max(0, 1 - dot / Math.sqrt(leftSquare * rightSquare)));
}

/** One row a centroid, one column each: the distance that the model itself measures. */
export function centroidDistanceTable({ distanceType, count, width, values }: CentroidSet): ModelTable {
  const distance = distanceType === 'COSINE' ? cosine : euclidean;
  const centroid = (index: number): Float64Array => values.subarray(index * width, (index + 1) * width);
  const indexes = Array.from({ length: count }, (_, index) => index);
  return {
    schema: indexes.map((index) => ({ name: `centroid_${index + 1}`, type: Types.float8 })),
    rows: indexes.map((row) => indexes.map((column) => distance(centroid(row), centroid(column)))),
  };
}
