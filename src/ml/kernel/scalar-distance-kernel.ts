/**
 * Distance family operations in plain TypeScript: oracle and fallback of a compiled kernel. A category block
 * is never spread out: |x - c|² over its columns is |c|² + 1 - 2 c[code], or |c|² where no indicator is set.
 */
import type { EncodedRows } from '../layout.ts';
import type { CentroidSet, DistanceKernel } from './distance-kernel.ts';

export const scalarDistanceOperations: Pick<DistanceKernel, 'squaredDistances'> = {
  squaredDistances(rows, firstRow, rowCount, centroids, output) {
    if (centroids.distanceType === 'COSINE') {
      for (let row = 0; row < rowCount; row++) {
        cosineDistances(rows, firstRow + row, centroids, output, row * centroids.count);
      }
      return;
    }
    for (let row = 0; row < rowCount; row++) {
      numericDistances(rows, firstRow + row, centroids, output, row * centroids.count);
    }
    addCategoryDistances(rows, firstRow, rowCount, centroids, output);
  },
};

/** Even and odd columns side by side, as the compiled kernel has them in two lanes. */
function numericDistances(
  { numeric }: EncodedRows,
  row: number,
  { count, width, numericWidth, values }: CentroidSet,
  output: Float64Array,
  target: number,
): void {
  const numericStart = row * numericWidth;
  const squareAt = (start: number, column: number): number => {
    const difference = numeric[numericStart + column]! - values[start + column]!;
    return difference * difference;
  };
  for (let centroid = 0; centroid < count; centroid++) {
    const start = centroid * width;
    let even = 0;
    let odd = 0;
    for (let column = 0; column + 1 < numericWidth; column += 2) {
      even += squareAt(start, column);
      odd += squareAt(start, column + 1);
    }
    if ((numericWidth & 1) === 1) even += squareAt(start, numericWidth - 1);
    output[target + centroid] = even + odd;
  }
}

/** Adds the squared distances over the category columns. */
export function addCategoryDistances(
  { codes, layout: { categories } }: EncodedRows,
  firstRow: number,
  rowCount: number,
  { count, width, values, categorySquares }: CentroidSet,
  output: Float64Array,
): void {
  if (categories.length === 0) return;
  for (let row = 0; row < rowCount; row++) {
    const codeStart = (firstRow + row) * categories.length;
    for (let centroid = 0; centroid < count; centroid++) {
      let sum = categorySquares[centroid]!;
      for (let block = 0; block < categories.length; block++) {
        const code = codes[codeStart + block]!;
        if (code >= 0) sum += 1 - 2 * values[centroid * width + categories[block]!.offset + code]!;
      }
      // Rounding may leave a hair below zero where a row sits on its centroid.
      output[row * count + centroid]! += Math.max(0, sum);
    }
  }
}

function cosineDistances(
  rows: EncodedRows,
  row: number,
  centroids: CentroidSet,
  output: Float64Array,
  target: number,
): void {
  const { width, numericWidth, values, lengths } = centroids;
  const rowLength = Math.sqrt(squaredLength(rows, row));
  const blocks = rows.layout.categories;
  for (let centroid = 0; centroid < centroids.count; centroid++) {
    const start = centroid * width;
    let product = 0;
    for (let column = 0; column < numericWidth; column++) {
      product += rows.numeric[row * numericWidth + column]! * values[start + column]!;
    }
    for (let block = 0; block < blocks.length; block++) {
      const code = rows.codes[row * blocks.length + block]!;
      if (code >= 0) product += values[start + blocks[block]!.offset + code]!;
    }
    // A centroid without direction (rows that cancel out) is at right angles to everything.
    const cosine = lengths[centroid] === 0 ? 0 : product / lengths[centroid]!;
    output[target + centroid] = Math.max(0, 1 - cosine / rowLength);
  }
}

/** Squared length of an encoded row over all its columns. */
export function squaredLength(rows: EncodedRows, row: number): number {
  const { numericWidth, categories } = rows.layout;
  let sum = 0;
  for (let column = 0; column < numericWidth; column++)
    sum += rows.numeric[row * numericWidth + column]! ** 2;
  for (let block = 0; block < categories.length; block++) {
    if (rows.codes[row * categories.length + block]! >= 0) sum += 1;
  }
  return sum;
}

/** Centroids, ready for measuring. `values` holds count × width numbers. */
export function centroidSet(
  distanceType: CentroidSet['distanceType'],
  values: Float64Array,
  width: number,
  numericWidth: number,
): CentroidSet {
  const count = values.length / width;
  const categorySquares = new Float64Array(count);
  const lengths = new Float64Array(count);
  for (let centroid = 0; centroid < count; centroid++) {
    let numericSquares = 0;
    let squares = 0;
    for (let column = 0; column < width; column++) {
      const square = values[centroid * width + column]! ** 2;
      if (column < numericWidth) numericSquares += square;
      else squares += square;
    }
    categorySquares[centroid] = squares;
    lengths[centroid] = Math.sqrt(numericSquares + squares);
  }
  return { distanceType, count, width, numericWidth, values, categorySquares, lengths };
}
