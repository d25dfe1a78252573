/**
 * The passes of k-means. Assignment: every row to its nearest centroid (the first among equals), with what
 * the next centroids need. Sources: Lloyd, "Least squares quantization in PCM", 1982; Arthur and
 * Vassilvitskii, "k-means++", 2007.
 */
import { Random, invalidData } from '../../core/index.ts';
import type { AnyPass, Pass } from '../aggregate.ts';
import type { Partition } from '../dataset.ts';
import type { CentroidSet } from '../kernel/distance-kernel.ts';
import { squaredLength } from '../kernel/scalar-distance-kernel.ts';
import { addRow, pointOf } from './encoded-row.ts';

/** Rows measured at a time. */
const CHUNK_ROWS = 512;

/** A row far from its centroid: where an empty cluster may go. */
export interface FarRow {
  readonly row: number;
  readonly squaredDistance: number;
}

/** What one assignment tells. */
export interface Assignment {
  /** Sum of the rows of each cluster, count × width. */
  readonly sums: Float64Array;
  /** COSINE: sum of the rows of each cluster, each at length 1; empty otherwise. */
  readonly directions: Float64Array;
  readonly sizes: Float64Array;
  /** Sum of the squared distances of each cluster's rows. */
  readonly squaredDistances: Float64Array;
  /** The farthest rows, at most one a cluster, farthest first; no two equally far. */
  far: FarRow[];
}

export const assignPass: Pass<CentroidSet, Assignment> = {
  name: 'kmeans.assign',
  accumulate(partition, centroids, context) {
    const { count, width } = centroids;
    const isCosine = centroids.distanceType === 'COSINE';
    const assignment: Assignment = {
      sums: new Float64Array(count * width),
      directions: new Float64Array(isCosine ? count * width : 0),
      sizes: new Float64Array(count),
      squaredDistances: new Float64Array(count),
      far: [],
    };
    const distances = new Float64Array(CHUNK_ROWS * count);
    for (let first = 0; first < partition.rowCount; first += CHUNK_ROWS) {
      context.checkpoint();
      const rowCount = Math.min(CHUNK_ROWS, partition.rowCount - first);
      context.kernel.squaredDistances(partition, first, rowCount, centroids, distances);
      for (let row = 0; row < rowCount; row++)
        assignRow(assignment, partition, first + row, distances, row * count);
    }
    return assignment;
  },
  merge(left, right) {
    for (const name of ['sums', 'directions', 'sizes', 'squaredDistances'] as const) {
      for (let index = 0; index < left[name].length; index++) left[name][index]! += right[name][index]!;
    }
    for (const far of right.far) keepFar(left.far, far, left.sizes.length);
    return left;
  },
};

function assignRow(
  assignment: Assignment,
  partition: Partition,
  row: number,
  distances: Float64Array,
  start: number,
): void {
  const { sums, directions, sizes, squaredDistances, far } = assignment;
  const nearest = nearestOf(distances, start, sizes.length);
  const squaredDistance = distances[start + nearest]!;
  const { width } = partition.layout;
  sizes[nearest]! += 1;
  squaredDistances[nearest]! += squaredDistance;
  addRow(partition, row, 1, sums, nearest * width);
  if (directions.length > 0) {
    const length = Math.sqrt(squaredLength(partition, row));
    if (length === 0) throw zeroRowError();
    addRow(partition, row, 1 / length, directions, nearest * width);
  }
  if (far.length < sizes.length || squaredDistance > far.at(-1)!.squaredDistance) {
    keepFar(far, { row: partition.firstRow + row, squaredDistance }, sizes.length);
  }
}

/** Index of the smallest of `count` distances; the first among equals. */
function nearestOf(distances: Float64Array, start: number, count: number): number {
  let nearest = 0;
  for (let index = 1; index < count; index++) {
    if (distances[start + index]! < distances[start + nearest]!) nearest = index;
  }
  return nearest;
}

/** A row of zeros has no direction. */
export function zeroRowError(): Error {
  return invalidData(
    "DISTANCE_TYPE = 'COSINE' is not defined for a row whose features are all zero",
    'After encoding every number of the row is 0 (a missing number is put at the mean, which is 0).',
    "Leave such rows out, or use DISTANCE_TYPE = 'EUCLIDEAN'.",
  );
}

