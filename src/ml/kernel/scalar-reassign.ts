/**
 * Rows to their nearest centroids in plain TypeScript: oracle and fallback of the compiled kernel, with its steps. Scores
 * half c - x · c are taken in single precision; where the two least are closer than rounding may reach, the row is
 * measured in double precision. Error bound: Higham, "Accuracy and Stability of Numerical Algorithms", 2002, 3.1.
 */
import type { EncodedRows } from '../layout.ts';
import {
  BLOCK_ROWS,
  changeWidth,
  type CentroidSet,
  type DistanceKernel,
  type RowBlocks,
  type SingleCentroids,
} from './distance-kernel.ts';
import { scalarDistanceOperations } from './scalar-distance-kernel.ts';

const { fround } = Math;
/** Makes up for the rounding of a length. */
const LENGTH_MARGIN = 1.000001;
/** No room is left between numbers of this size and those that overflow. */
const BOUND_MAX: number = fround(1e31);
/** Half the distance of 1 to the next number in single precision. */
const UNIT_ROUNDOFF = 2 ** -24;
const DOUBLE_ROUNDOFF = 2 ** -53;
/** Roundings beside one a column and sum, with the terms of second order. */
const EXTRA_ROUNDINGS = 8;
/** Beyond so many columns the bound's terms of second order count. */
const WIDTH_MAX = 80_000;
/** Far above what is lost where a product or a number is too small for single precision. */
const UNDERFLOW = 2 ** -120;

/** What is worth knowing of centroids without category columns. */
export function singleCentroids(centroids: CentroidSet): SingleCentroids {
  const { count, width, values, lengths } = centroids;
  const halves = Float32Array.from({ length: count }, (_, centroid) => {
    let square = 0;
    for (let place = centroid * width; place < (centroid + 1) * width; place++) square += values[place]! ** 2;
    return square / 2;
  });
  const longest = lengths.reduce((most, length) => Math.max(most, length), 0);
  const greatest = halves.reduce((most, half) => Math.max(most, half), 0);
  const relative =
    width > WIDTH_MAX ? Number.POSITIVE_INFINITY : 2.04 * (width + EXTRA_ROUNDINGS) * UNIT_ROUNDOFF;
  return {
    centroids,
    singles: Float32Array.from(values),
    halves,
    boundSquare: fround(4 * (width + EXTRA_ROUNDINGS) * DOUBLE_ROUNDOFF),
    boundSlope: fround(relative * longest + UNDERFLOW * width),
    boundBase: fround(relative * greatest + UNDERFLOW * width * (1 + longest)),
  };
}

export const scalarReassignOperations: Pick<DistanceKernel, 'blockRows' | 'reassign'> = {
  blockRows(rows, firstRow, rowCount, { singles, lengths }) {
    const { numericWidth } = rows.layout;
    const end = firstRow + rowCount - (rowCount % BLOCK_ROWS);
    for (let row = firstRow; row < end; row++) {
      const target = placeOf(row, numericWidth);
      for (let column = 0; column < numericWidth; column++) {
        singles[target + column * BLOCK_ROWS] = rows.numeric[row * numericWidth + column]!;
      }
      lengths[row] = Math.sqrt(squareOf(rows, row)) * LENGTH_MARGIN;
    }
  },
  reassign(rows, firstRow, rowCount, blocks, single, changes) {
    const wholeEnd = firstRow + rowCount - (rowCount % BLOCK_ROWS);
    const distances = new Float64Array(single.centroids.count);
    for (let row = firstRow; row < firstRow + rowCount; row++) {
      const sure = row < wholeEnd ? pickOf(blocks, row, single) : -1;
      const pick = sure < 0 ? nearestOf(rows, row, single.centroids, distances) : sure;
      const before = blocks.codes[row]! - 1;
      if (before === pick) continue;
      const square = squareOf(rows, row);
      if (before >= 0) addToChange(changes, before, rows, row, -1, square);
      addToChange(changes, pick, rows, row, 1, square);
      blocks.codes[row] = pick + 1;
    }
  },
};

/** Where a row's first column lies among the singles. */
function placeOf(row: number, width: number): number {
  const lane = row % BLOCK_ROWS;
  return (row - lane) * width + lane;
}

/** The centroid of the least score, or -1 where rounding might have decided. */
function pickOf({ singles, lengths }: RowBlocks, row: number, single: SingleCentroids): number {
  const { count, width } = single.centroids;
  const start = placeOf(row, width);
  let best = Number.POSITIVE_INFINITY;
  let second = best;
  let pick = -1;
  for (let centroid = 0; centroid < count; centroid++) {
    let score = single.halves[centroid]!;
    for (let column = 0; column < width; column++) {
      const factor = single.singles[centroid * width + column]!;
      score = fround(score - fround(singles[start + column * BLOCK_ROWS]! * factor));
    }
    if (score < best) {
      second = best;
      best = score;
      pick = centroid;
    } else if (score < second) second = score;
  }
  const length = lengths[row]!;
  const slope = fround(fround(length * single.boundSquare) + single.boundSlope);
  const bound = fround(fround(length * slope) + single.boundBase);
  return fround(second - best) > bound && bound < BOUND_MAX ? pick : -1;
}

function nearestOf(rows: EncodedRows, row: number, centroids: CentroidSet, distances: Float64Array): number {
  scalarDistanceOperations.squaredDistances(rows, row, 1, centroids, distances);
  let nearest = 0;
  for (let centroid = 1; centroid < centroids.count; centroid++) {
    if (distances[centroid]! < distances[nearest]!) nearest = centroid;
  }
  return nearest;
}

function addToChange(
  changes: Float64Array,
  centroid: number,
  { numeric, layout: { numericWidth } }: EncodedRows,
  row: number,
  sign: number,
  square: number,
): void {
  const target = centroid * changeWidth(numericWidth);
  changes[target]! += sign;
  changes[target + 1]! += sign * square;
  for (let column = 0; column < numericWidth; column++) {
    changes[target + 2 + column]! += sign * numeric[row * numericWidth + column]!;
  }
}

/** Squared length of a row's numbers, even and odd columns side by side. */
function squareOf({ numeric, layout: { numericWidth } }: EncodedRows, row: number): number {
  const start = row * numericWidth;
  let even = 0;
  let odd = 0;
  for (let column = 0; column + 1 < numericWidth; column += 2) {
    even += numeric[start + column]! * numeric[start + column]!;
    odd += numeric[start + column + 1]! * numeric[start + column + 1]!;
  }
  if ((numericWidth & 1) === 1) even += numeric[start + numericWidth - 1]! ** 2;
  return even + odd;
}
