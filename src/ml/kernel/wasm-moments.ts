/** Moments of columns by the compiled kernel (kernels/assembly/moments.ts): rows lie in the training's memory. */
import type { KernelScratch } from './kernel-scratch.ts';
import { MOMENT_COUNT, type LinearKernel } from './linear-kernel.ts';
import { scalarLinearOperations as plain } from './scalar-linear-kernel.ts';
import type { KernelExports } from './wasm-module.ts';

/** Bytes of rows that stay in a core's own cache while their columns are gone through, and the fewest rows. */
const BLOCK_BYTES: number = 256 * 1024;
const BLOCK_ROWS_MIN = 16;
/** Arrays of the first walk; the second one needs as many. */
const STATE_COUNT = 4;
/** Bytes that aligning the parts of a scratch area may cost. */
const SLACK_BYTES = 512;

export function wasmColumnMoments(
  compiled: KernelExports,
  scratch: KernelScratch,
): LinearKernel['columnMoments'] {
  return (matrix, width, rowCount, moments) => {
    const even = width + (width & 1);
    if (!scratch.owns(matrix) || 8 * STATE_COUNT * even + SLACK_BYTES > scratch.reset().freeBytes) {
      plain.columnMoments(matrix, width, rowCount, moments);
      return;
    }
    const state = scratch.numbers(STATE_COUNT * even);
    const [counts, sums, least, greatest] = Array.from({ length: STATE_COUNT }, (_, index) =>
      state.subarray(index * even, (index + 1) * even),
    ) as [Float64Array, Float64Array, Float64Array, Float64Array];
    state.fill(0);
    least.fill(Infinity);
    greatest.fill(-Infinity);
    walk(compiled.addColumnSums, matrix, width, rowCount, state);
    for (let column = 0; column < width; column++) {
      const base = column * MOMENT_COUNT;
      const count = counts[column]!;
      const mean = count === 0 ? 0 : sums[column]! / count;
      moments[base] = count;
      moments[base + 1] = mean;
      moments[base + 3] = least[column]!;
      moments[base + 4] = greatest[column]!;
      sums[column] = mean;
    }
    // The second walk finds the means where the sums were, and has its own sums in place of the range.
    state.fill(0, 2 * even);
    walk(compiled.addColumnSquares, matrix, width, rowCount, state);
    for (let column = 0; column < width; column++) {
      const base = column * MOMENT_COUNT;
      const count = counts[column]!;
      const rest = greatest[column]!;
      moments[base + 1]! += count === 0 ? 0 : rest / count;
      moments[base + 2] = count === 0 ? 0 : least[column]! - (rest * rest) / count;
    }
  };
}

function walk(
  addRows: KernelExports['addColumnSums'],
  matrix: Float64Array,
  width: number,
  rowCount: number,
  state: Float64Array,
): void {
  const rowBytes = 8 * width;
  const rows = Math.max(BLOCK_ROWS_MIN, Math.floor(BLOCK_BYTES / rowBytes));
  for (let first = 0; first < rowCount; first += rows) {
    const count = Math.min(rows, rowCount - first);
    addRows(
      matrix.byteOffset + first * rowBytes,
      width,
      count,
      state.byteOffset,
      state.byteLength / STATE_COUNT,
    );
  }
}
