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

/** Scratch of one block. */
export interface LossScratch {
  /** LOSS_BLOCK_ROWS numbers. */
  readonly decays: Float64Array;
  /** Two numbers. */
  readonly sums: Float64Array;
}

export function plainLossScratch(): LossScratch {
  return { decays: new Float64Array(LOSS_BLOCK_ROWS), sums: new Float64Array(2) };
}

/** Weighted sum of logistic losses, block by block. */
export function logisticLoss(
  block: LogisticBlock,
  rows: LossRows,
  base: number,
  units: FixedPoint,
  { decays, sums }: LossScratch,
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
      const row = first + index;
      loss += weight[row]! * lossOf(margin[row]! + base, label[row]!, decays[index]!);
    }
  }
  return loss;
}

/** Log loss of a row, from exp(-|margin|). */
function lossOf(margin: number, label: number, decay: number): number {
  const isRight = (label === 1) === margin >= 0;
  return Math.log1p(decay) + (isRight ? 0 : Math.abs(margin));
}

function isUnweighted(weight: Float64Array, first: number, count: number): boolean {
  for (let row = first; row < first + count; row++) if (weight[row] !== 1) return false;
  return true;
}

/**
 * One block of at most LOSS_BLOCK_ROWS rows: turns margins from `start` on into weight × (probability - label), in
 * place. Labels and weights are read from `first` on; `decays` and `sums` as above.
 */
export type MultiplierBlock = (
  margins: Float64Array,
  start: number,
  label: Float64Array,
  weight: Float64Array,
  first: number,
  count: number,
  scratch: LossScratch,
) => void;

export const scalarMultiplierBlock: MultiplierBlock = (
  margins,
  start,
  label,
  weight,
  first,
  count,
  { decays, sums },
) => {
  const product = [1, 1];
  const wrong = [0, 0];
  for (let index = 0; index < count; index++) {
    const row = first + index;
    const lane = index & 1;
    const margin = margins[start + index]!;
    const size = Math.abs(margin);
    const decay = exponential(-size);
    const denominator = 1 + decay;
    const greater = 1 / denominator;
    const isPositive = margin >= 0;
    const probability = isPositive ? greater : decay * greater;
    decays[index] = decay;
    product[lane] = product[lane]! * denominator;
    wrong[lane] = wrong[lane]! + ((label[row] === 1) === isPositive ? 0 : size);
    margins[start + index] = weight[row]! * (probability - label[row]!);
  }
  sums[0] = product[0]! * product[1]!;
  sums[1] = wrong[0]! + wrong[1]!;
};

/** Turns margins into multipliers; gives the weighted sum of logistic losses. */
export function multiplierLoss(
  block: MultiplierBlock,
  margins: Float64Array,
  first: number,
  count: number,
  label: Float64Array,
  weight: Float64Array,
  scratch: LossScratch,
): number {
  let loss = 0;
  for (let start = 0; start < count; start += LOSS_BLOCK_ROWS) {
    const size = Math.min(LOSS_BLOCK_ROWS, count - start);
    const row = first + start;
    const isPlain = isUnweighted(weight, row, size);
    const before = isPlain ? undefined : margins.slice(start, start + size);
    block(margins, start, label, weight, row, size, scratch);
    if (before === undefined) {
      loss += Math.log(scratch.sums[0]!) + scratch.sums[1]!;
      continue;
    }
    for (let index = 0; index < size; index++) {
      const rowLoss = lossOf(before[index]!, label[row + index]!, scratch.decays[index]!);
      loss += weight[row + index]! * rowLoss;
    }
  }
  return loss;
}
