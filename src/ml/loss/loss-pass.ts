/** The pass behind every linear loss: value and gradient over a partition, in blocks of rows. */
import type { Pass, PassContext } from '../aggregate.ts';
import type { Partition } from '../dataset.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { LinearRows } from '../kernel/linear-kernel.ts';
import type { EncodedRows } from '../layout.ts';

export interface LossBroadcast {
  /** outputs × (width + 1), the intercept last in each. */
  readonly coefficients: Float64Array;
  readonly outputs: number;
  /** Whether the gradient is wanted beside the loss. */
  readonly withGradient: boolean;
}

export interface LossPartial {
  /** Sums over rows, not means. */
  loss: number;
  weight: number;
  /** Shaped as the coefficients; empty unless wanted. */
  readonly gradient: Float64Array;
}

export type LossPass = Pass<LossBroadcast, LossPartial>;

/**
 * Turns the margins of `count` rows into weight × derivative of the loss, in place, and gives the sum of
 * weighted losses. Labels and weights of the rows begin at `first`.
 */
export type Multipliers = (
  kernel: Kernel,
  partition: Partition,
  margins: Float64Array,
  first: number,
  count: number,
  outputs: number,
) => number;

/** Rows whose margins are held at a time: small enough to stay in the cache. */
const BLOCK_ROWS = 1024;

/** The view of encoded rows that linear kernels take. */
export function linearRows(rows: EncodedRows): LinearRows {
  return {
    numeric: rows.numeric,
    numericWidth: rows.layout.numericWidth,
    codes: rows.codes,
    offsets: Int32Array.from(rows.layout.categories, (block) => block.offset),
  };
}

/** Calls `visit` for one block of rows after the other. */
export function forEachBlock(
  partition: Partition,
  context: PassContext,
  visit: (first: number, count: number) => void,
): void {
  for (let first = 0; first < partition.rowCount; first += BLOCK_ROWS) {
    context.checkpoint();
    visit(first, Math.min(BLOCK_ROWS, partition.rowCount - first));
  }
}

/** Scratch for the margins of one block. */
export function marginBlock(outputs: number): Float64Array {
  return new Float64Array(BLOCK_ROWS * outputs);
}

/** A loss's pass of the given engine-wide name. */
export function lossPass(name: string, multipliers: Multipliers): LossPass {
  return {
    name,
    accumulate(partition, { coefficients, outputs, withGradient }, context) {
      const rows = linearRows(partition);
      const stride = partition.layout.width + 1;
      const margins = marginBlock(outputs);
      const gradient = new Float64Array(withGradient ? coefficients.length : 0);
      const partial: LossPartial = { loss: 0, weight: 0, gradient };
      const { kernel } = context;
      forEachBlock(partition, context, (first, count) => {
        kernel.linearMargins(rows, first, count, coefficients, stride, outputs, margins);
        partial.loss += multipliers(kernel, partition, margins, first, count, outputs);
        for (let row = first; row < first + count; row++) partial.weight += partition.weight[row]!;
        if (withGradient) kernel.addLinearGradient(rows, first, count, margins, stride, outputs, gradient);
      });
      return partial;
    },
    merge(left, right) {
      left.loss += right.loss;
      left.weight += right.weight;
      for (let place = 0; place < left.gradient.length; place++)
        left.gradient[place]! += right.gradient[place]!;
      return left;
    },
  };
}
