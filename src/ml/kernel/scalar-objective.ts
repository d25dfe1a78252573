/** The logistic loss in plain TypeScript; two sums side by side, as the compiled kernel has them in two lanes. */
import { exponential } from './exponential.ts';
import { roundTo, type FixedPoint } from './fixed-point.ts';
import type { LossRows } from './tree-kernel.ts';

/** Rows whose factors are multiplied before a logarithm is taken: the product stays below 2^512. */
export const LOSS_BLOCK_ROWS = 512;
/** Keeps hessians of certain rows above zero. */
const HESSIAN_MIN = 1e-16;

/**
 * One block of at most LOSS_BLOCK_ROWS rows from `first` on. Writes exp(-|margin|) of each row to `decays`; gives the
 * product of 1 + exp(-|margin|) and the sum of |margin| over rows on the wrong side in `sums`.
 */
export type LogisticBlock = (
  rows: LossRows,
  first: number,
  count: number,
  base: number,
  units: FixedPoint,
  decays: Float64Array,
  sums: Float64Array,
) => void;

export const scalarLogisticBlock: LogisticBlock = (rows, first, count, base, units, decays, sums) => {
  const { label, weight, margin, gradient } = rows;
  const product = [1, 1];
  const wrong = [0, 0];
  for (let index = 0; index < count; index++) {
    const row = first + index;
    const lane = index & 1;
    const place = margin[row]! + base;
    const size = Math.abs(place);
    const decay = exponential(-size);
    const denominator = 1 + decay;
    const greater = 1 / denominator;
    const isPositive = place >= 0;
    const isOne = label[row] === 1;
    decays[index] = decay;
    product[lane] = product[lane]! * denominator;
    wrong[lane] = wrong[lane]! + (isOne === isPositive ? 0 : size);
    if (gradient === undefined) continue;
    const probability = isPositive ? greater : decay * greater;
    const share = weight[row]!;
    const hessian = Math.max(share * probability * (1 - probability), HESSIAN_MIN);
    gradient[2 * row] = roundTo(share * (probability - label[row]!), units.gradientScale);
    gradient[2 * row + 1] = roundTo(hessian, units.hessianScale);
  }
  sums[0] = product[0]! * product[1]!;
  sums[1] = wrong[0]! + wrong[1]!;
};

/** Weighted sum of logistic losses, block by block. */
export function logisticLoss(
  block: LogisticBlock,
  rows: LossRows,
  base: number,
  units: FixedPoint,
  decays: Float64Array,
  sums: Float64Array,
): number {
  const { label, weight, margin } = rows;
  let loss = 0;
  for (let first = 0; first < label.length; first += LOSS_BLOCK_ROWS) {
    const count = Math.min(LOSS_BLOCK_ROWS, label.length - first);
    block(rows, first, count, base, units, decays, sums);
    if (isUnweighted(weight, first, count)) {
      loss += Math.log(sums[0]!) + sums[1]!;
      continue;
    }
    for (let index = 0; index < count; index++) {
      const place = margin[first + index]! + base;
      const isRight = (label[first + index] === 1) === place >= 0;
      loss += weight[first + index]! * (Math.log1p(decays[index]!) + (isRight ? 0 : Math.abs(place)));
    }
  }
  return loss;
}

function isUnweighted(weight: Float64Array, first: number, count: number): boolean {
  for (let row = first; row < first + count; row++) if (weight[row] !== 1) return false;
  return true;
}
