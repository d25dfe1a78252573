/** Encoded rows as points of the full encoded space: categories spread out into their indicators. */
import type { EncodedRows } from '../layout.ts';

/** Adds `factor` times a row to the `width` numbers of `target` from `start` on. */
export function addRow(
  rows: EncodedRows,
  row: number,
  factor: number,
  target: Float64Array,
  start: number,
): void {
  const { numericWidth, categories } = rows.layout;
  const numericStart = row * numericWidth;
  for (let column = 0; column < numericWidth; column++) {
    target[start + column]! += factor * rows.numeric[numericStart + column]!;
  }
  for (let block = 0; block < categories.length; block++) {
    const code = rows.codes[row * categories.length + block]!;
    if (code >= 0) target[start + categories[block]!.offset + code]! += factor;
  }
}

/** A row as a point. */
export function pointOf(rows: EncodedRows, row: number): Float64Array {
  const point = new Float64Array(rows.layout.width);
  addRow(rows, row, 1, point, 0);
  return point;
}

/** Points one after the other: a matrix, row-major. */
export function joinPoints(points: readonly Float64Array[], width: number): Float64Array {
  const joined = new Float64Array(points.length * width);
  points.forEach((point, index) => joined.set(point, index * width));
  return joined;
}
