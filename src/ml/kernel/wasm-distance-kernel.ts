/** Distance family operations of the compiled kernel. */
import type { DistanceKernel } from './distance-kernel.ts';
import type { KernelScratch } from './kernel-scratch.ts';
import { addCategoryDistances, scalarDistanceOperations as plain } from './scalar-distance-kernel.ts';
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
  };
}
