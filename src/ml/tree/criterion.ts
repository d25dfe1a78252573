/**
 * What makes a split good, over the sums of a node (the layout of one histogram bin, see
 * kernel/tree-kernel.ts).
 *
 * newton   score = T(G)² / (H + λ), leaf = -T(G) / (H + λ), T the soft threshold by α. Source: Chen and
 *          Guestrin, XGBoost (2016), eq. 6 and 7. With gradient w·(p - y) and hessian w it is the squared
 *          error on indicators, and with λ = α = 0 exactly the variance or Gini criterion of CART.
 * entropy  score = Σ W_k log2(W_k / W). Source: MLlib reference, 5.4.
 *
 * The gain of a split is score(left) + score(right) - score(parent); it has the unit of weight × impurity.
 */
import type { Cut, SideLimits } from './cut.ts';
import { newtonScan } from './newton-scan.ts';

export type { Cut, SideLimits };

export interface NewtonPenalty {
  /** L2 on leaf values, λ. */
  readonly l2: number;
  /** L1 on leaf values, α. */
  readonly l1: number;
}

export interface Criterion {
  /** Numbers of a node's sums. */
  readonly stride: number;
  /** Weight (or hessian) in the sums at `offset`. */
  weight(sums: Float64Array, offset: number): number;
  /** Rows in the sums at `offset`. */
  rows(sums: Float64Array, offset: number): number;
  score(sums: Float64Array, offset: number): number;
  /** What categories are sorted by. */
  outcome(sums: Float64Array, offset: number): number;
  /** Whether no split could gain anything. */
  isPure(sums: Float64Array): boolean;
  /**
   * Looks for the best cut of a sequence of bins whose sums start at `base`; `missing` is the offset of the
   * missing bin's sums (negative: missing values stay right), `total` the node's. Improves `best` where a cut
   * gains more.
   */
  scan(
    histogram: Float64Array,
    base: number,
    sequence: Int32Array,
    length: number,
    missing: number,
    total: Float64Array,
    limits: SideLimits,
    best: Cut,
  ): void;
}

/** The value moved towards zero by `by`. */
export function softThreshold(value: number, by: number): number {
  if (value > by) return value - by;
  return value < -by ? value + by : 0;
}

/** Newton's step, -T(G) / (H + λ): the value of a leaf of such [gradient, hessian] sums before shrinking; 0 without hessian. */
export function leafValue(sums: Float64Array, { l1, l2 }: NewtonPenalty): number {
  const denominator = sums[1]! + l2;
  return denominator > 0 ? -softThreshold(sums[0]!, l1) / denominator : 0;
}

/** Hessians below this share of the node's are rounding noise, not weight. */
export const WEIGHT_NOISE = 1e-12;

/** Whether a proportion is 0 or 1 up to rounding. */
export function isCertain(proportion: number): boolean {
  return proportion < 1e-12 || proportion > 1 - 1e-12;
}

/** Criteria over sums [gradient, hessian, rows]. */
export class GradientCriterion implements Criterion {
  readonly stride = 3;
  readonly #kind: 'newton' | 'entropy';
  readonly #l1: number;
  readonly #l2: number;
  readonly #factor: number;
  readonly #prior: number | undefined;

  /**
   * `factor`: 2 where one gradient stands for the two indicators of a binary class, else 1. `prior`: share of
   * class 1 that gradients are relative to, where hessians are row weights of a binary class; undefined
   * otherwise.
   */
  constructor(kind: 'newton' | 'entropy', penalty: NewtonPenalty, factor: number, prior: number | undefined) {
    this.#kind = kind;
    this.#l1 = penalty.l1;
    this.#l2 = penalty.l2;
    this.#factor = factor;
    this.#prior = prior;
  }

  weight(sums: Float64Array, offset: number): number {
    return sums[offset + 1]!;
  }

  rows(sums: Float64Array, offset: number): number {
    return sums[offset + 2]!;
  }

