/**
 * The step between two trees, on records that lie where the last tree left them: a leaf's value is added to the number of
 * each of its records, and what comes of the numbers is written into the records again. A record is
 *
 *   [ bins, padded to a multiple of 4 ][ row number, label in the highest bit ][ gradient ][ hessian ][ number, float64 ]
 *
 * Twin: src/ml/kernel/scalar-record-boost.ts, operation by operation.
 */

/** Where things lie behind the bins, and bytes of all of it. */
const FACTS_OFFSET: usize = 4;
const NUMBER_OFFSET: usize = 12;
const TAIL_BYTES: i32 = 20;
const SET_BYTES: usize = 32;
/** Adding 1.5 × 2^52 leaves a whole number in the low bits of the mantissa. */
const ROUND: f64 = 6755399441055744.0;

/** Adds one value to the number of each of `count` records; copies numbers and row words out. */
export function addRecordValue(
  recordsAt: usize,
  count: i32,
  rowAt: i32,
  value: f64,
  numbersAt: usize,
  rowsAt: usize,
): void {
  const bytes = <usize>(rowAt + TAIL_BYTES);
  let at = recordsAt + <usize>rowAt;
  for (let record = 0; record < count; record++) {
    addNumber(at, value, numbersAt, rowsAt);
    at += bytes;
    numbersAt += 8;
    rowsAt += 4;
  }
}

@inline
function addNumber(at: usize, value: f64, numberAt: usize, rowAt: usize): void {
  const sum = load<f64>(at, NUMBER_OFFSET) + value;
  store<f64>(at, sum, NUMBER_OFFSET);
  store<f64>(numberAt, sum);
  store<u32>(rowAt, load<u32>(at));
}

@inline
function isInSet(setAt: usize, bin: u32): u32 {
  return (<u32>load<u8>(setAt + <usize>(bin >> 3)) >> (bin & 7)) & 1;
}

/** The same for records at a node of two leaves, which have the values at `valuesAt`: right, left. */
export function addRecordPairs(
  recordsAt: usize,
  count: i32,
  rowAt: i32,
  column: i32,
  setAt: usize,
  valuesAt: usize,
  numbersAt: usize,
  rowsAt: usize,
): void {
  const bytes = <usize>(rowAt + TAIL_BYTES);
  for (let record = 0; record < count; record++) {
    const isLeft = isInSet(setAt, load<u8>(recordsAt + <usize>column));
    const value = load<f64>(valuesAt + (<usize>isLeft << 3));
    addNumber(recordsAt + <usize>rowAt, value, numbersAt, rowsAt);
    recordsAt += bytes;
    numbersAt += 8;
    rowsAt += 4;
  }
}

/** The same for records at `node`; `steps` lead from there to the lowest leaf, and who is at a leaf stays there. */
export function addRecordLeaves(
  recordsAt: usize,
  count: i32,
  rowAt: i32,
  columnAt: usize,
  leftAt: usize,
  setsAt: usize,
  valueAt: usize,
  node: i32,
  steps: i32,
  numbersAt: usize,
  rowsAt: usize,
): void {
  const bytes = <usize>(rowAt + TAIL_BYTES);
  for (let record = 0; record < count; record++) {
    let place = <u32>node;
    for (let level = 0; level < steps; level++) {
      const column = load<i32>(columnAt + (<usize>place << 2));
      const isLeft = isInSet(setsAt + <usize>place * SET_BYTES, load<u8>(recordsAt + <usize>max(column, 0)));
      const child = load<u32>(leftAt + (<usize>place << 2)) + (isLeft ^ 1);
      place = column >= 0 ? child : place;
    }
    const value = load<f64>(valueAt + (<usize>place << 3));
    addNumber(recordsAt + <usize>rowAt, value, numbersAt, rowsAt);
    recordsAt += bytes;
    numbersAt += 8;
    rowsAt += 4;
  }
}

