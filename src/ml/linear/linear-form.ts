/** Coefficients as the compiled kernel scores with them (kernels/assembly/score-linear.ts). */
import type { NumberScaling } from '../encode/number-scaling.ts';
import { linearProgram, SCORE_BLOCK_ROWS, type ScoreForm } from '../kernel/score-form.ts';
import type { LinearCoefficients } from './linear-coefficients.ts';

const PROGRAM_BYTES = 64;
/** Columns at most, so that a chunk of rows stays small. */
const COLUMNS_MAX = 1024;
/** Fewer rows are scored before another thread has woken. */
const SHARED_ROWS_MIN = 8192;

/**
 * The form of margins over columns of numbers that are scaled in this way; each term is (value - mean) × (coefficient /
 * scale). Sums begin with the intercepts, whatever lies in their place. Undefined where missing values do not stand for the mean, or a quotient is not finite.
 */
export function linearForm(
  { values, outputs, stride }: LinearCoefficients,
  scalings: readonly NumberScaling[],
): ScoreForm | undefined {
  const columnCount = scalings.length;
  if (columnCount > COLUMNS_MAX || columnCount !== stride - 1) return undefined;
  if (scalings.some((scaling) => !scaling.imputes)) return undefined;
  const weights = new Float64Array(outputs * stride);
  for (let output = 0; output < outputs; output++) {
    weights[output * stride] = values[(output + 1) * stride - 1]!;
    scalings.forEach(({ scale }, column) => {
      weights[output * stride + 1 + column] = values[output * stride + column]! / scale;
    });
  }
  if (!weights.every(Number.isFinite)) return undefined;
  return {
    bytes: PROGRAM_BYTES + 8 * columnCount + weights.byteLength,
    workBytes: SCORE_BLOCK_ROWS * 8,
    columnCount,
    outputs,
    sharedRowsMin: SHARED_ROWS_MIN,
    write(buffer, address) {
      const means = address + PROGRAM_BYTES;
      const first = means + 8 * columnCount;
      new Int32Array(buffer, address, 5).set([linearProgram, columnCount, means, outputs, first]);
      new Float64Array(buffer, means, columnCount).set(scalings.map(({ mean }) => mean));
      new Float64Array(buffer, first, weights.length).set(weights);
    },
  };
}
