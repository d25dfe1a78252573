/** Margins and gradients of rows of numbers; categories are added by the caller. */

/** Intercept and both lanes of a row's sum, with what a last single column adds to the even ones. */
@inline
function marginOf(sums: v128, intercept: f64, width: i32, numericAt: usize, coefficientAt: usize): f64 {
  let even = f64x2.extract_lane(sums, 0);
  if (width & 1) even += load<f64>(numericAt) * load<f64>(coefficientAt);
  return intercept + (even + f64x2.extract_lane(sums, 1));
}

/**
 * margins[row × outputs] = intercept + coefficients · x. Even and odd columns are summed side by side; a last single
 * column goes with the even ones. `coefficientsAt`: of one output, the intercept at `interceptAt`. Four rows go together,
 * because each addition waits for the one before it.
 */
export function linearMargins(
  numericAt: usize,
  width: i32,
  count: i32,
  coefficientsAt: usize,
  interceptAt: usize,
  outputs: i32,
  marginsAt: usize,
): void {
  const intercept = load<f64>(interceptAt);
  const pairs = width & ~1;
  const rowBytes = <usize>width << 3;
  const step = <usize>outputs << 3;
  const lastAt = coefficientsAt + (<usize>pairs << 3);
  let row = 0;
  for (; row + 4 <= count; row += 4) {
    let a = f64x2.splat(0.0);
    let b = f64x2.splat(0.0);
    let c = f64x2.splat(0.0);
    let d = f64x2.splat(0.0);
    let firstAt = numericAt;
    let secondAt = firstAt + rowBytes;
    let thirdAt = secondAt + rowBytes;
    let fourthAt = thirdAt + rowBytes;
    for (let at = coefficientsAt; at < lastAt; at += 16) {
      const coefficients = v128.load(at);
      a = multiplyInto(a, firstAt, coefficients);
      b = multiplyInto(b, secondAt, coefficients);
      c = multiplyInto(c, thirdAt, coefficients);
      d = multiplyInto(d, fourthAt, coefficients);
      firstAt += 16;
      secondAt += 16;
      thirdAt += 16;
      fourthAt += 16;
    }
    store<f64>(marginsAt, marginOf(a, intercept, width, firstAt, lastAt));
    store<f64>(marginsAt + step, marginOf(b, intercept, width, secondAt, lastAt));
    store<f64>(marginsAt + 2 * step, marginOf(c, intercept, width, thirdAt, lastAt));
    store<f64>(marginsAt + 3 * step, marginOf(d, intercept, width, fourthAt, lastAt));
    marginsAt += 4 * step;
    numericAt += 4 * rowBytes;
  }
  for (; row < count; row++) {
    let sums = f64x2.splat(0.0);
    let valueAt = numericAt;
    for (let at = coefficientsAt; at < lastAt; at += 16) {
      sums = multiplyInto(sums, valueAt, v128.load(at));
      valueAt += 16;
    }
    store<f64>(marginsAt, marginOf(sums, intercept, width, valueAt, lastAt));
    marginsAt += step;
    numericAt += rowBytes;
  }
}

@inline
function multiplyInto(sums: v128, at: usize, factor: v128): v128 {
  return f64x2.add(sums, f64x2.mul(factor, v128.load(at)));
}

/**
 * gradient += multiplier · x over the rows, those with multiplier 0 left out; sixteen columns at a time in registers,
 * then eight, four, and one. `multipliersAt`: of one output, `outputs` apart.
 */
export function addLinearGradient(
  numericAt: usize,
  width: i32,
  count: i32,
  multipliersAt: usize,
  outputs: i32,
  gradientAt: usize,
): void {
  const rowBytes = <usize>width << 3;
  const step = <usize>outputs << 3;
  let left = width;
  for (; left >= 16; left -= 16) {
    addSixteen(numericAt, rowBytes, count, multipliersAt, step, gradientAt);
    numericAt += 128;
    gradientAt += 128;
  }
  if (left >= 8) {
    addEightColumns(numericAt, rowBytes, count, multipliersAt, step, gradientAt);
    numericAt += 64;
    gradientAt += 64;
    left -= 8;
  }
  if (left >= 4) {
    addFourColumns(numericAt, rowBytes, count, multipliersAt, step, gradientAt);
    numericAt += 32;
    gradientAt += 32;
    left -= 4;
  }
  for (; left > 0; left--) {
    addColumn(numericAt, rowBytes, count, multipliersAt, step, gradientAt);
    numericAt += 8;
    gradientAt += 8;
  }
}

