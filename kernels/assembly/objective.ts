/** Gradients of the logistic loss, two rows at a time. Twin: src/ml/kernel/scalar-objective.ts, operation by operation. */

const ROUND: f64 = 6755399441055744.0;
const LOG2_E: f64 = 1.4426950408889634;
const LN2_HIGH: f64 = 0.6931471803691238;
const LN2_LOW: f64 = 1.9082149292705877e-10;
const EXPONENT_MIN: f64 = -700.0;
const HESSIAN_MIN: f64 = 1e-16;

@inline
function multiplyAdd(a: v128, b: v128, c: f64): v128 {
  return f64x2.add(f64x2.mul(a, b), f64x2.splat(c));
}

/**
 * exp of numbers <= 0, NaN of NaN (pmax is one instruction, and keeps its first operand if that is NaN). Reduced to
 * |r| <= ln 2 / 2, then the Taylor polynomial of degree 13 in two halves.
 */
@inline
function exponential(value: v128): v128 {
  const x = f64x2.pmax(value, f64x2.splat(EXPONENT_MIN));
  const shifted = f64x2.add(f64x2.mul(x, f64x2.splat(LOG2_E)), f64x2.splat(ROUND));
  const n = f64x2.sub(shifted, f64x2.splat(ROUND));
  const r = f64x2.sub(
    f64x2.sub(x, f64x2.mul(n, f64x2.splat(LN2_HIGH))),
    f64x2.mul(n, f64x2.splat(LN2_LOW)),
  );
  const s = f64x2.mul(r, r);
  let even = f64x2.splat(1.0 / 479001600.0);
  even = multiplyAdd(even, s, 1.0 / 3628800.0);
  even = multiplyAdd(even, s, 1.0 / 40320.0);
  even = multiplyAdd(even, s, 1.0 / 720.0);
  even = multiplyAdd(even, s, 1.0 / 24.0);
  even = multiplyAdd(even, s, 0.5);
  even = multiplyAdd(even, s, 1.0);
  let odd = f64x2.splat(1.0 / 6227020800.0);
  odd = multiplyAdd(odd, s, 1.0 / 39916800.0);
  odd = multiplyAdd(odd, s, 1.0 / 362880.0);
  odd = multiplyAdd(odd, s, 1.0 / 5040.0);
  odd = multiplyAdd(odd, s, 1.0 / 120.0);
  odd = multiplyAdd(odd, s, 1.0 / 6.0);
  odd = multiplyAdd(odd, s, 1.0);
  const power = i64x2.add(i64x2.shl(shifted, 52), f64x2.splat(1.0));
  return f64x2.mul(f64x2.add(even, f64x2.mul(r, odd)), power);
}

/**
 * Gradients and hessians of `count` rows, rounded to multiples of 1 / gradientScale and 1 / hessianScale; `gradientAt` 0
 * when only the loss is wanted. Writes exp(-|margin|) of each row to `decaysAt`, and to `sumsAt` the product of all
 * 1 + exp(-|margin|), and the sum of |margin| over rows on the wrong side: with weights of 1 the loss is log(product) +
 * sum. `count` is at most 1,000, for the product to stay finite.
 */
