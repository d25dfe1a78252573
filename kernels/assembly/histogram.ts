/**
 * Gradient histograms in whole numbers. A bin is 16 bytes: the sum of gradients, and the sum of hessians shifted left by
 * `countBits` with the number of rows below it. So one addition of two 64-bit lanes counts a row, and the sum does not
 * depend on the order. Each column has BIN_STRIDE bytes: 256 bins and one more, because bins of two columns a multiple
 * of 4,096 bytes apart would make the processor wait.
 */

const BIN_STRIDE: usize = 257 * 16;
/** Adding and taking away 1.5 × 2^52 leaves a whole number in the low bits of the mantissa. */
const ROUND: f64 = 6755399441055744.0;

/** Rows that are worked on together: they and what is made of them stay in a core's own cache. */
const BLOCK_ROWS: i32 = 1024;

/**
 * The functions add `count` rows to the histograms of 7, 4, 2 or 1 columns: so many as stay in the innermost cache.
 * Written out: offsets that are constants cost nothing.
 */
function addSeven(binsAt: usize, rowBytes: usize, count: i32, valuesAt: usize, histogramAt: usize): void {
  for (let row = 0; row < count; row++) {
    const value = v128.load(valuesAt);
    const at0 = histogramAt + (<usize>load<u8>(binsAt) << 4);
    v128.store(at0, i64x2.add(v128.load(at0), value));
    const at1 = histogramAt + (<usize>load<u8>(binsAt, 1) << 4);
    v128.store(at1, i64x2.add(v128.load(at1, BIN_STRIDE), value), BIN_STRIDE);
    const at2 = histogramAt + (<usize>load<u8>(binsAt, 2) << 4);
    v128.store(at2, i64x2.add(v128.load(at2, 2 * BIN_STRIDE), value), 2 * BIN_STRIDE);
    const at3 = histogramAt + (<usize>load<u8>(binsAt, 3) << 4);
    v128.store(at3, i64x2.add(v128.load(at3, 3 * BIN_STRIDE), value), 3 * BIN_STRIDE);
    const at4 = histogramAt + (<usize>load<u8>(binsAt, 4) << 4);
    v128.store(at4, i64x2.add(v128.load(at4, 4 * BIN_STRIDE), value), 4 * BIN_STRIDE);
    const at5 = histogramAt + (<usize>load<u8>(binsAt, 5) << 4);
    v128.store(at5, i64x2.add(v128.load(at5, 5 * BIN_STRIDE), value), 5 * BIN_STRIDE);
    const at6 = histogramAt + (<usize>load<u8>(binsAt, 6) << 4);
    v128.store(at6, i64x2.add(v128.load(at6, 6 * BIN_STRIDE), value), 6 * BIN_STRIDE);
    binsAt += rowBytes;
    valuesAt += 16;
  }
}

function addFour(binsAt: usize, rowBytes: usize, count: i32, valuesAt: usize, histogramAt: usize): void {
  for (let row = 0; row < count; row++) {
    const value = v128.load(valuesAt);
    const at0 = histogramAt + (<usize>load<u8>(binsAt) << 4);
    v128.store(at0, i64x2.add(v128.load(at0), value));
    const at1 = histogramAt + (<usize>load<u8>(binsAt, 1) << 4);
    v128.store(at1, i64x2.add(v128.load(at1, BIN_STRIDE), value), BIN_STRIDE);
    const at2 = histogramAt + (<usize>load<u8>(binsAt, 2) << 4);
    v128.store(at2, i64x2.add(v128.load(at2, 2 * BIN_STRIDE), value), 2 * BIN_STRIDE);
    const at3 = histogramAt + (<usize>load<u8>(binsAt, 3) << 4);
    v128.store(at3, i64x2.add(v128.load(at3, 3 * BIN_STRIDE), value), 3 * BIN_STRIDE);
    binsAt += rowBytes;
    valuesAt += 16;
  }
}

function addTwo(binsAt: usize, rowBytes: usize, count: i32, valuesAt: usize, histogramAt: usize): void {
  for (let row = 0; row < count; row++) {
    const value = v128.load(valuesAt);
    const at0 = histogramAt + (<usize>load<u8>(binsAt) << 4);
    v128.store(at0, i64x2.add(v128.load(at0), value));
    const at1 = histogramAt + (<usize>load<u8>(binsAt, 1) << 4);
    v128.store(at1, i64x2.add(v128.load(at1, BIN_STRIDE), value), BIN_STRIDE);
    binsAt += rowBytes;
    valuesAt += 16;
  }
}

function addOne(binsAt: usize, rowBytes: usize, count: i32, valuesAt: usize, histogramAt: usize): void {
  for (let row = 0; row < count; row++) {
    const value = v128.load(valuesAt);
    const at0 = histogramAt + (<usize>load<u8>(binsAt) << 4);
    v128.store(at0, i64x2.add(v128.load(at0), value));
    binsAt += rowBytes;
    valuesAt += 16;
  }
}

/** Adds a block of rows to the histograms of all columns, a few of them at a time. */
function addColumns(
  binsAt: usize,
  rowBytes: usize,
  columnCount: i32,
  count: i32,
  valuesAt: usize,
  histogramAt: usize,
): void {
  let column = 0;
  for (; column + 7 <= columnCount; column += 7) {
    addSeven(binsAt, rowBytes, count, valuesAt, histogramAt);
    binsAt += 7;
    histogramAt += 7 * BIN_STRIDE;
  }
  if (column + 4 <= columnCount) {
    addFour(binsAt, rowBytes, count, valuesAt, histogramAt);
    binsAt += 4;
    histogramAt += 4 * BIN_STRIDE;
    column += 4;
  }
  if (column + 2 <= columnCount) {
    addTwo(binsAt, rowBytes, count, valuesAt, histogramAt);
    binsAt += 2;
    histogramAt += 2 * BIN_STRIDE;
    column += 2;
  }
  if (column < columnCount) addOne(binsAt, rowBytes, count, valuesAt, histogramAt);
}

