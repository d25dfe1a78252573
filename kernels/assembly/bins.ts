/** Numbers to bins, and bins from columns to rows. */

/** Every how many thresholds one is looked at first: 16 × 16 make 256. */
const STEP: usize = 16;

/** How many of the 16 numbers at `at` are below the value, negated, in two sums. */
@inline
function below(at: usize, value: v128): v128 {
  let first = f64x2.lt(v128.load(at), value);
  let second = f64x2.lt(v128.load(at, 16), value);
  first = i64x2.add(first, f64x2.lt(v128.load(at, 32), value));
  second = i64x2.add(second, f64x2.lt(v128.load(at, 48), value));
  first = i64x2.add(first, f64x2.lt(v128.load(at, 64), value));
  second = i64x2.add(second, f64x2.lt(v128.load(at, 80), value));
  first = i64x2.add(first, f64x2.lt(v128.load(at, 96), value));
  second = i64x2.add(second, f64x2.lt(v128.load(at, 112), value));
  return i64x2.add(first, second);
}

@inline
function total(sums: v128): usize {
  return <usize>(0 - i64x2.extract_lane(sums, 0) - i64x2.extract_lane(sums, 1));
}

/**
 * Bins of one numeric column: how many thresholds are below the value; `missing` for NaN. `thresholdsAt` holds 256
 * ascending numbers: the thresholds, then infinities; `everyAt` 16 of them, the last of each 16. Sixteen are compared at
 * once, first of the latter, then of those between two of them: nothing waits for a comparison but the second look.
 */
export function binNumbers(
  numericAt: usize,
  rowCount: i32,
  stride: i32,
  thresholdsAt: usize,
  everyAt: usize,
  missing: i32,
  binsAt: usize,
): void {
  const rowBytes = (<usize>stride) << 3;
  for (let row = 0; row < rowCount; row++) {
    const value = load<f64>(numericAt);
    numericAt += rowBytes;
    const values = f64x2.splat(value);
    const group = total(below(everyAt, values));
    const bin = group * STEP + total(below(thresholdsAt + group * STEP * 8, values));
    store<u8>(binsAt++, value == value ? <u32>bin : <u32>missing);
  }
}

/** Column-major bins to row-major ones, in blocks of rows that stay in the cache. */
export function binRows(columnsAt: usize, columnCount: i32, rowCount: i32, rowsAt: usize): void {
  for (let first = 0; first < rowCount; first += 512) {
    const end = min(first + 512, rowCount);
    for (let column = 0; column < columnCount; column++) {
      let source = columnsAt + <usize>column * <usize>rowCount + <usize>first;
      let target = rowsAt + <usize>first * <usize>columnCount + <usize>column;
      for (let row = first; row < end; row++) {
        store<u8>(target, load<u8>(source));
        source++;
        target += <usize>columnCount;
      }
    }
  }
}
