/** Margins, gradients and Gram matrices of rows of numbers; categories are added by the caller. */

/**
 * margins[row × outputs] = intercept + coefficients · x. Even and odd columns are summed side by side; a last single
 * column goes with the even ones. `coefficientsAt`: of one output, the intercept at `interceptAt`.
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
  for (let row = 0; row < count; row++) {
    let sums = f64x2.splat(0.0);
    let at = coefficientsAt;
    for (let column = 0; column < pairs; column += 2) {
      sums = f64x2.add(sums, f64x2.mul(v128.load(numericAt), v128.load(at)));
      numericAt += 16;
      at += 16;
    }
    let even = f64x2.extract_lane(sums, 0);
    if (width & 1) {
      even += load<f64>(numericAt) * load<f64>(at);
      numericAt += 8;
    }
    store<f64>(marginsAt, intercept + (even + f64x2.extract_lane(sums, 1)));
    marginsAt += <usize>outputs << 3;
  }
}

@inline
function multiplyInto(sums: v128, at: usize, factor: v128): v128 {
  return f64x2.add(sums, f64x2.mul(factor, v128.load(at)));
}

/**
 * gradient += multiplier · x over the rows, those with multiplier 0 left out; eight columns at a time in registers.
 * `multipliersAt`: of one output, `outputs` apart.
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
  let column = 0;
  for (; column + 8 <= width; column += 8) {
    let a = v128.load(gradientAt);
    let b = v128.load(gradientAt, 16);
    let c = v128.load(gradientAt, 32);
    let d = v128.load(gradientAt, 48);
    let at = numericAt + (<usize>column << 3);
    let multiplierAt = multipliersAt;
    for (let row = 0; row < count; row++) {
      const multiplier = load<f64>(multiplierAt);
      if (multiplier != 0) {
        const factor = f64x2.splat(multiplier);
        a = multiplyInto(a, at, factor);
        b = multiplyInto(b, at + 16, factor);
        c = multiplyInto(c, at + 32, factor);
        d = multiplyInto(d, at + 48, factor);
      }
      at += rowBytes;
      multiplierAt += step;
    }
    v128.store(gradientAt, a);
    v128.store(gradientAt, b, 16);
    v128.store(gradientAt, c, 32);
    v128.store(gradientAt, d, 48);
    gradientAt += 64;
  }
  for (; column < width; column++) {
    let sum = load<f64>(gradientAt);
    let at = numericAt + (<usize>column << 3);
    let multiplierAt = multipliersAt;
    for (let row = 0; row < count; row++) {
      const multiplier = load<f64>(multiplierAt);
      if (multiplier != 0) sum += multiplier * load<f64>(at);
      at += rowBytes;
      multiplierAt += step;
    }
    store<f64>(gradientAt, sum);
    gradientAt += 8;
  }
}

/**
 * Writes z = (1, numeric - shift), padded with zeros to `padded` numbers, and weight · z of each row; adds weight ·
 * target · z to the moment.
 */
export function shiftRows(
  numericAt: usize,
  width: i32,
  count: i32,
  shiftAt: usize,
  weightAt: usize,
  targetAt: usize,
  padded: i32,
  rowsAt: usize,
  weightedAt: usize,
  momentAt: usize,
): void {
  for (let row = 0; row < count; row++) {
    const weight = load<f64>(weightAt);
    const weightedTarget = weight * load<f64>(targetAt);
    weightAt += 8;
    targetAt += 8;
    store<f64>(rowsAt, 1.0);
    store<f64>(weightedAt, weight);
    store<f64>(momentAt, load<f64>(momentAt) + weightedTarget);
    for (let column = 0; column < width; column++) {
      const place = <usize>(column + 1) << 3;
      const value = load<f64>(numericAt) - load<f64>(shiftAt + (<usize>column << 3));
      numericAt += 8;
      store<f64>(rowsAt + place, value);
      store<f64>(weightedAt + place, weight * value);
      store<f64>(momentAt + place, load<f64>(momentAt + place) + weightedTarget * value);
    }
    for (let column = width + 1; column < padded; column++) {
      store<f64>(rowsAt + (<usize>column << 3), 0.0);
      store<f64>(weightedAt + (<usize>column << 3), 0.0);
    }
    rowsAt += <usize>padded << 3;
    weightedAt += <usize>padded << 3;
  }
}

/**
 * square[i × padded + j] += Σ weighted[i] · z[j] over the rows, for pairs of i and eight j at a time, as far as the
 * diagonal; what lies above it is of no use. `padded` is a multiple of 8.
 */
export function addSquare(rowsAt: usize, weightedAt: usize, count: i32, padded: i32, squareAt: usize): void {
  const rowBytes = <usize>padded << 3;
  for (let i = 0; i < padded; i += 2) {
    for (let j = 0; j <= i + 1; j += 8) {
      const firstAt = squareAt + <usize>i * rowBytes + (<usize>j << 3);
      const secondAt = firstAt + rowBytes;
      let a = v128.load(firstAt);
      let b = v128.load(firstAt, 16);
      let c = v128.load(firstAt, 32);
      let d = v128.load(firstAt, 48);
      let e = v128.load(secondAt);
      let f = v128.load(secondAt, 16);
      let g = v128.load(secondAt, 32);
      let h = v128.load(secondAt, 48);
      let at = rowsAt + (<usize>j << 3);
      let factorAt = weightedAt + (<usize>i << 3);
      for (let row = 0; row < count; row++) {
        const first = v128.load64_splat(factorAt);
        const second = v128.load64_splat(factorAt, 8);
        const w = v128.load(at);
        const x = v128.load(at, 16);
        const y = v128.load(at, 32);
        const z = v128.load(at, 48);
        a = f64x2.add(a, f64x2.mul(first, w));
        b = f64x2.add(b, f64x2.mul(first, x));
        c = f64x2.add(c, f64x2.mul(first, y));
        d = f64x2.add(d, f64x2.mul(first, z));
        e = f64x2.add(e, f64x2.mul(second, w));
        f = f64x2.add(f, f64x2.mul(second, x));
        g = f64x2.add(g, f64x2.mul(second, y));
        h = f64x2.add(h, f64x2.mul(second, z));
        at += rowBytes;
        factorAt += rowBytes;
      }
      v128.store(firstAt, a);
      v128.store(firstAt, b, 16);
      v128.store(firstAt, c, 32);
      v128.store(firstAt, d, 48);
      v128.store(secondAt, e);
      v128.store(secondAt, f, 16);
      v128.store(secondAt, g, 32);
      v128.store(secondAt, h, 48);
    }
  }
}
