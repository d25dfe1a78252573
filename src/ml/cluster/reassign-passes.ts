/**
 * Assignment that adds up only what changed: a row's centroid is remembered, and a centroid's size and sums move by the
 * rows that came and went. Sources: Lloyd, 1982; sums by differences: Elkan, "Using the triangle inequality to
 * accelerate k-means", 2003, step 4 with his remark on incremental means.
 */
import type { Partition } from '../dataset.ts';
import type { AnyPass, Pass } from '../aggregate.ts';
import { BLOCK_ROWS, changeWidth, type CentroidSet, type RowBlocks } from '../kernel/distance-kernel.ts';
import { singleCentroids } from '../kernel/scalar-reassign.ts';

/** Rows handled between two looks at the cancellation flag. */
const CHUNK_ROWS: number = 64 * BLOCK_ROWS;

const SINGLES_WORKSPACE = 'kmeans.singles';
const LENGTHS_WORKSPACE = 'kmeans.lengths';
const CODES_WORKSPACE = 'kmeans.codes';

/** Workspaces that the passes want. */
export const reassignWorkspaces = (
  width: number,
): readonly (readonly [name: string, kind: 'float32' | 'uint8', perRow: number])[] => [
  [SINGLES_WORKSPACE, 'float32', width],
  [LENGTHS_WORKSPACE, 'float32', 1],
  [CODES_WORKSPACE, 'uint8', 1],
];

/** Bytes a row of these workspaces. */
export const reassignBytesPerRow = (width: number): number => 4 * width + 5;

function blocksOf(partition: Partition): RowBlocks {
  return {
    singles: partition.workspace(SINGLES_WORKSPACE) as Float32Array,
    lengths: partition.workspace(LENGTHS_WORKSPACE) as Float32Array,
    codes: partition.workspace(CODES_WORKSPACE) as Uint8Array,
  };
}

export interface ReassignBroadcast {
  readonly centroids: CentroidSet;
  /** What is there already: nothing, the blocks, or blocks and codes that the changes refer to. */
  readonly known: 'nothing' | 'blocks' | 'codes';
}

/** Every row to its nearest centroid; the partial is what changed, count × changeWidth. */
export const reassignPass: Pass<ReassignBroadcast, Float64Array> = {
  name: 'kmeans.reassign',
  accumulate(partition, { centroids, known }, context) {
    const blocks = blocksOf(partition);
    if (known !== 'codes') blocks.codes.fill(0);
    const single = singleCentroids(centroids);
    const changes = new Float64Array(centroids.count * changeWidth(centroids.width));
    for (let first = 0; first < partition.rowCount; first += CHUNK_ROWS) {
      context.checkpoint();
      const rowCount = Math.min(CHUNK_ROWS, partition.rowCount - first);
      if (known === 'nothing') context.kernel.blockRows(partition, first, rowCount, blocks);
      context.kernel.reassign(partition, first, rowCount, blocks, single, changes);
    }
    return changes;
  },
  merge: addInto,
};

export interface RemeasureBroadcast {
  readonly centroids: CentroidSet;
  /** Centroids whose rows are measured. */
  readonly wanted: readonly number[];
}

/** Numbers of a centroid of `remeasurePass`: those of a change, then the sum of squared distances. */
export const remeasureWidth = (width: number): number => changeWidth(width) + 1;

/** Adds up some centroids' rows afresh, by the codes; the partial holds remeasureWidth numbers a wanted centroid. */
export const remeasurePass: Pass<RemeasureBroadcast, Float64Array> = {
  name: 'kmeans.remeasure',
  accumulate(partition, { centroids, wanted }, context) {
    const { codes } = blocksOf(partition);
    const measured = new Float64Array(wanted.length * remeasureWidth(centroids.width));
    const placeByCode = new Int32Array(centroids.count + 1).fill(-1);
    wanted.forEach((centroid, place) => (placeByCode[centroid + 1] = place));
    for (let row = 0; row < partition.rowCount; row++) {
      if (row % CHUNK_ROWS === 0) context.checkpoint();
      const place = placeByCode[codes[row]!]!;
      if (place >= 0) measureRow(partition, row, centroids, wanted[place]!, measured, place);
    }
    return measured;
  },
  merge: addInto,
};

function measureRow(
  { numeric }: Partition,
  row: number,
  { width, values }: CentroidSet,
  centroid: number,
  measured: Float64Array,
  place: number,
): void {
  const target = place * remeasureWidth(width);
  let square = 0;
  let squaredDistance = 0;
  for (let column = 0; column < width; column++) {
    const x = numeric[row * width + column]!;
    const difference = x - values[centroid * width + column]!;
    square += x * x;
    squaredDistance += difference * difference;
    measured[target + 2 + column]! += x;
  }
  measured[target]! += 1;
  measured[target + 1]! += square;
  measured[target + changeWidth(width)]! += squaredDistance;
}

function addInto(left: Float64Array, right: Float64Array): Float64Array {
  for (let place = 0; place < left.length; place++) left[place]! += right[place]!;
  return left;
}

export const reassignPasses: readonly AnyPass[] = [reassignPass, remeasurePass];