/** Writes gradients and hessians of `count` rows as the two lanes of a bin; gives whether the rows are neighbours. */
@inline
function packFacts(
  orderAt: usize,
  count: i32,
  factsAt: usize,
  scales: v128,
  countBits: i32,
  valuesAt: usize,
): bool {
  const round = f64x2.splat(ROUND);
  const one = i64x2(0, 1);
  const first = load<u32>(orderAt);
  let strange: u32 = 0;
  for (let row = 0; row < count; row++) {
    const index = load<u32>(orderAt);
    orderAt += 4;
    strange |= index ^ (first + row);
    const facts = v128.load(factsAt + (<usize>index << 4));
    const whole = i64x2.sub(f64x2.add(f64x2.mul(facts, scales), round), round);
    const packed = v128.or(i64x2.shl(whole, countBits), one);
    v128.store(valuesAt, v128.shuffle<i64>(whole, packed, 0, 3));
    valuesAt += 16;
  }
  return strange == 0;
}

/** Copies `bytes` of each of `count` rows to the target, one after the other, each from a multiple of 8 bytes on. */
@inline
function gatherRows(binsAt: usize, width: usize, bytes: i32, orderAt: usize, count: i32, targetAt: usize): void {
  for (let row = 0; row < count; row++) {
    let at = binsAt + <usize>load<u32>(orderAt) * width;
    orderAt += 4;
    let left = bytes;
    for (; left >= 8; left -= 8) {
      store<u64>(targetAt, load<u64>(at));
      at += 8;
      targetAt += 8;
    }
    if (left == 0) continue;
    if (left >= 4) store<u32>(targetAt, load<u32>(at));
    const rest = left & ~3;
    for (let byte = rest; byte < left; byte++) store<u8>(targetAt + <usize>byte, load<u8>(at + <usize>byte));
    targetAt += 8;
  }
}

/**
 * Adds `count` rows named at `orderAt` to the histogram. `binsAt`: the first bin wanted of row 0; `width`: bytes a row;
 * `columnCount`: columns wanted. Gradients are multiples of 1 / gradientScale, hessians of 1 / hessianScale. The scratch
 * holds 1,024 rows of 16 bytes, and of the wanted bins with each row's rounded up to 8.
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
  scratchAt: usize,
): void {
  const scales = f64x2.replace_lane(f64x2.splat(gradientScale), 1, hessianScale);
  const gatheredAt = scratchAt + BLOCK_ROWS * 16;
  const gatheredBytes = <usize>((columnCount + 7) & ~7);
  for (let first = 0; first < count; first += BLOCK_ROWS) {
    const rows = min(BLOCK_ROWS, count - first);
    if (packFacts(orderAt, rows, factsAt, scales, countBits, scratchAt)) {
      const firstAt = binsAt + <usize>load<u32>(orderAt) * <usize>width;
      addColumns(firstAt, <usize>width, columnCount, rows, scratchAt, histogramAt);
    } else {
      gatherRows(binsAt, <usize>width, columnCount, orderAt, rows, gatheredAt);
      addColumns(gatheredAt, gatheredBytes, columnCount, rows, scratchAt, histogramAt);
    }
    orderAt += BLOCK_ROWS * 4;
  }
}

/**
 * Adds `count` records to the histogram. `binsAt`: the first bin wanted of the first record; `factsAt`: its gradient and
 * hessian, in whole numbers of 4 bytes. The scratch holds 1,024 rows of 16 bytes.
 */
export function addRecords(
  binsAt: usize,
  bytes: i32,
  columnCount: i32,
  count: i32,
  factsAt: usize,
  countBits: i32,
  histogramAt: usize,
  scratchAt: usize,
): void {
  const recordBytes = <usize>bytes;
  const one = i64x2(0, 1);
  for (let first = 0; first < count; first += BLOCK_ROWS) {
    const rows = min(BLOCK_ROWS, count - first);
    let valueAt = scratchAt;
    for (let row = 0; row < rows; row++) {
      const whole = i64x2.extend_low_i32x4_s(v128.load64_zero(factsAt));
      const packed = v128.or(i64x2.shl(whole, countBits), one);
      v128.store(valueAt, v128.shuffle<i64>(whole, packed, 0, 3));
      factsAt += recordBytes;
      valueAt += 16;
    }
    addColumns(binsAt, recordBytes, columnCount, rows, scratchAt, histogramAt);
    binsAt += <usize>BLOCK_ROWS * recordBytes;
  }
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

/** Adds the sums of so many columns to the target's. */
export function mergeHistogram(targetAt: usize, sourceAt: usize, columnCount: i32): void {
  const endAt = targetAt + <usize>columnCount * BIN_STRIDE;
  for (; targetAt < endAt; targetAt += 16) {
    v128.store(targetAt, i64x2.add(v128.load(targetAt), v128.load(sourceAt)));
    sourceAt += 16;
  }
}

/** Takes the sums of so many columns away from those of the whole. */
export function subtractHistogram(wholeAt: usize, partAt: usize, columnCount: i32): void {
  const endAt = wholeAt + <usize>columnCount * BIN_STRIDE;
  for (; wholeAt < endAt; wholeAt += 16) {
    v128.store(wholeAt, i64x2.sub(v128.load(wholeAt), v128.load(partAt)));
    partAt += 16;
  }
}
