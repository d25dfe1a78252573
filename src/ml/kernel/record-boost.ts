/**
 * The step between two trees, over records that lie where the last tree left them, in blocks that stay in a core's own
 * cache: leaf values are added to the records' numbers, and losses, gradients and hessians come of these. No row is looked
 * up by its number. Both kernels bring the operations on one block; this is what they have in common.
 */
import type { LeafRun, RecordSums, RecordStep } from './record-kernel.ts';

/** Records of a block: a multiple of 4, and so few that the product of factors up to 2 is finite. */
export const BOOST_BLOCK_RECORDS = 256;
/** Bits of a record's row word: the label of two classes, a mark while rows are drawn, the row number. */
export const LABEL_BIT: number = 1 << 31;
export const MARK_BIT: number = 1 << 30;
export const ROW_MASK: number = MARK_BIT - 1;

/** Scratch of one block; one entry a record, except in `sums`. */
export interface BoostScratch {
  readonly numbers: Float64Array;
  /** Row words. */
  readonly rows: Int32Array;
  readonly weights: Float64Array;
  /** exp(-|margin|), in single precision. */
  readonly decays: Float32Array;
  /** Logistic: product of 1 + exp(-|margin|), sum of |margin| on the wrong side. Squared: see RecordSums. */
  readonly sums: Float64Array;
}

/** Operations on a block of records. */
export interface BoostBlock {
  readonly scratch: BoostScratch;
  /**
   * Adds the value of each record's leaf to its number, for `count` records of the run from `first` on; copies numbers and
   * row words to the scratch from `place` on.
   */
  add(run: LeafRun, first: number, count: number, place: number): void;
  /** Sums of `count` records from `first` on, which lie in the scratch; writes gradients if the step wants them. */
  logistic(first: number, count: number): void;
  squared(first: number, count: number): void;
}

/** Adds leaf values, and gives the sums of the loss. */
export function boostBlocks(block: BoostBlock, step: RecordStep): RecordSums {
  const { runs, objective } = step;
  const sums: RecordSums = { loss: 0, error: 0, errorMax: 0 };
  const recordCount = runs.at(-1)?.end ?? 0;
  let index = 0;
  for (let first = 0; first < recordCount; first += BOOST_BLOCK_RECORDS) {
    const end = Math.min(recordCount, first + BOOST_BLOCK_RECORDS);
    let start = first;
    while (start < end) {
      const run = runs[index]!;
      const stop = Math.min(end, run.end);
      if (stop > start) block.add(run, start, stop - start, start - first);
      if (stop === run.end) index++;
      start = stop;
    }
    const count = end - first;
    if (step.weight !== undefined) gatherWeights(block.scratch, step.weight, count);
    if (objective === 'logistic') addLogistic(block, step, first, count, sums);
    else addSquared(block, first, count, sums);
  }
  return sums;
}

function gatherWeights({ rows, weights }: BoostScratch, weight: Float64Array, count: number): void {
  for (let index = 0; index < count; index++) weights[index] = weight[rows[index]! & ROW_MASK]!;
}

function addLogistic(
  block: BoostBlock,
  step: RecordStep,
  first: number,
  count: number,
  target: RecordSums,
): void {
  block.logistic(first, count);
  const { numbers, rows, weights, decays, sums } = block.scratch;
  if (step.weight === undefined) {
    target.loss += Math.log(sums[0]!) + sums[1]!;
    return;
  }
  for (let index = 0; index < count; index++) {
    const margin = numbers[index]! + step.base;
    const isRight = rows[index]! < 0 === margin >= 0;
    const loss = Math.log1p(decays[index]!) + (isRight ? 0 : Math.abs(margin));
    target.loss += weights[index]! * loss;
  }
}

function addSquared(block: BoostBlock, first: number, count: number, target: RecordSums): void {
  block.squared(first, count);
  const { sums } = block.scratch;
  target.loss += sums[0]!;
  target.error += sums[1]!;
  target.errorMax = Math.max(target.errorMax, sums[2]!);
}
