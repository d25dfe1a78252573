/**
 * Numbers as codes of one byte, for scoring with trees: how many of the column's thresholds are below. What is read here
 * src/ml/tree/packed-ensemble.ts writes.
 */

/** Bytes of a column of codes, hence rows of a block at most. */
const BLOCK_ROWS: usize = 512;
/** Last cell of the table that finds the first threshold to compare with. */
const CELL_LAST: f64 = 2047.0;
const CELL_MASK = 2047;
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

@inline
function storeCode(code: usize, value: f64, missingRight: u32, leftAt: usize, rightAt: usize): void {
  const number: u32 = 0 - <u32>(value == value);
  if (leftAt != 0) store<u8>(leftAt, ((<u32>code) & number) ^ 128);
  if (rightAt != 0) store<u8>(rightAt, ((((<u32>code) ^ missingRight) & number) ^ missingRight) ^ 128);
}

/** The next threshold if the value is above this one. */
@inline
function advance(code: usize, value: f64, thresholdsAt: usize): usize {
  return code + <usize>(value > load<f64>(thresholdsAt + (code << 3)));
}

/**
 * Codes of a column by a table of cells: the number of the first threshold to compare with, of which there are `steps` (1
 * to 4) at most. One row behind an odd last one is read and written. `columnAt`: of the description of the column.
 */
@inline
function codesByCell(
  columnAt: usize,
  valuesAt: usize,
  rowBytes: usize,
  count: i32,
  steps: i32,
  leftAt: usize,
  rightAt: usize,
): void {
  const thresholdsAt = <usize>load<u32>(columnAt, THRESHOLDS);
  const cellsAt = <usize>load<u32>(columnAt, CELLS);
  const missingRight = load<u32>(columnAt, MISSING_RIGHT);
  const origins = v128.load64_splat(columnAt, LEAST);
  const factors = v128.load64_splat(columnAt, FACTOR);
  const last = f64x2.splat(CELL_LAST);
  const whole = f64x2.splat(WHOLE);
  const zero = f64x2.splat(0.0);
  for (let row = 0; row < count; row += 2) {
    const values = v128.load64_lane(valuesAt + rowBytes, v128.load64_zero(valuesAt), 1);
    valuesAt += 2 * rowBytes;
    const scaled = f64x2.mul(f64x2.sub(values, origins), factors);
    const places = f64x2.add(f64x2.pmin(f64x2.pmax(scaled, zero), last), whole);
    const one = f64x2.extract_lane(values, 0);
    const two = f64x2.extract_lane(values, 1);
    let first = <usize>load<u8>(cellsAt + <usize>(i32x4.extract_lane(places, 0) & CELL_MASK));
    let second = <usize>load<u8>(cellsAt + <usize>(i32x4.extract_lane(places, 2) & CELL_MASK));
    first = advance(first, one, thresholdsAt);
    second = advance(second, two, thresholdsAt);
    if (steps > 1) {
      first = advance(first, one, thresholdsAt);
      second = advance(second, two, thresholdsAt);
    }
    if (steps > 2) {
      first = advance(first, one, thresholdsAt);
      second = advance(second, two, thresholdsAt);
    }
    if (steps > 3) {
      first = advance(first, one, thresholdsAt);
      second = advance(second, two, thresholdsAt);
    }
    storeCode(first, one, missingRight, leftAt, rightAt);
    storeCode(second, two, missingRight, leftAt == 0 ? 0 : leftAt + 1, rightAt == 0 ? 0 : rightAt + 1);
    if (leftAt != 0) leftAt += 2;
    if (rightAt != 0) rightAt += 2;
  }
}

/** The same by halving, of 256 thresholds with infinities behind the last. */
function codesByHalving(
  columnAt: usize,
  valuesAt: usize,
  rowBytes: usize,
  count: i32,
  leftAt: usize,
  rightAt: usize,
): void {
  const thresholdsAt = <usize>load<u32>(columnAt, THRESHOLDS);
  const missingRight = load<u32>(columnAt, MISSING_RIGHT);
  for (let row = 0; row < count; row++) {
    const value = load<f64>(valuesAt);
    valuesAt += rowBytes;
    let at: usize = 0;
    for (let step: usize = 1024; step >= 8; step >>= 1) {
      at += step & (0 - <usize>(load<f64>(thresholdsAt + at + step - 8) < value));
    }
    storeCode(at >> 3, value, missingRight, leftAt, rightAt);
    if (leftAt != 0) leftAt++;
    if (rightAt != 0) rightAt++;
  }
}

/** Codes of one column. A missing value is code 0 in the left copy, `missingRight` in the right one; less 128, as all. */
export function writeCodes(columnAt: usize, valuesAt: usize, rowBytes: usize, count: i32, codesAt: usize): void {
  const left = load<i32>(columnAt, LEFT_COPY);
  const right = load<i32>(columnAt, RIGHT_COPY);
  const leftAt = left < 0 ? 0 : codesAt + <usize>left * BLOCK_ROWS;
  const rightAt = right < 0 ? 0 : codesAt + <usize>right * BLOCK_ROWS;
  const steps = load<i32>(columnAt, STEPS);
  if (steps == 0) codesByHalving(columnAt, valuesAt, rowBytes, count, leftAt, rightAt);
  else if (steps == 1) codesByCell(columnAt, valuesAt, rowBytes, count, 1, leftAt, rightAt);
  else if (steps == 2) codesByCell(columnAt, valuesAt, rowBytes, count, 2, leftAt, rightAt);
  else if (steps == 3) codesByCell(columnAt, valuesAt, rowBytes, count, 3, leftAt, rightAt);
  else codesByCell(columnAt, valuesAt, rowBytes, count, 4, leftAt, rightAt);
}
