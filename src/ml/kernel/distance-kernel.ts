/** Operations of the distance family: rows against centroids in the encoded space. */
import type { EncodedRows } from '../layout.ts';

/** How far apart two points are. */
export type DistanceType = 'EUCLIDEAN' | 'COSINE';

/** Centroids with what is worth computing once for all rows. */
export interface CentroidSet {
  readonly distanceType: DistanceType;
  readonly count: number;
  /** All encoded columns; numeric ones first. */
  readonly width: number;
  readonly numericWidth: number;
  /** count × width, row-major. */
  readonly values: Float64Array;
  /** Squared length of each centroid over its category columns. */
  readonly categorySquares: Float64Array;
  /** Length of each centroid over all columns. */
  readonly lengths: Float64Array;
}

export interface DistanceKernel {
  /**
   * Squared distances of `rowCount` rows from `firstRow` on to every centroid, row-major into `output`.
   * EUCLIDEAN: the squared length of the difference. COSINE: 1 - cosine similarity, the square of the
   * distance sqrt(1 - cosine similarity); NaN for a row of length 0, which has no direction.
   */
  squaredDistances(
    rows: EncodedRows,
    firstRow: number,
    rowCount: number,
    centroids: CentroidSet,
    output: Float64Array,
  ): void;
}
