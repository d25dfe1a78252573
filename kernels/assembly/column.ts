/** Staged rows: statistics of a column, and from columns one after the other to rows one after the other. */

/** Numbers of a summary, as in src/ml/kernel/column-kernel.ts. */
const PRESENT: usize = 0;
const FINITE: usize = 8;
const SUM: usize = 16;
const REST: usize = 24;
const SQUARES: usize = 32;
const LEAST: usize = 40;
const GREATEST: usize = 48;
const BELOW: usize = 56;
const BETWEEN: usize = 64;
const SUMMARY_BYTES: usize = 72;

/** Rows that are written while they stay in the nearest cache. */
const TILE_ROWS: i32 = 32;

@inline
function lanesOf(vector: v128): f64 {
  return f64x2.extract_lane(vector, 0) + f64x2.extract_lane(vector, 1);
}

/** Lanes of all ones where a number is finite. */
@inline
function finiteLanes(values: v128): v128 {
  return f64x2.lt(f64x2.abs(values), f64x2.splat(Infinity));
}

@inline
function writeSums(summaryAt: usize, present: f64, finite: f64, sum: f64, least: v128, greatest: v128): void {
  const low = f64x2.extract_lane(least, 0);
  const high = f64x2.extract_lane(greatest, 0);
  const otherLow = f64x2.extract_lane(least, 1);
  const otherHigh = f64x2.extract_lane(greatest, 1);
  store<f64>(summaryAt, present, PRESENT);
  store<f64>(summaryAt, finite, FINITE);
  store<f64>(summaryAt, sum, SUM);
  store<f64>(summaryAt, otherLow < low ? otherLow : low, LEAST);
  store<f64>(summaryAt, otherHigh > high ? otherHigh : high, GREATEST);
}

/** The same as `sumAnyColumn` if all values are finite; else false, and nothing is written. */
@inline
function sumFiniteColumn(valuesAt: usize, count: i32, summaryAt: usize): bool {
  let sum = f64x2.splat(0.0);
  let least = f64x2.splat(Infinity);
  let greatest = f64x2.splat(-Infinity);
  let at = valuesAt;
  const end = valuesAt + (<usize>(count & ~1) << 3);
  for (; at < end; at += 16) {
    const values = v128.load(at);
    sum = f64x2.add(sum, values);
    least = f64x2.pmin(least, values);
    greatest = f64x2.pmax(greatest, values);
  }
  if (count & 1) {
    const value = load<f64>(at);
    sum = f64x2.add(sum, f64x2.replace_lane(f64x2.splat(0.0), 0, value));
    const values = f64x2.replace_lane(f64x2.splat(NaN), 0, value);
    least = f64x2.pmin(least, values);
    greatest = f64x2.pmax(greatest, values);
  }
  const total = lanesOf(sum);
  // What is not finite stays in a sum.
  if (!(abs(total) < Infinity)) return false;
  writeSums(summaryAt, <f64>count, <f64>count, total, least, greatest);
  return true;
}

/** Writes counts, sum, least and greatest; every other value goes into the same lane. */
function sumAnyColumn(valuesAt: usize, count: i32, summaryAt: usize): void {
  let present = i64x2.splat(0);
  let finite = i64x2.splat(0);
  let sum = f64x2.splat(0.0);
  let least = f64x2.splat(Infinity);
  let greatest = f64x2.splat(-Infinity);
  let at = valuesAt;
  const end = valuesAt + (<usize>(count & ~1) << 3);
  for (; at < end; at += 16) {
    const values = v128.load(at);
    const isFinite = finiteLanes(values);
    present = i64x2.sub(present, f64x2.eq(values, values));
    finite = i64x2.sub(finite, isFinite);
    sum = f64x2.add(sum, v128.and(values, isFinite));
    // A comparison with NaN is false, so what was found stays.
    least = f64x2.pmin(least, values);
    greatest = f64x2.pmax(greatest, values);
  }
  // A last single value meets a NaN, which counts nowhere.
  if (count & 1) {
    const values = f64x2.replace_lane(f64x2.splat(NaN), 0, load<f64>(at));
    const isFinite = finiteLanes(values);
    present = i64x2.sub(present, f64x2.eq(values, values));
    finite = i64x2.sub(finite, isFinite);
    sum = f64x2.add(sum, v128.and(values, isFinite));
    least = f64x2.pmin(least, values);
    greatest = f64x2.pmax(greatest, values);
  }
  const presentCount = i64x2.extract_lane(present, 0) + i64x2.extract_lane(present, 1);
  const finiteCount = i64x2.extract_lane(finite, 0) + i64x2.extract_lane(finite, 1);
  writeSums(summaryAt, <f64>presentCount, <f64>finiteCount, lanesOf(sum), least, greatest);
}

