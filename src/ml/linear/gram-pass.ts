/**
 * The weighted Gram matrix of the encoded rows: the whole data that a normal equation or a Fisher information
 * needs. z = (1, numeric - shift, indicators); packed lower rows, the intercept first.
 */
import type { Pass, PassContext } from '../aggregate.ts';
import type { Partition } from '../dataset.ts';
import { forEachBlock, linearRows, marginBlock } from '../loss/loss-pass.ts';

export interface GramPartial {
  /** Σ weight · z zᵀ; its first entry is the sum of weights. */
  readonly gram: Float64Array;
  /** Σ weight · target · z. */
  readonly moment: Float64Array;
}

export interface GramBroadcast {
  readonly shift: Float64Array;
  /** Subtracted from the label. */
  readonly labelShift: number;
}

export interface FisherBroadcast {
  readonly coefficients: Float64Array;
  readonly shift: Float64Array;
}

/** Fills the weight and the target of the block's rows, from index 0 on. */
type BlockFill = (first: number, count: number, weight: Float64Array, target: Float64Array) => void;

function accumulateGram(
  partition: Partition,
  shift: Float64Array,
  context: PassContext,
  fill: BlockFill,
): GramPartial {
  const size = partition.layout.width + 1;
  const rows = linearRows(partition);
  const gram = new Float64Array((size * (size + 1)) / 2);
  const moment = new Float64Array(size);
  const weight = marginBlock(1);
  const target = marginBlock(1);
  const scratch = new Float64Array(partition.layout.numericWidth);
  forEachBlock(partition, context, (first, count) => {
    fill(first, count, weight, target);
    context.kernel.addGram(rows, first, count, shift, weight, target, gram, moment, scratch);
  });
  return { gram, moment };
}

function mergeGram(left: GramPartial, right: GramPartial): GramPartial {
  for (let place = 0; place < left.gram.length; place++) left.gram[place]! += right.gram[place]!;
  for (let place = 0; place < left.moment.length; place++) left.moment[place]! += right.moment[place]!;
  return left;
}

export const gramPass: Pass<GramBroadcast, GramPartial> = {
  name: 'linear.gram',
  accumulate(partition, { shift, labelShift }, context) {
    return accumulateGram(partition, shift, context, (first, count, weight, target) => {
      for (let row = 0; row < count; row++) {
        weight[row] = partition.weight[first + row]!;
        target[row] = partition.label[first + row]! - labelShift;
      }
    });
  },
  merge: mergeGram,
};

/** Fisher information of a binary logistic model: each row weighs p(1 - p) more. */
export const fisherPass: Pass<FisherBroadcast, GramPartial> = {
  name: 'linear.fisher',
  accumulate(partition, { coefficients, shift }, context) {
    const rows = linearRows(partition);
    return accumulateGram(partition, shift, context, (first, count, weight, target) => {
      context.kernel.linearMargins(rows, first, count, coefficients, coefficients.length, 1, weight);
      target.fill(0, 0, count);
      for (let row = 0; row < count; row++) {
        const decay = Math.exp(-Math.abs(weight[row]!));
        weight[row] = (partition.weight[first + row]! * decay) / ((1 + decay) * (1 + decay));
      }
    });
  },
  merge: mergeGram,
};
