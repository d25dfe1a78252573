/**
 * Count, mean, spread and range of the columns of rows, in two walks over a few rows at a time: columns are taken in pairs,
 * so what is known of them is kept in arrays of an even length.
 */

/** Arrays of the state, each `stateBytes` long: see src/ml/kernel/wasm-moments.ts. */
const COUNTS: usize = 0;
const SUMS: usize = 1;
const LEASTS: usize = 2;
const GREATESTS: usize = 3;
const MEANS: usize = 1;
const SQUARES: usize = 2;
const RESTS: usize = 3;

/** Two columns of a row, or the last one and a NaN, which counts nowhere. */
@inline
function pairAt(at: usize, isPair: bool): v128 {
  return isPair ? v128.load(at) : f64x2.replace_lane(f64x2.splat(NaN), 0, load<f64>(at));
}

/** First walk: adds the rows to counts, sums, least and greatest numbers. */
export function addColumnSums(rowsAt: usize, width: i32, count: i32, stateAt: usize, stateBytes: usize): void {
  for (let column = 0; column < width; column += 2) {
    const countsAt = stateAt + COUNTS * stateBytes;
    const sumsAt = stateAt + SUMS * stateBytes;
    const leastAt = stateAt + LEASTS * stateBytes;
    const greatestAt = stateAt + GREATESTS * stateBytes;
    const isPair = column + 1 < width;
    let counts = v128.load(countsAt);
    let sums = v128.load(sumsAt);
    let least = v128.load(leastAt);
    let greatest = v128.load(greatestAt);
    let at = rowsAt;
    for (let row = 0; row < count; row++) {
      const values = pairAt(at, isPair);
      const present = f64x2.eq(values, values);
      counts = f64x2.add(counts, v128.and(present, f64x2.splat(1.0)));
      sums = f64x2.add(sums, v128.and(present, values));
      // A comparison with NaN is false, so what was found stays.
      least = f64x2.pmin(least, values);
      greatest = f64x2.pmax(greatest, values);
      at += <usize>width << 3;
    }
    v128.store(countsAt, counts);
    v128.store(sumsAt, sums);
    v128.store(leastAt, least);
    v128.store(greatestAt, greatest);
    rowsAt += 16;
    stateAt += 16;
  }
}

/** Second walk: adds the rows to the squares and the sums of their deviations from the means. */
export function addColumnSquares(
  rowsAt: usize,
  width: i32,
  count: i32,
  stateAt: usize,
  stateBytes: usize,
): void {
  for (let column = 0; column < width; column += 2) {
    const squaresAt = stateAt + SQUARES * stateBytes;
    const restsAt = stateAt + RESTS * stateBytes;
    const isPair = column + 1 < width;
    const means = v128.load(stateAt + MEANS * stateBytes);
    let squares = v128.load(squaresAt);
    let rests = v128.load(restsAt);
    let at = rowsAt;
    for (let row = 0; row < count; row++) {
      const all = f64x2.sub(pairAt(at, isPair), means);
      const deviations = v128.and(all, f64x2.eq(all, all));
      squares = f64x2.add(squares, f64x2.mul(deviations, deviations));
      rests = f64x2.add(rests, deviations);
      at += <usize>width << 3;
    }
    v128.store(squaresAt, squares);
    v128.store(restsAt, rests);
    rowsAt += 16;
    stateAt += 16;
  }
}