function addSixteen(at: usize, rowBytes: usize, count: i32, factorAt: usize, step: usize, sumsAt: usize): void {
  let a = v128.load(sumsAt);
  let b = v128.load(sumsAt, 16);
  let c = v128.load(sumsAt, 32);
  let d = v128.load(sumsAt, 48);
  let e = v128.load(sumsAt, 64);
  let f = v128.load(sumsAt, 80);
  let g = v128.load(sumsAt, 96);
  let h = v128.load(sumsAt, 112);
  for (let row = 0; row < count; row++) {
    const multiplier = load<f64>(factorAt);
    if (multiplier != 0) {
      const factor = f64x2.splat(multiplier);
      a = multiplyInto(a, at, factor);
      b = multiplyInto(b, at + 16, factor);
      c = multiplyInto(c, at + 32, factor);
      d = multiplyInto(d, at + 48, factor);
      e = multiplyInto(e, at + 64, factor);
      f = multiplyInto(f, at + 80, factor);
      g = multiplyInto(g, at + 96, factor);
      h = multiplyInto(h, at + 112, factor);
    }
    at += rowBytes;
    factorAt += step;
  }
  v128.store(sumsAt, a);
  v128.store(sumsAt, b, 16);
  v128.store(sumsAt, c, 32);
  v128.store(sumsAt, d, 48);
  v128.store(sumsAt, e, 64);
  v128.store(sumsAt, f, 80);
  v128.store(sumsAt, g, 96);
  v128.store(sumsAt, h, 112);
}

function addEightColumns(
  at: usize,
  rowBytes: usize,
  count: i32,
  factorAt: usize,
  step: usize,
  sumsAt: usize,
): void {
  let a = v128.load(sumsAt);
  let b = v128.load(sumsAt, 16);
  let c = v128.load(sumsAt, 32);
  let d = v128.load(sumsAt, 48);
  for (let row = 0; row < count; row++) {
    const multiplier = load<f64>(factorAt);
    if (multiplier != 0) {
      const factor = f64x2.splat(multiplier);
      a = multiplyInto(a, at, factor);
      b = multiplyInto(b, at + 16, factor);
      c = multiplyInto(c, at + 32, factor);
      d = multiplyInto(d, at + 48, factor);
    }
    at += rowBytes;
    factorAt += step;
  }
  v128.store(sumsAt, a);
  v128.store(sumsAt, b, 16);
  v128.store(sumsAt, c, 32);
  v128.store(sumsAt, d, 48);
}

function addFourColumns(
  at: usize,
  rowBytes: usize,
  count: i32,
  factorAt: usize,
  step: usize,
  sumsAt: usize,
): void {
  let a = v128.load(sumsAt);
  let b = v128.load(sumsAt, 16);
  for (let row = 0; row < count; row++) {
    const multiplier = load<f64>(factorAt);
    if (multiplier != 0) {
      const factor = f64x2.splat(multiplier);
      a = multiplyInto(a, at, factor);
      b = multiplyInto(b, at + 16, factor);
    }
    at += rowBytes;
    factorAt += step;
  }
  v128.store(sumsAt, a);
  v128.store(sumsAt, b, 16);
}

function addColumn(at: usize, rowBytes: usize, count: i32, factorAt: usize, step: usize, sumAt: usize): void {
  let sum = load<f64>(sumAt);
  for (let row = 0; row < count; row++) {
    const multiplier = load<f64>(factorAt);
    if (multiplier != 0) sum += multiplier * load<f64>(at);
    at += rowBytes;
    factorAt += step;
  }
  store<f64>(sumAt, sum);
}
