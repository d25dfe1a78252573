/**
 * Count, mean, spread and range of all numeric columns and, last, of the label: the linear family's first look at its
 * rows. Partials are merged by the pairwise formula of Chan, Golub and LeVeque, "Updating formulae and a pairwise
 * algorithm for computing sample variances" (1979).
 */
import type { Pass } from '../aggregate.ts';
import { MOMENT_COUNT } from '../kernel/linear-kernel.ts';

/**
 * What is known of one column; `deviation` is the sample standard deviation (0 for fewer than two values).
 */
export interface ColumnMoments {
  readonly count: number;
  readonly mean: number;
  readonly deviation: number;
  readonly least: number;
  readonly greatest: number;
}

export const linearMomentsPass: Pass<undefined, Float64Array> = {
  name: 'linear.moments',
  accumulate(partition, _, { kernel, checkpoint }) {
    const { numeric, label, rowCount, layout } = partition;
    const moments = new Float64Array((layout.numericWidth + 1) * MOMENT_COUNT);
    checkpoint();
    kernel.columnMoments(numeric, layout.numericWidth, rowCount, moments);
    kernel.columnMoments(label, 1, rowCount, moments.subarray(layout.numericWidth * MOMENT_COUNT));
    return moments;
  },
  merge(left, right) {
    for (let base = 0; base < left.length; base += MOMENT_COUNT) mergeColumn(left, right, base);
    return left;
  },
};

function mergeColumn(left: Float64Array, right: Float64Array, base: number): void {
  const leftCount = left[base]!;
  const rightCount = right[base]!;
  const count = leftCount + rightCount;
  if (rightCount === 0) return;
  const difference = right[base + 1]! - left[base + 1]!;
  const share = rightCount / count;
  left[base] = count;
  left[base + 1]! += difference * share;
  left[base + 2]! += right[base + 2]! + difference * difference * leftCount * share;
  left[base + 3] = Math.min(left[base + 3]!, right[base + 3]!);
  left[base + 4] = Math.max(left[base + 4]!, right[base + 4]!);
}

/** Moments of one column out of a merged partial. */
export function columnMomentsAt(moments: Float64Array, position: number): ColumnMoments {
  const base = position * MOMENT_COUNT;
  const count = moments[base]!;
  return {
    count,
    mean: moments[base + 1]!,
    deviation: count < 2 ? 0 : Math.sqrt(Math.max(0, moments[base + 2]! / (count - 1))),
    least: moments[base + 3]!,
    greatest: moments[base + 4]!,
  };
}
