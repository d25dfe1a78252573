/** Numbers to bins, and bins from columns to rows. */

/**
 * Bins of one numeric column: how many thresholds are below the value; `missing` for NaN. `thresholdsAt` holds 256
 * numbers: the thresholds, then infinities. Four rows at a time, without a branch.
 */
export function binNumbers(
  numericAt: usize,
  rowCount: i32,
  stride: i32,
  thresholdsAt: usize,
  missing: i32,
  binsAt: usize,
): void {
  const rowBytes = (<usize>stride) << 3;
  let row = 0;
  for (; row + 4 <= rowCount; row += 4) {
    const a = load<f64>(numericAt);
    const b = load<f64>(numericAt + rowBytes);
    const c = load<f64>(numericAt + 2 * rowBytes);
    const d = load<f64>(numericAt + 3 * rowBytes);
    numericAt += 4 * rowBytes;
    let i: usize = 0;
    let j: usize = 0;
    let k: usize = 0;
    let l: usize = 0;
    for (let step: usize = 1024; step >= 8; step >>= 1) {
      i += step & (0 - <usize>(load<f64>(thresholdsAt + i + step - 8) < a));
      j += step & (0 - <usize>(load<f64>(thresholdsAt + j + step - 8) < b));
      k += step & (0 - <usize>(load<f64>(thresholdsAt + k + step - 8) < c));
      l += step & (0 - <usize>(load<f64>(thresholdsAt + l + step - 8) < d));
    }
    store<u8>(binsAt, a == a ? <u32>(i >> 3) : <u32>missing, 0);
    store<u8>(binsAt, b == b ? <u32>(j >> 3) : <u32>missing, 1);
    store<u8>(binsAt, c == c ? <u32>(k >> 3) : <u32>missing, 2);
    store<u8>(binsAt, d == d ? <u32>(l >> 3) : <u32>missing, 3);
    binsAt += 4;
  }
  for (; row < rowCount; row++) {
    const a = load<f64>(numericAt);
    numericAt += rowBytes;
    let i: usize = 0;
    for (let step: usize = 1024; step >= 8; step >>= 1) {
      i += step & (0 - <usize>(load<f64>(thresholdsAt + i + step - 8) < a));
    }
    store<u8>(binsAt++, a == a ? <u32>(i >> 3) : <u32>missing);
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