/** exp of numbers <= 0 in single precision, NaN of NaN: |r| <= ln 2 / 2, then a polynomial of degree 7. */
@inline
function exponential(value: v128): v128 {
  const x = f32x4.pmax(value, f32x4.splat(-86.0));
  const shifted = f32x4.add(f32x4.mul(x, f32x4.splat(1.44269504)), f32x4.splat(12582912.0));
  const n = f32x4.sub(shifted, f32x4.splat(12582912.0));
  const high = f32x4.sub(x, f32x4.mul(n, f32x4.splat(0.693359375)));
  const r = f32x4.sub(high, f32x4.mul(n, f32x4.splat(-2.12194440e-4)));
  let sum = f32x4.splat(1.9875691500e-4);
  sum = f32x4.add(f32x4.mul(sum, r), f32x4.splat(1.3981999507e-3));
  sum = f32x4.add(f32x4.mul(sum, r), f32x4.splat(8.3334519073e-3));
  sum = f32x4.add(f32x4.mul(sum, r), f32x4.splat(4.1665795894e-2));
  sum = f32x4.add(f32x4.mul(sum, r), f32x4.splat(1.6666665459e-1));
  sum = f32x4.add(f32x4.mul(sum, r), f32x4.splat(0.5));
  sum = f32x4.add(f32x4.mul(f32x4.mul(sum, r), r), r);
  const power = i32x4.add(i32x4.shl(shifted, 23), f32x4.splat(1.0));
  return f32x4.mul(f32x4.add(sum, f32x4.splat(1.0)), power);
}

/** Whole numbers nearest to those in single precision; 0 of NaN. */
@inline
function whole(value: v128): v128 {
  return i32x4.trunc_sat_f32x4_s(f32x4.nearest(value));
}

@inline
function demote(low: v128, high: v128): v128 {
  return v128.shuffle<i32>(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 1, 4, 5);
}

/**
 * Logistic loss of `count` records, at most 512, whose numbers are margins without the base. `numbersAt`, `rowsAt` and
 * `weightsAt` (0: all weights are 1) have one entry a record; room up to a multiple of 4 is written over. Writes
 * exp(-|margin|) of each to `decaysAt` in single precision, and to `sumsAt` the product of all 1 + exp(-|margin|) and the
 * sum of |margin| over records on the wrong side. Writes gradients and hessians if `writes`.
 */
export function logisticRecords(
  recordsAt: usize,
  count: i32,
  rowAt: i32,
  numbersAt: usize,
  rowsAt: usize,
  weightsAt: usize,
  base: f64,
  gradientScale: f64,
  hessianScale: f64,
  writes: bool,
  decaysAt: usize,
  sumsAt: usize,
): void {
  const bytes = <usize>(rowAt + TAIL_BYTES);
  const zero = f32x4.splat(0.0);
  const one = f32x4.splat(1.0);
  const shift = f64x2.splat(base);
  const signBit = i32x4.splat(<i32>0x80000000);
  let gradientScales = f32x4.splat(<f32>gradientScale);
  let hessianScales = f32x4.splat(<f32>hessianScale);
  let productLow = f64x2.splat(1.0);
  let productHigh = productLow;
  let wrongLow = f64x2.splat(0.0);
  let wrongHigh = wrongLow;
  // Records that fill the last four change no sum: they are ones, and certain.
  for (let record = count; record & 3; record++) {
    store<f64>(numbersAt + (<usize>record << 3), 1e300);
    store<u32>(rowsAt + (<usize>record << 2), 0x80000000);
    if (weightsAt != 0) store<f64>(weightsAt + (<usize>record << 3), 0.0);
  }
  let at = recordsAt + <usize>rowAt + FACTS_OFFSET;
  for (let record = 0; record < count; record += 4) {
    const low = f64x2.add(v128.load(numbersAt), shift);
    const high = f64x2.add(v128.load(numbersAt, 16), shift);
    const words = v128.load(rowsAt);
    const isOne = i32x4.shr_s(words, 31);
    const isRightLow = i64x2.eq(i64x2.extend_low_i32x4_s(isOne), f64x2.ge(low, f64x2.splat(0.0)));
    const isRightHigh = i64x2.eq(i64x2.extend_high_i32x4_s(isOne), f64x2.ge(high, f64x2.splat(0.0)));
    wrongLow = f64x2.add(wrongLow, v128.andnot(f64x2.abs(low), isRightLow));
    wrongHigh = f64x2.add(wrongHigh, v128.andnot(f64x2.abs(high), isRightHigh));
    const margin = demote(low, high);
    const decay = exponential(f32x4.neg(f32x4.abs(margin)));
    v128.store(decaysAt, decay);
    const denominator = f32x4.add(one, decay);
    productLow = f64x2.mul(productLow, f64x2.promote_low_f32x4(denominator));
    const upper = v128.shuffle<i32>(denominator, denominator, 2, 3, 2, 3);
    productHigh = f64x2.mul(productHigh, f64x2.promote_low_f32x4(upper));
    if (writes) {
      if (weightsAt != 0) {
        const weightLow = v128.load(weightsAt);
        const weightHigh = v128.load(weightsAt, 16);
        const gradients = f64x2.splat(gradientScale);
        const hessians = f64x2.splat(hessianScale);
        gradientScales = demote(f64x2.mul(weightLow, gradients), f64x2.mul(weightHigh, gradients));
        hessianScales = demote(f64x2.mul(weightLow, hessians), f64x2.mul(weightHigh, hessians));
        weightsAt += 32;
      }
      const greater = f32x4.div(one, denominator);
      const lesser = f32x4.mul(decay, greater);
      const isRight = i32x4.eq(isOne, f32x4.ge(margin, zero));
      const error = v128.xor(v128.bitselect(lesser, greater, isRight), v128.and(words, signBit));
      const gradient = whole(f32x4.mul(error, gradientScales));
      const hessian = whole(f32x4.mul(f32x4.mul(lesser, greater), hessianScales));
      storeFacts(at, bytes, gradient, hessian, count - record);
      at += 4 * bytes;
    }
    numbersAt += 32;
    rowsAt += 16;
    decaysAt += 16;
  }
  const product0 = f64x2.extract_lane(productLow, 0) * f64x2.extract_lane(productLow, 1);
  const product1 = f64x2.extract_lane(productHigh, 0) * f64x2.extract_lane(productHigh, 1);
  const wrong0 = f64x2.extract_lane(wrongLow, 0) + f64x2.extract_lane(wrongLow, 1);
  const wrong1 = f64x2.extract_lane(wrongHigh, 0) + f64x2.extract_lane(wrongHigh, 1);
  store<f64>(sumsAt, product0 * product1);
  store<f64>(sumsAt, wrong0 + wrong1, 8);
}