  score(sums: Float64Array, offset: number): number {
    return this.#score(sums[offset]!, sums[offset + 1]!);
  }

  outcome(sums: Float64Array, offset: number): number {
    const weight = sums[offset + 1]!;
    return weight > 0 ? -sums[offset]! / weight : 0;
  }

  isPure(sums: Float64Array): boolean {
    if (this.#prior === undefined) return false;
    return sums[1]! <= 0 || isCertain(this.#prior - sums[0]! / sums[1]!);
  }

  #score(gradient: number, hessian: number): number {
    if (this.#kind === 'entropy')
      return weightedLog(-gradient, hessian) + weightedLog(hessian + gradient, hessian);
    const denominator = hessian + this.#l2;
    if (denominator <= 0) return 0;
    const numerator = this.#l1 === 0 ? gradient : softThreshold(gradient, this.#l1);
    return (this.#factor * numerator * numerator) / denominator;
  }

  scan(
    histogram: Float64Array,
    base: number,
    sequence: Int32Array,
    length: number,
    missing: number,
    total: Float64Array,
    limits: SideLimits,
    best: Cut,
  ): void {
    const totalGradient = total[0]!;
    const totalHessian = total[1]!;
    const leastWeight = Math.max(limits.weight, WEIGHT_NOISE * totalHessian);
    if (this.#kind === 'newton' && this.#l1 === 0 && leastWeight + this.#l2 > 0) {
      const bins = { histogram, base, sequence, length, missing };
      newtonScan(bins, total, limits, leastWeight, this.#factor, this.#l2, best);
      return;
    }
    const totalRows = total[2]!;
    const missingRows = missing < 0 ? 0 : histogram[missing + 2]!;
    const missingGradient = missingRows > 0 ? histogram[missing]! : 0;
    const missingHessian = missingRows > 0 ? histogram[missing + 1]! : 0;
    const leastRows = limits.rows;
    const parent = this.#score(totalGradient, totalHessian);
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
      const otherHessian = totalHessian - hessian;
      if (rows >= leastRows && hessian >= leastWeight && otherHessian >= leastWeight) {
        const gain =
          this.#score(gradient, hessian) + this.#score(totalGradient - gradient, otherHessian) - parent;
        if (gain > best.gain) {
          best.gain = gain;
          best.position = position;
          best.missingLeft = false;
        }
      }
      if (missingRows === 0) continue;
      const leftHessian = hessian + missingHessian;
      const rightHessian = totalHessian - leftHessian;
      const rightRows = totalRows - rows - missingRows;
      if (rows + missingRows < leastRows || rightRows < leastRows) continue;
      if (leftHessian < leastWeight || rightHessian < leastWeight) continue;
      const leftGradient = gradient + missingGradient;
      const gain =
        this.#score(leftGradient, leftHessian) +
        this.#score(totalGradient - leftGradient, rightHessian) -
        parent;
      if (gain > best.gain) {
        best.gain = gain;
        best.position = position;
        best.missingLeft = true;
      }
    }
  }
}

/** W_k log2(W_k / W), 0 for nothing. */
function weightedLog(part: number, whole: number): number {
  return part > 0 && whole > 0 ? part * Math.log2(part / whole) : 0;
}

/** Criteria over sums [weight of each class, rows]. */
export class ClassCriterion implements Criterion {
  readonly stride: number;
  readonly #kind: 'newton' | 'entropy';
  readonly #l1: number;
  readonly #l2: number;
  readonly #factor: number;
  readonly #prior: Float64Array;
  readonly #left: Float64Array;
  readonly #right: Float64Array;

  /** `prior`: share of each class that leaf values shrink towards; zeros for none. */
  constructor(kind: 'newton' | 'entropy', penalty: NewtonPenalty, prior: Float64Array, factor: number) {
    this.stride = prior.length + 1;
    this.#kind = kind;
    this.#l1 = penalty.l1;
    this.#l2 = penalty.l2;
    this.#factor = factor;
    this.#prior = prior;
    this.#left = new Float64Array(this.stride);
    this.#right = new Float64Array(this.stride);
  }

  weight(sums: Float64Array, offset: number): number {
    let weight = 0;
    for (let index = 0; index < this.stride - 1; index++) weight += sums[offset + index]!;
    return weight;
  }

  rows(sums: Float64Array, offset: number): number {
    return sums[offset + this.stride - 1]!;
  }

  score(sums: Float64Array, offset: number): number {
    const weight = this.weight(sums, offset);
    let score = 0;
    for (let index = 0; index < this.stride - 1; index++) {
      const part = sums[offset + index]!;
      if (this.#kind === 'entropy') {
        score += weightedLog(part, weight);
      } else {
        const gradient = softThreshold(part - this.#prior[index]! * weight, this.#l1);
        score += gradient * gradient;
      }
    }
    if (this.#kind === 'entropy') return score;
    return weight + this.#l2 > 0 ? (this.#factor * score) / (weight + this.#l2) : 0;
  }

  /** Impurity of the category: there is no one order of categories for several classes. */
  outcome(sums: Float64Array, offset: number): number {
    const weight = this.weight(sums, offset);
    if (weight <= 0) return 0;
    if (this.#kind === 'entropy') return -this.score(sums, offset) / weight;
    let squares = 0;
    for (let index = 0; index < this.stride - 1; index++) squares += (sums[offset + index]! / weight) ** 2;
    return 1 - squares;
  }

  isPure(sums: Float64Array): boolean {
    const weight = this.weight(sums, 0);
    let largest = 0;
    for (let index = 0; index < this.stride - 1; index++) largest = Math.max(largest, sums[index]!);
    return weight <= 0 || isCertain(largest / weight);
  }

  scan(
    histogram: Float64Array,
    base: number,
    sequence: Int32Array,
    length: number,
    missing: number,
    total: Float64Array,
    limits: SideLimits,
    best: Cut,
  ): void {
    const stride = this.stride;
    const left = this.#left.fill(0);
    const parent = this.score(total, 0);
    const hasMissing = missing >= 0 && histogram[missing + stride - 1]! > 0;
    for (let position = 0; position < length; position++) {
      const slot = base + stride * sequence[position]!;
      if (histogram[slot + stride - 1] === 0) continue;
      for (let index = 0; index < stride; index++) left[index] = left[index]! + histogram[slot + index]!;
      if (this.rows(total, 0) - this.rows(left, 0) < limits.rows) break;
      const gain = this.#gain(left, total, limits) - parent;
      if (gain > best.gain) {
        best.gain = gain;
        best.position = position;
        best.missingLeft = false;
      }
      if (!hasMissing) continue;
      for (let index = 0; index < stride; index++) left[index] = left[index]! + histogram[missing + index]!;
      const otherGain = this.#gain(left, total, limits) - parent;
      if (otherGain > best.gain) {
        best.gain = otherGain;
        best.position = position;
        best.missingLeft = true;
      }
      for (let index = 0; index < stride; index++) left[index] = left[index]! - histogram[missing + index]!;
    }
  }

  /** Score of both sides, or -Infinity where a side is too small. */
  #gain(left: Float64Array, total: Float64Array, limits: SideLimits): number {
    const right = this.#right;
    for (let index = 0; index < this.stride; index++) right[index] = total[index]! - left[index]!;
    if (this.rows(left, 0) < limits.rows || this.rows(right, 0) < limits.rows) return -Infinity;
    const least = Math.max(limits.weight, WEIGHT_NOISE * this.weight(total, 0));
    if (this.weight(left, 0) < least || this.weight(right, 0) < least) return -Infinity;
    return this.score(left, 0) + this.score(right, 0);
  }
}
