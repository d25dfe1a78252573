/**
 * Numbers as codes of one byte, for scoring with trees: how many of the column's thresholds are below. What is read here
 * src/ml/tree/packed-ensemble.ts writes.
 */

/** Bytes of a column of codes, hence rows of a block at most. */
const BLOCK_ROWS: usize = 512;
/** Last cell of the table that finds the first threshold to compare with. */
const CELL_LAST: f64 = 2047.0;
/** Adding it leaves a number's whole part in the low bits. */
const WHOLE: f64 = 4503599627370496.0;
/** Places in the description of a column. */
const STEPS: usize = 4;
const LEAST: usize = 8;
const FACTOR: usize = 16;
const THRESHOLDS: usize = 24;
const CELLS: usize = 28;
const MISSING_RIGHT: usize = 32;
const LEFT_COPY: usize = 36;
const RIGHT_COPY: usize = 40;
/** Places in the work area: first thresholds, then what was counted beyond them, negated; then values. */
const COUNTED: usize = 512;
const VALUES: usize = 2560;

/** Copies values into one piece, with zeros up to the next multiple of 16. */
function gatherValues(valuesAt: usize, rowBytes: usize, count: i32, toAt: usize): void {
  const end = toAt + (<usize>count << 3);
  const padded = toAt + (((<usize>count + 15) & ~15) << 3);
  for (; toAt < end; toAt += 8) {
    store<f64>(toAt, load<f64>(valuesAt));
    valuesAt += rowBytes;
  }
  for (; toAt < padded; toAt += 8) store<f64>(toAt, 0.0);
}

/** Two thresholds: those of two rows. */
@inline
function thresholdPair(firstAt: usize, secondAt: usize): v128 {
  return v128.load64_lane(secondAt, v128.load64_zero(firstAt), 1);
}

/** How many of `steps` thresholds are below, negated, for two rows; all at once, since they ascend. */
@inline
function countBelow(values: v128, firstAt: usize, secondAt: usize, steps: i32): v128 {
  let below = f64x2.gt(values, thresholdPair(firstAt, secondAt));
  if (steps > 1) below = i64x2.add(below, f64x2.gt(values, thresholdPair(firstAt + 8, secondAt + 8)));
  if (steps > 2) below = i64x2.add(below, f64x2.gt(values, thresholdPair(firstAt + 16, secondAt + 16)));
  if (steps > 3) below = i64x2.add(below, f64x2.gt(values, thresholdPair(firstAt + 24, secondAt + 24)));
  return below;
}

/** Cells of two rows, in the low bits; that of a missing value is the first. */
@inline
function cellPair(values: v128, origins: v128, factors: v128): v128 {
  const scaled = f64x2.mul(f64x2.sub(values, origins), factors);
  const within = f64x2.pmin(f64x2.pmax(f64x2.splat(0.0), scaled), f64x2.splat(CELL_LAST));
  return f64x2.add(within, f64x2.splat(WHOLE));
}

/**
 * For each row the number of its cell's first threshold, and how many of the next `steps` (1 to 4) are below. Gives
 * whether a value is missing. `count`: a multiple of 4.
 */
@inline
function codesByCell(columnAt: usize, valuesAt: usize, count: i32, steps: i32, workAt: usize): bool {
  const thresholdsAt = <usize>load<u32>(columnAt, THRESHOLDS);
  const cellsAt = <usize>load<u32>(columnAt, CELLS);
  const origins = v128.load64_splat(columnAt, LEAST);
  const factors = v128.load64_splat(columnAt, FACTOR);
  let missing = f64x2.splat(0.0);
  let countedAt = workAt + COUNTED;
  const end = workAt + <usize>count;
  for (; workAt < end; workAt += 4) {
    const front = v128.load(valuesAt);
    const back = v128.load(valuesAt, 16);
    const frontCells = cellPair(front, origins, factors);
    const backCells = cellPair(back, origins, factors);
    const a = <usize>load<u8>(cellsAt + <usize>i32x4.extract_lane(frontCells, 0));
    const b = <usize>load<u8>(cellsAt + <usize>i32x4.extract_lane(frontCells, 2));
    const c = <usize>load<u8>(cellsAt + <usize>i32x4.extract_lane(backCells, 0));
    const d = <usize>load<u8>(cellsAt + <usize>i32x4.extract_lane(backCells, 2));
    store<u8>(workAt, a);
    store<u8>(workAt, b, 1);
    store<u8>(workAt, c, 2);
    store<u8>(workAt, d, 3);
    const frontBelow = countBelow(front, thresholdsAt + (a << 3), thresholdsAt + (b << 3), steps);
    const backBelow = countBelow(back, thresholdsAt + (c << 3), thresholdsAt + (d << 3), steps);
    v128.store(countedAt, i16x8.narrow_i32x4_s(frontBelow, backBelow));
    missing = v128.or(missing, v128.or(f64x2.ne(front, front), f64x2.ne(back, back)));
    valuesAt += 32;
    countedAt += 16;
  }
  return v128.any_true(missing);
}