export function logisticGradients(
  marginAt: usize,
  labelAt: usize,
  weightAt: usize,
  count: i32,
  base: f64,
  gradientScale: f64,
  hessianScale: f64,
  gradientAt: usize,
  decaysAt: usize,
  sumsAt: usize,
): void {
  const one = f64x2.splat(1.0);
  const zero = f64x2.splat(0.0);
  const round = f64x2.splat(ROUND);
  const gradientUnit = f64x2.splat(1.0 / gradientScale);
  const hessianUnit = f64x2.splat(1.0 / hessianScale);
  let product = one;
  let wrong = zero;
  writeDecays(marginAt, count, base, decaysAt);
  for (let row = 0; row < count; row += 2) {
    // An odd last row is done in both lanes.
    const isSingle = row + 1 == count;
    const margin = f64x2.add(pairOf(marginAt, isSingle), f64x2.splat(base));
    const label = pairOf(labelAt, isSingle);
    const weight = pairOf(weightAt, isSingle);
    const size = f64x2.abs(margin);
    const decay = pairOf(decaysAt, isSingle);
    const denominator = f64x2.add(one, decay);
    const greater = f64x2.div(one, denominator);
    const isPositive = f64x2.ge(margin, zero);
    const probability = v128.bitselect(greater, f64x2.mul(decay, greater), isPositive);
    const isOne = f64x2.eq(label, one);
    let miss = v128.andnot(size, i64x2.eq(isOne, isPositive));
    let factor = denominator;
    if (isSingle) {
      miss = f64x2.replace_lane(miss, 1, 0.0);
      factor = f64x2.replace_lane(factor, 1, 1.0);
    }
    product = f64x2.mul(product, factor);
    wrong = f64x2.add(wrong, miss);
    if (gradientAt != 0) {
      const gradient = f64x2.mul(weight, f64x2.sub(probability, label));
      const spread = f64x2.mul(f64x2.mul(weight, probability), f64x2.sub(one, probability));
      const hessian = f64x2.pmax(spread, f64x2.splat(HESSIAN_MIN));
      const g = f64x2.mul(
        f64x2.sub(f64x2.add(f64x2.mul(gradient, f64x2.splat(gradientScale)), round), round),
        gradientUnit,
      );
      const h = f64x2.mul(
        f64x2.sub(f64x2.add(f64x2.mul(hessian, f64x2.splat(hessianScale)), round), round),
        hessianUnit,
      );
      v128.store(gradientAt, v128.shuffle<f64>(g, h, 0, 2));
      if (!isSingle) v128.store(gradientAt, v128.shuffle<f64>(g, h, 1, 3), 16);
      gradientAt += 32;
    }
    marginAt += 16;
    labelAt += 16;
    weightAt += 16;
    decaysAt += 16;
  }
  store<f64>(sumsAt, f64x2.extract_lane(product, 0) * f64x2.extract_lane(product, 1));
  store<f64>(sumsAt, f64x2.extract_lane(wrong, 0) + f64x2.extract_lane(wrong, 1), 8);
}

/** exp(-|margin + base|) of each row. On its own: the processor works on several rows' long chains at once. */
function writeDecays(marginAt: usize, count: i32, base: f64, decaysAt: usize): void {
  const shift = f64x2.splat(base);
  for (let row = 0; row < count; row += 2) {
    const isSingle = row + 1 == count;
    const size = f64x2.abs(f64x2.add(pairOf(marginAt, isSingle), shift));
    const decay = exponential(f64x2.neg(size));
    if (isSingle) store<f64>(decaysAt, f64x2.extract_lane(decay, 0));
    else v128.store(decaysAt, decay);
    marginAt += 16;
    decaysAt += 16;
  }
}

@inline
function pairOf(at: usize, isSingle: bool): v128 {
  return isSingle ? f64x2.splat(load<f64>(at)) : v128.load(at);
}

/**
 * Turns the margins of `count` rows, at most 1,000, into weight × (probability - label) in place; `decaysAt` and `sumsAt`
 * as above.
 */
export function logisticMultipliers(
  marginAt: usize,
  labelAt: usize,
  weightAt: usize,
  count: i32,
  decaysAt: usize,
  sumsAt: usize,
): void {
  const one = f64x2.splat(1.0);
  const zero = f64x2.splat(0.0);
  let product = one;
  let wrong = zero;
  writeDecays(marginAt, count, 0.0, decaysAt);
  for (let row = 0; row < count; row += 2) {
    const isSingle = row + 1 == count;
    const margin = pairOf(marginAt, isSingle);
    const label = pairOf(labelAt, isSingle);
    const size = f64x2.abs(margin);
    const decay = pairOf(decaysAt, isSingle);
    let factor = f64x2.add(one, decay);
    const greater = f64x2.div(one, factor);
    const isPositive = f64x2.ge(margin, zero);
    const probability = v128.bitselect(greater, f64x2.mul(decay, greater), isPositive);
    let miss = v128.andnot(size, i64x2.eq(f64x2.eq(label, one), isPositive));
    const multiplier = f64x2.mul(pairOf(weightAt, isSingle), f64x2.sub(probability, label));
    if (isSingle) {
      miss = f64x2.replace_lane(miss, 1, 0.0);
      factor = f64x2.replace_lane(factor, 1, 1.0);
      store<f64>(marginAt, f64x2.extract_lane(multiplier, 0));
    } else {
      v128.store(marginAt, multiplier);
    }
    product = f64x2.mul(product, factor);
    wrong = f64x2.add(wrong, miss);
    marginAt += 16;
    labelAt += 16;
    weightAt += 16;
    decaysAt += 16;
  }
  store<f64>(sumsAt, f64x2.extract_lane(product, 0) * f64x2.extract_lane(product, 1));
  store<f64>(sumsAt, f64x2.extract_lane(wrong, 0) + f64x2.extract_lane(wrong, 1), 8);
}
