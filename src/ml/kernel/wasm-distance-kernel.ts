/** Distance family operations of the compiled kernel. */
import { BLOCK_ROWS, type DistanceKernel } from './distance-kernel.ts';
import type { KernelScratch } from './kernel-scratch.ts';
import { addCategoryDistances, scalarDistanceOperations as plain } from './scalar-distance-kernel.ts';
import { scalarReassignOperations } from './scalar-reassign.ts';
import type { KernelExports } from './wasm-module.ts';

/** Bytes that aligning the parts of a scratch area may cost. */
const SLACK_BYTES = 1024;

/** The operations over a memory; cosine distances stay with the plain kernel. */
export function wasmDistanceOperations(compiled: KernelExports, scratch: KernelScratch): DistanceKernel {
  return {
    squaredDistances(rows, firstRow, rowCount, centroids, output) {
      const { values, width, count } = centroids;
      const { numericWidth } = rows.layout;
      scratch.reset();
      const bytes = values.byteLength + 8 * rowCount * count + SLACK_BYTES;
      if (centroids.distanceType === 'COSINE' || bytes > scratch.freeBytes) {
        plain.squaredDistances(rows, firstRow, rowCount, centroids, output);
        return;
      }
      const placed = scratch.place(values);
      const results = scratch.numbers(rowCount * count);
      compiled.squaredDistances(
        rows.numeric.byteOffset + 8 * firstRow * numericWidth,
        numericWidth,
        rowCount,
        placed,
        width,
        count,
        results.byteOffset,
      );
      output.set(results);
      addCategoryDistances(rows, firstRow, rowCount, centroids, output);
    },
    blockRows(rows, firstRow, rowCount, { singles, lengths }) {
      const { numericWidth } = rows.layout;
      compiled.blockRows(
        rows.numeric.byteOffset + 8 * firstRow * numericWidth,
        numericWidth,
        Math.floor(rowCount / BLOCK_ROWS),
        singles.byteOffset + 4 * firstRow * numericWidth,
        lengths.byteOffset + 4 * firstRow,
      );
    },
    reassign(rows, firstRow, rowCount, blocks, single, changes) {
      const { centroids, singles, halves, boundSquare, boundSlope, boundBase } = single;
      const { numericWidth } = rows.layout;
      const { count } = centroids;
      scratch.reset();
      const ownNumbers = (BLOCK_ROWS + 2) * count + BLOCK_ROWS;
      const bytes = 12 * count * numericWidth + changes.byteLength + 8 * ownNumbers + SLACK_BYTES;
      if (bytes > scratch.freeBytes) {
        scalarReassignOperations.reassign(rows, firstRow, rowCount, blocks, single, changes);
        return;
      }
      const placed = scratch.numbers(changes.length);
      placed.set(changes);
      compiled.reassign(
        rows.numeric.byteOffset + 8 * firstRow * numericWidth,
        numericWidth,
        rowCount,
        blocks.singles.byteOffset + 4 * firstRow * numericWidth,
        blocks.lengths.byteOffset + 4 * firstRow,
        blocks.codes.byteOffset + firstRow,
        scratch.place(centroids.values),
        scratch.place(singles),
        scratch.place(halves),
        count,
        boundSquare,
        boundSlope,
        boundBase,
        placed.byteOffset,
        scratch.numbers(ownNumbers).byteOffset,
      );
      changes.set(placed);
    },
  };
}