/**
 * Writes the sum of squared deviations from the mean, corrected by what rounding left of their sum, how many values are
 * below `low`, and those from `low` to `high` in their order to `betweenAt`, which has room for all. `isMasked`: some
 * are not finite.
 */
@inline
function spreadColumn(
  valuesAt: usize,
  count: i32,
  low: f64,
  high: f64,
  isMasked: bool,
  summaryAt: usize,
  betweenAt: usize,
): void {
  const finiteCount = load<f64>(summaryAt, FINITE);
  const means = f64x2.splat(finiteCount == 0 ? 0 : load<f64>(summaryAt, SUM) / finiteCount);
  const lows = f64x2.splat(low);
  const highs = f64x2.splat(high);
  let squares = f64x2.splat(0.0);
  let rest = f64x2.splat(0.0);
  let belows = i64x2.splat(0);
  let nextAt = betweenAt;
  let at = valuesAt;
  const end = valuesAt + (<usize>(count & ~1) << 3);
  for (; at < end; at += 16) {
    const values = v128.load(at);
    let deviations = f64x2.sub(values, means);
    if (isMasked) deviations = v128.and(deviations, finiteLanes(values));
    squares = f64x2.add(squares, f64x2.mul(deviations, deviations));
    rest = f64x2.add(rest, deviations);
    belows = i64x2.sub(belows, f64x2.lt(values, lows));
    const chosen = i64x2.bitmask(v128.and(f64x2.ge(values, lows), f64x2.le(values, highs)));
    if (chosen) {
      store<f64>(nextAt, load<f64>(at));
      nextAt += <usize>(chosen & 1) << 3;
      store<f64>(nextAt, load<f64>(at, 8));
      nextAt += <usize>(chosen & 2) << 2;
    }
  }
  let below = <i32>(i64x2.extract_lane(belows, 0) + i64x2.extract_lane(belows, 1));
  if (count & 1) {
    const value = load<f64>(at);
    const values = f64x2.replace_lane(f64x2.splat(NaN), 0, value);
    const deviations = v128.and(f64x2.sub(values, means), finiteLanes(values));
    squares = f64x2.add(squares, f64x2.mul(deviations, deviations));
    rest = f64x2.add(rest, deviations);
    store<f64>(nextAt, value);
    below += i32(value < low);
    nextAt += <usize>(i32(value >= low) & i32(value <= high)) << 3;
  }
  const left = lanesOf(rest);
  const total = lanesOf(squares);
  store<f64>(summaryAt, left, REST);
  store<f64>(summaryAt, finiteCount == 0 ? 0 : total - (left * left) / finiteCount, SQUARES);
  store<f64>(summaryAt, <f64>below, BELOW);
  store<f64>(summaryAt, <f64>((nextAt - betweenAt) >> 3), BETWEEN);
}

/** Summary of a column, and its values from `low` to `high`. */
function summarizeColumn(
  valuesAt: usize,
  count: i32,
  low: f64,
  high: f64,
  summaryAt: usize,
  betweenAt: usize,
): void {
  if (sumFiniteColumn(valuesAt, count, summaryAt)) {
    spreadColumn(valuesAt, count, low, high, false, summaryAt, betweenAt);
  } else {
    sumAnyColumn(valuesAt, count, summaryAt);
    spreadColumn(valuesAt, count, low, high, true, summaryAt, betweenAt);
  }
}

