/** Rewrites numeric columns in place: (x - mean) / scale, NULL to 0. Must reach every row exactly once. */
import type { Pass } from '../aggregate.ts';

export interface RescaleBroadcast {
  readonly columns: Int32Array;
  readonly means: Float64Array;
  readonly scales: Float64Array;
}

/** The partial is the number of rows rewritten. */
export const rescalePass: Pass<RescaleBroadcast, number> = {
  name: 'encode.rescale',
  accumulate(partition, { columns, means, scales }, { kernel, checkpoint }) {
    checkpoint();
    const { numeric, rowCount, layout } = partition;
    kernel.rescaleColumns(numeric, layout.numericWidth, rowCount, columns, means, scales);
    return rowCount;
  },
  merge(left, right) {
    return left + right;
  },
};