function keepFar(kept: FarRow[], candidate: FarRow, count: number): void {
  if (candidate.squaredDistance === 0) return;
  if (kept.some((far) => far.squaredDistance === candidate.squaredDistance)) return;
  const position = kept.findIndex((far) => far.squaredDistance < candidate.squaredDistance);
  kept.splice(position < 0 ? kept.length : position, 0, candidate);
  if (kept.length > count) kept.pop();
}

/** Points of the rows with the given numbers, in row order. */
export const gatherPass: Pass<readonly number[], Float64Array[]> = {
  name: 'kmeans.gather',
  accumulate(partition, rowNumbers) {
    const end = partition.firstRow + partition.rowCount;
    return rowNumbers
      .filter((row) => row >= partition.firstRow && row < end)
      .toSorted((left, right) => left - right)
      .map((row) => pointOf(partition, row - partition.firstRow));
  },
  merge: (left, right) => [...left, ...right],
};

/** Rows flagged as initial centroids. */
export interface FlaggedRows {
  readonly count: number;
  /** Points of the first ones, as many as the limit. */
  readonly points: readonly Float64Array[];
}

/** Finds the rows whose label is 1; the broadcast is the number of points that are of interest. */
export const flaggedPass: Pass<number, FlaggedRows> = {
  name: 'kmeans.flagged',
  accumulate(partition, limit) {
    const points: Float64Array[] = [];
    let count = 0;
    for (let row = 0; row < partition.rowCount; row++) {
      if (partition.label[row] !== 1) continue;
      count++;
      if (points.length < limit) points.push(pointOf(partition, row));
    }
    return { count, points };
  },
  merge: (left, right) => ({ count: left.count + right.count, points: [...left.points, ...right.points] }),
};

/** Workspace: squared distance of each row to the nearest centroid chosen so far. */
export const NEAREST_WORKSPACE = 'kmeans.nearest';

/** The newest centroid, how many were chosen before it, and the seed. */
export interface SpreadBroadcast {
  readonly newest: CentroidSet;
  readonly chosenCount: number;
  readonly seed: number;
}

/** One candidate a partition, drawn with a probability proportional to the squared distance. */
export interface SpreadCandidate {
  readonly total: number;
  readonly row: number;
}

/**
 * A step of k-means++: measures all rows against the newest centroid and draws a candidate in every
 * partition.
 */
export const spreadPass: Pass<SpreadBroadcast, SpreadCandidate[]> = {
  name: 'kmeans.spread',
  accumulate(partition, { newest, chosenCount, seed }, context) {
    const nearest = partition.workspace(NEAREST_WORKSPACE) as Float64Array;
    const distances = new Float64Array(CHUNK_ROWS);
    let total = 0;
    for (let first = 0; first < partition.rowCount; first += CHUNK_ROWS) {
      context.checkpoint();
      const rowCount = Math.min(CHUNK_ROWS, partition.rowCount - first);
      context.kernel.squaredDistances(partition, first, rowCount, newest, distances);
      for (let row = 0; row < rowCount; row++) {
        const distance = distances[row]!;
        if (Number.isNaN(distance)) throw zeroRowError();
        const best = chosenCount === 1 ? distance : Math.min(nearest[first + row]!, distance);
        nearest[first + row] = best;
        total += best;
      }
    }
    const random = new Random(seed, 1 + chosenCount * 1024 + partition.index);
    return [{ total, row: partition.firstRow + drawRow(nearest, total * random.uniform()) }];
  },
  merge: (left, right) => [...left, ...right],
};

/**
 * The row at which the running sum passes the target; the last one with a weight if rounding runs past the
 * end.
 */
function drawRow(weights: Float64Array, target: number): number {
  let sum = 0;
  let last = 0;
  for (let row = 0; row < weights.length; row++) {
    if (weights[row]! === 0) continue;
    sum += weights[row]!;
    last = row;
    if (sum > target) break;
  }
  return last;
}

export const kmeansPasses: readonly AnyPass[] = [assignPass, gatherPass, flaggedPass, spreadPass];
