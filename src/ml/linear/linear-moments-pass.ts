/** Moments of all numeric columns and, last, of the label: the linear family's first look at its rows. */
import type { Pass } from '../aggregate.ts';
import { momentsPass, type MomentsBroadcast } from '../encode/moments-pass.ts';
import { MOMENT_COUNT } from '../kernel/linear-kernel.ts';

const LABEL_COLUMN = Int32Array.of(0);

export const linearMomentsPass: Pass<MomentsBroadcast, Float64Array> = {
  name: 'linear.moments',
  accumulate(partition, { columns }, { kernel, checkpoint }) {
    const moments = new Float64Array((columns.length + 1) * MOMENT_COUNT);
    const ofLabel = moments.subarray(columns.length * MOMENT_COUNT);
    const { numeric, rowCount, layout } = partition;
    checkpoint();
    kernel.columnMoments(numeric, layout.numericWidth, rowCount, columns, moments);
    kernel.columnMoments(partition.label, 1, rowCount, LABEL_COLUMN, ofLabel);
    return moments;
  },
  merge(left, right) {
    return momentsPass.merge(left, right);
  },
};