/** The same by halving, of 256 thresholds with infinities behind the last. */
function codesByHalving(columnAt: usize, valuesAt: usize, count: i32, workAt: usize): bool {
  const thresholdsAt = <usize>load<u32>(columnAt, THRESHOLDS);
  let missing: i32 = 0;
  memory.fill(workAt + COUNTED, 0, <usize>count << 2);
  for (let row = 0; row < count; row++) {
    const value = load<f64>(valuesAt);
    valuesAt += 8;
    let at: usize = 0;
    for (let step: usize = 1024; step >= 8; step >>= 1) {
      at += step & (0 - <usize>(load<f64>(thresholdsAt + at + step - 8) < value));
    }
    store<u8>(workAt + <usize>row, at >> 3);
    missing |= <i32>(value != value);
  }
  return missing != 0;
}

/** One byte of each half of two vectors of 16-bit numbers that fit into it. */
@inline
function narrow(one: v128, two: v128): v128 {
  return i8x16.narrow_i16x8_s(one, two);
}

/** What was counted for 16 rows. */
@inline
function countedOf(at: usize): v128 {
  const front = narrow(v128.load(at), v128.load(at, 16));
  return narrow(front, narrow(v128.load(at, 32), v128.load(at, 48)));
}

/** Which of four values are missing, as two 16-bit numbers each. */
@inline
function missingFour(front: v128, back: v128): v128 {
  return i16x8.narrow_i32x4_s(f64x2.ne(front, front), f64x2.ne(back, back));
}

/** Which of 16 values are missing. */
function missingOf(at: usize): v128 {
  const a = missingFour(v128.load(at), v128.load(at, 16));
  const b = missingFour(v128.load(at, 32), v128.load(at, 48));
  const c = missingFour(v128.load(at, 64), v128.load(at, 80));
  const d = missingFour(v128.load(at, 96), v128.load(at, 112));
  return narrow(narrow(a, b), narrow(c, d));
}

/** Writes both copies of a column's codes, less 128, so that they compare as signed bytes. */
function writeCopies(
  columnAt: usize,
  valuesAt: usize,
  count: i32,
  hasMissing: bool,
  workAt: usize,
  codesAt: usize,
): void {
  const left = load<i32>(columnAt, LEFT_COPY);
  const right = load<i32>(columnAt, RIGHT_COPY);
  // A copy that no node reads is written over by the other one.
  const leftAt = codesAt + <usize>(left < 0 ? right : left) * BLOCK_ROWS;
  const rightAt = codesAt + <usize>(right < 0 ? left : right) * BLOCK_ROWS;
  const replaces = hasMissing && right >= 0;
  const missingRight = i8x16.splat(<i8>(load<i32>(columnAt, MISSING_RIGHT) - 128));
  const least = i8x16.splat(-128);
  for (let row: usize = 0; row < <usize>count; row += 16) {
    const counted = countedOf(workAt + COUNTED + (row << 2));
    const codes = v128.xor(i8x16.sub(v128.load(workAt + row), counted), least);
    v128.store(leftAt + row, codes);
    if (replaces) {
      const missing = missingOf(valuesAt + (row << 3));
      v128.store(rightAt + row, v128.bitselect(missingRight, codes, missing));
    } else {
      v128.store(rightAt + row, codes);
    }
  }
}

/** Codes of `count` values in one piece, a multiple of 16. */
function writePiece(columnAt: usize, valuesAt: usize, count: i32, workAt: usize, codesAt: usize): void {
  const steps = load<i32>(columnAt, STEPS);
  let hasMissing = false;
  if (steps == 1) hasMissing = codesByCell(columnAt, valuesAt, count, 1, workAt);
  else if (steps == 2) hasMissing = codesByCell(columnAt, valuesAt, count, 2, workAt);
  else if (steps == 3) hasMissing = codesByCell(columnAt, valuesAt, count, 3, workAt);
  else if (steps == 4) hasMissing = codesByCell(columnAt, valuesAt, count, 4, workAt);
  else hasMissing = codesByHalving(columnAt, valuesAt, count, workAt);
  writeCopies(columnAt, valuesAt, count, hasMissing, workAt, codesAt);
}

/**
 * Codes of one column. A missing value is code 0 in the left copy, `missingRight` in the right one; less 128, as all.
 * `workAt`: of 6,656 bytes.
 */
export function writeCodes(
  columnAt: usize,
  valuesAt: usize,
  rowBytes: usize,
  count: i32,
  workAt: usize,
  codesAt: usize,
): void {
  const whole = rowBytes == 8 ? count & ~15 : 0;
  if (whole > 0) writePiece(columnAt, valuesAt, whole, workAt, codesAt);
  const rest = count - whole;
  if (rest == 0) return;
  gatherValues(valuesAt + <usize>whole * rowBytes, rowBytes, rest, workAt + VALUES);
  writePiece(columnAt, workAt + VALUES, (rest + 15) & ~15, workAt, codesAt + <usize>whole);
}