/** Gradients and hessians of up to four records. */
@inline
function storeFacts(at: usize, bytes: usize, gradient: v128, hessian: v128, count: i32): void {
  const first = v128.shuffle<i32>(gradient, hessian, 0, 4, 1, 5);
  const second = v128.shuffle<i32>(gradient, hessian, 2, 6, 3, 7);
  v128.store64_lane(at, first, 0);
  if (count > 1) v128.store64_lane(at + bytes, first, 1);
  if (count > 2) v128.store64_lane(at + 2 * bytes, second, 0);
  if (count > 3) v128.store64_lane(at + 3 * bytes, second, 1);
}

/**
 * Squared loss of `count` records whose numbers are errors: prediction - label. Arguments as above. Writes to `sumsAt` the
 * weighted sums of squares and of sizes, and the greatest weighted size.
 */
export function squaredRecords(
  recordsAt: usize,
  count: i32,
  rowAt: i32,
  numbersAt: usize,
  weightsAt: usize,
  gradientScale: f64,
  hessianScale: f64,
  writes: bool,
  sumsAt: usize,
): void {
  const bytes = <usize>(rowAt + TAIL_BYTES);
  const round = f64x2.splat(ROUND);
  const gradients = f64x2.splat(gradientScale);
  const hessians = f64x2.splat(hessianScale);
  let weight = f64x2.splat(1.0);
  let loss = f64x2.splat(0.0);
  let absolute = loss;
  let greatest = loss;
  if (count & 1) {
    store<f64>(numbersAt + (<usize>count << 3), 0.0);
    if (weightsAt != 0) store<f64>(weightsAt + (<usize>count << 3), 0.0);
  }
  let at = recordsAt + <usize>rowAt + FACTS_OFFSET;
  for (let record = 0; record < count; record += 2) {
    const error = v128.load(numbersAt);
    if (weightsAt != 0) {
      weight = v128.load(weightsAt);
      weightsAt += 16;
    }
    const share = f64x2.mul(weight, error);
    const size = f64x2.abs(share);
    loss = f64x2.add(loss, f64x2.mul(share, error));
    absolute = f64x2.add(absolute, size);
    greatest = f64x2.pmax(greatest, size);
    if (writes) {
      const gradient = f64x2.add(f64x2.mul(share, gradients), round);
      const hessian = f64x2.add(f64x2.mul(weight, hessians), round);
      const facts = v128.shuffle<i32>(gradient, hessian, 0, 4, 2, 6);
      v128.store64_lane(at, facts, 0);
      if (record + 1 < count) v128.store64_lane(at + bytes, facts, 1);
      at += 2 * bytes;
    }
    numbersAt += 16;
  }
  store<f64>(sumsAt, f64x2.extract_lane(loss, 0) + f64x2.extract_lane(loss, 1));
  store<f64>(sumsAt, f64x2.extract_lane(absolute, 0) + f64x2.extract_lane(absolute, 1), 8);
  const first = f64x2.extract_lane(greatest, 0);
  const second = f64x2.extract_lane(greatest, 1);
  store<f64>(sumsAt, first < second ? second : first, 16);
}
