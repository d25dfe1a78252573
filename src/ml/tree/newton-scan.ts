/**
 * The best cut of a sequence of bins by the Newton score G² / (H + λ) without L1: the usual case of `GradientCriterion`,
 * written for speed. It finds the same cut and the same gain; divisions are spared where a product shows that a cut
 * cannot be better.
 */
import type { Cut, SideLimits } from './cut.ts';

/** Share by which products of several factors may be off. */
const SLACK: number = 1 - 1e-12;

/** A histogram of [gradient, hessian, rows], and which of its bins are to be cut. */
export interface CutBins {
  readonly histogram: Float64Array;
  /** Where the column's bins begin. */
  readonly base: number;
  readonly sequence: Int32Array;
  readonly length: number;
  /** Where the missing bin's sums are; negative: missing values stay right. */
  readonly missing: number;
}

/** Both sides' weight must be at least `leastWeight`, and that with λ above 0. */
export function newtonScan(
  { histogram, base, sequence, length, missing }: CutBins,
  total: Float64Array,
  limits: SideLimits,
  leastWeight: number,
  factor: number,
  l2: number,
  best: Cut,
): void {
  const totalGradient = total[0]!;
  const totalHessian = total[1]!;
  const totalRows = total[2]!;
  const leastRows = limits.rows;
  const parent = (factor * totalGradient * totalGradient) / (totalHessian + l2);
  const missingRows = missing < 0 ? 0 : histogram[missing + 2]!;
  const missingGradient = missingRows > 0 ? histogram[missing]! : 0;
  const missingHessian = missingRows > 0 ? histogram[missing + 1]! : 0;
  /** Missing values go right, then left. */
  const sides = missingRows > 0 ? 2 : 1;
  let bestGain = best.gain;
  let bound = (bestGain + parent) * SLACK;
  let bestPosition = -1;
  let bestMissingLeft = false;
  let gradient = 0;
  let hessian = 0;
  let rows = 0;
  for (let position = 0; position < length; position++) {
    const slot = base + 3 * sequence[position]!;
    const binRows = histogram[slot + 2]!;
    if (binRows === 0) continue;
    gradient += histogram[slot]!;
    hessian += histogram[slot + 1]!;
    rows += binRows;
    if (totalRows - rows < leastRows) break;
    for (let side = 0; side < sides; side++) {
      const leftRows = side === 0 ? rows : rows + missingRows;
      const leftHessian = side === 0 ? hessian : hessian + missingHessian;
      const rightHessian = totalHessian - leftHessian;
      if (leftHessian < leastWeight || rightHessian < leastWeight) continue;
      if (leftRows < leastRows || totalRows - leftRows < leastRows) continue;
      const left = leftHessian + l2;
      const right = rightHessian + l2;
      const one = side === 0 ? gradient : gradient + missingGradient;
      const other = totalGradient - one;
      const least = bound * left * right;
      if (factor * (one * one * right + other * other * left) < least && least < Infinity) continue;
      const gain = (factor * one * one) / left + (factor * other * other) / right - parent;
      if (gain > bestGain) {
        bestGain = gain;
        bound = (bestGain + parent) * SLACK;
        bestPosition = position;
        bestMissingLeft = side === 1;
      }
    }
  }
  if (bestPosition < 0) return;
  best.gain = bestGain;
  best.position = bestPosition;
  best.missingLeft = bestMissingLeft;
}
