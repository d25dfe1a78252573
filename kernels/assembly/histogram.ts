/**
 * Gradient histograms in whole numbers. A bin is 16 bytes: the sum of gradients, and the sum of hessians shifted left by
 * `countBits` with the number of rows below it. So one addition of two 64-bit lanes counts a row, and the sum does not
 * depend on the order. Each column has BIN_STRIDE bytes: 256 bins and one more, because bins of two columns a multiple
 * of 4,096 bytes apart would make the processor wait.
 */

const BIN_STRIDE: usize = 257 * 16;
/** Adding and taking away 1.5 × 2^52 leaves a whole number in the low bits of the mantissa. */
const ROUND: f64 = 6755399441055744.0;

/** Adds the value to a bin of each of eight columns. Written out: offsets that are constants cost nothing. */
@inline
function addEight(histogramAt: usize, word: u64, value: v128): void {
  const at0 = histogramAt + <usize>((word << 4) & 0xff0);
  v128.store(at0, i64x2.add(v128.load(at0), value));
  const at1 = histogramAt + <usize>((word >> 4) & 0xff0);
  v128.store(at1, i64x2.add(v128.load(at1, BIN_STRIDE), value), BIN_STRIDE);
  const at2 = histogramAt + <usize>((word >> 12) & 0xff0);
  v128.store(at2, i64x2.add(v128.load(at2, 2 * BIN_STRIDE), value), 2 * BIN_STRIDE);
  const at3 = histogramAt + <usize>((word >> 20) & 0xff0);
  v128.store(at3, i64x2.add(v128.load(at3, 3 * BIN_STRIDE), value), 3 * BIN_STRIDE);
  const at4 = histogramAt + <usize>((word >> 28) & 0xff0);
  v128.store(at4, i64x2.add(v128.load(at4, 4 * BIN_STRIDE), value), 4 * BIN_STRIDE);
  const at5 = histogramAt + <usize>((word >> 36) & 0xff0);
  v128.store(at5, i64x2.add(v128.load(at5, 5 * BIN_STRIDE), value), 5 * BIN_STRIDE);
  const at6 = histogramAt + <usize>((word >> 44) & 0xff0);
  v128.store(at6, i64x2.add(v128.load(at6, 6 * BIN_STRIDE), value), 6 * BIN_STRIDE);
  const at7 = histogramAt + <usize>((word >> 52) & 0xff0);
  v128.store(at7, i64x2.add(v128.load(at7, 7 * BIN_STRIDE), value), 7 * BIN_STRIDE);
}

@inline
function addFour(histogramAt: usize, word: u32, value: v128): void {
  const at0 = histogramAt + <usize>((word << 4) & 0xff0);
  v128.store(at0, i64x2.add(v128.load(at0), value));
  const at1 = histogramAt + <usize>((word >> 4) & 0xff0);
  v128.store(at1, i64x2.add(v128.load(at1, BIN_STRIDE), value), BIN_STRIDE);
  const at2 = histogramAt + <usize>((word >> 12) & 0xff0);
  v128.store(at2, i64x2.add(v128.load(at2, 2 * BIN_STRIDE), value), 2 * BIN_STRIDE);
  const at3 = histogramAt + <usize>((word >> 20) & 0xff0);
  v128.store(at3, i64x2.add(v128.load(at3, 3 * BIN_STRIDE), value), 3 * BIN_STRIDE);
}

@inline
function add(at: usize, value: v128): void {
  v128.store(at, i64x2.add(v128.load(at), value));
}

/** Rows whose data are fetched together, before any of them is worked on: the processor waits for all at once. */
const FETCH_ROWS: i32 = 32;

/** Reads something of each of `count` rows; gives a number made of it. */
@inline
function touchRows(binsAt: usize, rowBytes: usize, last: usize, orderAt: usize, count: i32, factsAt: usize): i32 {
  let touched: i32 = 0;
  for (let row = 0; row < count; row++) {
    const index = <usize>load<u32>(orderAt);
    orderAt += 4;
    const at = binsAt + index * rowBytes;
    touched ^= <i32>load<u8>(at) ^ <i32>load<u8>(at + last) ^ <i32>load<u8>(factsAt + (index << 4));
  }
  return touched;
}