/**
 * Summaries of chosen columns of a block of `count` rows, and the values of each from its low to its high, one column's
 * behind the other's. `columnsAt`: numbers of the columns (4 bytes each).
 */
export function summarizeBlock(
  blockAt: usize,
  count: i32,
  columnsAt: usize,
  columnCount: i32,
  lowsAt: usize,
  highsAt: usize,
  summariesAt: usize,
  betweenAt: usize,
): void {
  for (let position = 0; position < columnCount; position++) {
    const place = <usize>position;
    const valuesAt = blockAt + ((<usize>load<u32>(columnsAt + (place << 2)) * <usize>count) << 3);
    const summaryAt = summariesAt + place * SUMMARY_BYTES;
    const low = load<f64>(lowsAt + (place << 3));
    const high = load<f64>(highsAt + (place << 3));
    summarizeColumn(valuesAt, count, low, high, summaryAt, betweenAt);
    betweenAt += <usize>load<f64>(summaryAt, BETWEEN) << 3;
  }
}

@inline
function scaled(values: v128, mean: f64, scale: f64, missing: f64): v128 {
  const quotient = f64x2.div(f64x2.sub(values, f64x2.splat(mean)), f64x2.splat(scale));
  return v128.bitselect(quotient, f64x2.splat(missing), f64x2.eq(values, values));
}

@inline
function pairOf(at: usize, column: i32, scalingAt: usize): v128 {
  const values = v128.load(at);
  if (scalingAt == 0) return values;
  const place = scalingAt + <usize>column * 24;
  return scaled(values, load<f64>(place), load<f64>(place, 8), load<f64>(place, 16));
}

@inline
function oneOf(at: usize, column: i32, scalingAt: usize): f64 {
  const value = load<f64>(at);
  if (scalingAt == 0) return value;
  const place = scalingAt + <usize>column * 24;
  if (value != value) return load<f64>(place, 16);
  return (value - load<f64>(place)) / load<f64>(place, 8);
}

/**
 * Rows out of columns: rows[row × width + column] = (columns[column × count + row] - mean) / scale, what is missing by
 * its replacement. `scalingAt`: mean, scale, replacement of each column; 0 leaves the numbers as they are.
 */
export function settleRows(columnsAt: usize, count: i32, width: i32, scalingAt: usize, rowsAt: usize): void {
  const columnBytes = <usize>count << 3;
  const rowBytes = <usize>width << 3;
  const pairs = width & ~1;
  for (let first = 0; first < count; first += TILE_ROWS) {
    const end = min(first + TILE_ROWS, count);
    const even = first + ((end - first) & ~1);
    for (let column = 0; column < pairs; column += 2) {
      let leftAt = columnsAt + <usize>column * columnBytes + (<usize>first << 3);
      let at = rowsAt + <usize>first * rowBytes + (<usize>column << 3);
      for (let row = first; row < even; row += 2) {
        const left = pairOf(leftAt, column, scalingAt);
        const right = pairOf(leftAt + columnBytes, column + 1, scalingAt);
        v128.store(at, v128.shuffle<u64>(left, right, 0, 2));
        v128.store(at + rowBytes, v128.shuffle<u64>(left, right, 1, 3));
        leftAt += 16;
        at += rowBytes << 1;
      }
      if (even < end) {
        store<f64>(at, oneOf(leftAt, column, scalingAt));
        store<f64>(at, oneOf(leftAt + columnBytes, column + 1, scalingAt), 8);
      }
    }
    if (pairs < width) {
      const sourceAt = columnsAt + <usize>pairs * columnBytes;
      for (let row = first; row < end; row++) {
        store<f64>(
          rowsAt + <usize>row * rowBytes + (<usize>pairs << 3),
          oneOf(sourceAt + (<usize>row << 3), pairs, scalingAt),
        );
      }
    }
  }
}
