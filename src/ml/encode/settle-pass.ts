/**
 * Turns staged blocks into rows, numbers scaled on the way: (x - mean) / scale, missing ones replaced. Must reach every
 * row exactly once.
 */
import type { Pass } from '../aggregate.ts';
import { stagedBlocks } from '../staged-rows.ts';

export interface SettleBroadcast {
  /** SCALING_COUNT numbers a numeric column; undefined when no number changes. */
  readonly scaling: Float64Array | undefined;
}

/** The partial is the number of rows settled. */
export const settlePass: Pass<SettleBroadcast, number> = {
  name: 'encode.settle',
  accumulate({ numeric, rowCount, layout }, { scaling }, { kernel, checkpoint }) {
    const width = layout.numericWidth;
    if (width === 0) return rowCount;
    for (const block of stagedBlocks(rowCount, width)) {
      checkpoint();
      const end = block.start + block.rowCount * width;
      kernel.settleRows(numeric.subarray(block.start, end), block.rowCount, width, scaling);
    }
    return rowCount;
  },
  merge(left, right) {
    return left + right;
  },
};