/** Gradient and hessian of a row as the two lanes of a bin. */
@inline
function packedFacts(at: usize, scales: v128, countBits: i32): v128 {
  const round = f64x2.splat(ROUND);
  const whole = i64x2.sub(f64x2.add(f64x2.mul(v128.load(at), scales), round), round);
  return i64x2.replace_lane(whole, 1, (i64x2.extract_lane(whole, 1) << countBits) | 1);
}

@inline
function addRow(at: usize, columnCount: i32, value: v128, histogramAt: usize): void {
  let left = columnCount;
  for (; left >= 8; left -= 8) {
    addEight(histogramAt, load<u64>(at), value);
    at += 8;
    histogramAt += 8 * BIN_STRIDE;
  }
  if (left >= 4) {
    addFour(histogramAt, load<u32>(at), value);
    at += 4;
    histogramAt += 4 * BIN_STRIDE;
    left -= 4;
  }
  for (; left > 0; left--) {
    add(histogramAt + (<usize>load<u8>(at) << 4), value);
    at++;
    histogramAt += BIN_STRIDE;
  }
}

/**
 * Adds `count` rows named at `orderAt` to the histogram. `binsAt`: the first bin wanted of row 0; `width`: bytes a row;
 * `columnCount`: columns wanted. Gradients are multiples of 1 / gradientScale, hessians of 1 / hessianScale. Gives a
 * number made of what was fetched early, so that fetching is not left out.
 */
export function addGradients(
  binsAt: usize,
  width: i32,
  columnCount: i32,
  orderAt: usize,
  count: i32,
  factsAt: usize,
  gradientScale: f64,
  hessianScale: f64,
  countBits: i32,
  histogramAt: usize,
): i32 {
  const rowBytes = <usize>width;
  const scales = f64x2.replace_lane(f64x2.splat(gradientScale), 1, hessianScale);
  const last = <usize>(columnCount - 1);
  let touched: i32 = 0;
  for (let first = 0; first < count; first += FETCH_ROWS) {
    const rows = min(FETCH_ROWS, count - first);
    touched ^= touchRows(binsAt, rowBytes, last, orderAt, rows, factsAt);
    for (let row = 0; row < rows; row++) {
      const index = <usize>load<u32>(orderAt);
      orderAt += 4;
      const value = packedFacts(factsAt + (index << 4), scales, countBits);
      addRow(binsAt + index * rowBytes, columnCount, value, histogramAt);
    }
  }
  return touched;
}

/** Zeroes a histogram of so many columns. */
export function clearHistogram(histogramAt: usize, columnCount: i32): void {
  memory.fill(histogramAt, 0, <usize>columnCount * BIN_STRIDE);
}

/**
 * Writes a histogram as float64 triples (gradient, hessian, rows), the bins of all columns end to end; `binStartAt` says
 * where the columns begin (columnCount + 1 entries, the first one of them what the others count from).
 */
export function unpackHistogram(
  histogramAt: usize,
  columnCount: i32,
  binStartAt: usize,
  gradientUnit: f64,
  hessianUnit: f64,
  countBits: i32,
  outputAt: usize,
): void {
  const mask = ((<i64>1) << countBits) - 1;
  for (let column = 0; column < columnCount; column++) {
    const binCount = load<i32>(binStartAt, 4) - load<i32>(binStartAt);
    binStartAt += 4;
    let at = histogramAt + <usize>column * BIN_STRIDE;
    for (let bin = 0; bin < binCount; bin++) {
      const packed = load<i64>(at, 8);
      store<f64>(outputAt, <f64>load<i64>(at) * gradientUnit);
      store<f64>(outputAt, <f64>(packed >> countBits) * hessianUnit, 8);
      store<f64>(outputAt, <f64>(packed & mask), 16);
      at += 16;
      outputAt += 24;
    }
  }
}
