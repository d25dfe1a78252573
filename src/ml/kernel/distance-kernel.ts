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

/** Rows of a block of `RowBlocks`. */
export const BLOCK_ROWS = 16;

/** A partition's rows once more in single precision, and which centroid each of them has. */
export interface RowBlocks {
  /** Whole blocks of 16 rows: block, column, row. */
  readonly singles: Float32Array;
  /** An upper bound of the length of each row of a whole block. */
  readonly lengths: Float32Array;
  /** 1 + the row's centroid; 0 before the first time. */
  readonly codes: Uint8Array;
}

/** Centroids in single precision, and how far rounding may reach. */
export interface SingleCentroids {
  readonly centroids: CentroidSet;
  /** count × width, row-major. */
  readonly singles: Float32Array;
  /** Half the squared length of each centroid. */
  readonly halves: Float32Array;
  /**
   * Scores (half c - x · c) whose difference is above boundSquare × length² + boundSlope × length + boundBase, with the
   * length of the row, are in the order that double precision finds.
   */
  readonly boundSquare: number;
  readonly boundSlope: number;
  readonly boundBase: number;
}

/** Numbers of a centroid among the changes: its size, sum of its rows' squared lengths, sum of its rows. */
export const changeWidth = (width: number): number => width + 2;

export interface DistanceKernel {
  /** Fills singles and lengths of the whole blocks of `rowCount` rows from `firstRow` (a multiple of 16) on. */
  blockRows(rows: EncodedRows, firstRow: number, rowCount: number, blocks: RowBlocks): void;
  /**
   * Gives each of `rowCount` rows from `firstRow` (a multiple of 16) on the nearest centroid over the numeric columns,
   * the first among equals, and adds to `changes` (count × changeWidth) what came to each centroid and what left it.
   */
  reassign(
    rows: EncodedRows,
    firstRow: number,
    rowCount: number,
    blocks: RowBlocks,
    centroids: SingleCentroids,
    changes: Float64Array,
  ): void;
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
