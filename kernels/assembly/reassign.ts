/**
 * Rows to their nearest centroids, mostly in single precision: 16 rows at a time, four of them in a vector, against two
 * centroids. Where rounding might have decided, the row is measured again in double precision.
 */
import { squaredDistances } from './distance';

/** Rows of a block, and bytes of one of its columns. */
const BLOCK_ROWS = 16;
const COLUMN_BYTES: usize = 64;
/** No room is left between numbers of this size and those that overflow. */
const BOUND_MAX: f32 = 1e31;
/** Makes up for the rounding of a length. */
const LENGTH_MARGIN = 1.000001;

/** Two columns of four rows in single precision: stores a column of the four rows at `target`, the other after it. */
@inline
function storePair(at: usize, rowBytes: usize, target: usize): void {
  const a = f32x4.demote_f64x2_zero(v128.load(at));
  const b = f32x4.demote_f64x2_zero(v128.load(at + rowBytes));
  const c = f32x4.demote_f64x2_zero(v128.load(at + 2 * rowBytes));
  const d = f32x4.demote_f64x2_zero(v128.load(at + 3 * rowBytes));
  const ab = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
  const cd = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
  v128.store(target, v128.shuffle<f64>(ab, cd, 0, 2));
  v128.store(target + COLUMN_BYTES, v128.shuffle<f64>(ab, cd, 1, 3));
}

/** Copies whole blocks of rows: block, column, row; and an upper bound of the length of each row. */
export function blockRows(numericAt: usize, width: i32, blocks: i32, blocksAt: usize, lengthsAt: usize): void {
  const rowBytes = <usize>width << 3;
  for (let block = 0; block < blocks; block++) {
    for (let lane: usize = 0; lane < COLUMN_BYTES; lane += 16) {
      let at = numericAt;
      let target = blocksAt + lane;
      let column = 0;
      for (; column + 2 <= width; column += 2) {
        storePair(at, rowBytes, target);
        at += 16;
        target += 2 * COLUMN_BYTES;
      }
      for (let row: usize = 0; row < 4; row++) {
        const rowAt = numericAt + row * rowBytes;
        if (column < width) store<f32>(target + (row << 2), <f32>load<f64>(rowAt + rowBytes - 8));
        store<f32>(lengthsAt, <f32>(Math.sqrt(squareOf(rowAt, width)) * LENGTH_MARGIN));
        lengthsAt += 4;
      }
      numericAt += 4 * rowBytes;
    }
    blocksAt += <usize>width * COLUMN_BYTES;
  }
}

@inline
function subtractProduct(score: v128, x: v128, factor: v128): v128 {
  return f32x4.sub(score, f32x4.mul(x, factor));
}

/** scores[c × 16 + row] = half c - x · c for all centroids, one column after the other. */
function scoreBlock(
  blockAt: usize,
  width: i32,
  singlesAt: usize,
  halvesAt: usize,
  count: i32,
  scoresAt: usize,
): void {
  const blockEnd = blockAt + <usize>width * COLUMN_BYTES;
  const centroidBytes = <usize>width << 2;
  let centroid = 0;
  for (; centroid + 2 <= count; centroid += 2) {
    let a = v128.load32_splat(halvesAt);
    let b = a;
    let c = a;
    let d = a;
    let e = v128.load32_splat(halvesAt, 4);
    let f = e;
    let g = e;
    let h = e;
    let at = singlesAt;
    for (let x = blockAt; x < blockEnd; x += COLUMN_BYTES) {
      const first = v128.load32_splat(at);
      const second = v128.load32_splat(at + centroidBytes);
      const p = v128.load(x);
      a = subtractProduct(a, p, first);
      e = subtractProduct(e, p, second);
      const q = v128.load(x, 16);
      b = subtractProduct(b, q, first);
      f = subtractProduct(f, q, second);
      const r = v128.load(x, 32);
      c = subtractProduct(c, r, first);
      g = subtractProduct(g, r, second);
      const s = v128.load(x, 48);
      d = subtractProduct(d, s, first);
      h = subtractProduct(h, s, second);
      at += 4;
    }
    v128.store(scoresAt, a);
    v128.store(scoresAt, b, 16);
    v128.store(scoresAt, c, 32);
    v128.store(scoresAt, d, 48);
    v128.store(scoresAt, e, 64);
    v128.store(scoresAt, f, 80);
    v128.store(scoresAt, g, 96);
    v128.store(scoresAt, h, 112);
    halvesAt += 8;
    singlesAt += 2 * centroidBytes;
    scoresAt += 128;
  }
  if (centroid < count) {
    for (let lane: usize = 0; lane < COLUMN_BYTES; lane += 16) {
      let a = v128.load32_splat(halvesAt);
      let at = singlesAt;
      for (let x = blockAt + lane; x < blockEnd; x += COLUMN_BYTES) {
        a = subtractProduct(a, v128.load(x), v128.load32_splat(at));
        at += 4;
      }
      v128.store(scoresAt + lane, a);
    }
  }
}

/** picks[row] = the centroid of the least score, or -1 where the second is no farther than rounding may reach. */
function pickBlock(
  scoresAt: usize,
  count: i32,
  lengthsAt: usize,
  boundSquare: f32,
  boundSlope: f32,
  boundBase: f32,
  picksAt: usize,
): void {
  for (let lane: usize = 0; lane < COLUMN_BYTES; lane += 16) {
    let best = f32x4.splat(Infinity);
    let second = best;
    let pick = i32x4.splat(-1);
    let at = scoresAt + lane;
    for (let centroid = 0; centroid < count; centroid++) {
      const score = v128.load(at);
      const isBetter = f32x4.lt(score, best);
      second = f32x4.pmin(second, f32x4.pmax(score, best));
      best = f32x4.pmin(best, score);
      pick = v128.bitselect(i32x4.splat(centroid), pick, isBetter);
      at += COLUMN_BYTES;
    }
    const length = v128.load(lengthsAt + lane);
    const slope = f32x4.add(f32x4.mul(length, f32x4.splat(boundSquare)), f32x4.splat(boundSlope));
    const bound = f32x4.add(f32x4.mul(length, slope), f32x4.splat(boundBase));
    const isSure = v128.and(
      f32x4.gt(f32x4.sub(second, best), bound),
      f32x4.lt(bound, f32x4.splat(BOUND_MAX)),
    );
    v128.store(picksAt + lane, v128.bitselect(pick, i32x4.splat(-1), isSure));
  }
}

/** The nearest centroid in double precision, the first among equals. */
function nearestOf(
  rowAt: usize,
  width: i32,
  centroidsAt: usize,
  count: i32,
  distancesAt: usize,
): i32 {
  squaredDistances(rowAt, width, 1, centroidsAt, width, count, distancesAt);
  let nearest = 0;
  let least = load<f64>(distancesAt);
  for (let centroid = 1; centroid < count; centroid++) {
    const distance = load<f64>(distancesAt + (<usize>centroid << 3));
    if (distance < least) {
      nearest = centroid;
      least = distance;
    }
  }
  return nearest;
}

/** sums += sign × row. */
function addSignedRow(rowAt: usize, width: i32, sign: f64, sumsAt: usize): void {
  const end = rowAt + (<usize>(width & ~1) << 3);
  const factor = f64x2.splat(sign);
  for (; rowAt < end; rowAt += 16) {
    v128.store(sumsAt, f64x2.add(v128.load(sumsAt), f64x2.mul(factor, v128.load(rowAt))));
    sumsAt += 16;
  }
  if (width & 1) store<f64>(sumsAt, load<f64>(sumsAt) + sign * load<f64>(rowAt));
}

/** Squared length of a row: even and odd columns side by side, a last single one with the even ones. */
function squareOf(rowAt: usize, width: i32): f64 {
  const end = rowAt + (<usize>(width & ~1) << 3);
  let sums = f64x2.splat(0.0);
  for (; rowAt < end; rowAt += 16) {
    const x = v128.load(rowAt);
    sums = f64x2.add(sums, f64x2.mul(x, x));
  }
  let even = f64x2.extract_lane(sums, 0);
  if (width & 1) even += load<f64>(rowAt) * load<f64>(rowAt);
  return even + f64x2.extract_lane(sums, 1);
}

/** `changesAt`: a centroid's size, sum of squared lengths and sum of rows, width + 2 numbers. */
@inline
function addToChange(changeAt: usize, rowAt: usize, width: i32, sign: f64, square: f64): void {
  store<f64>(changeAt, load<f64>(changeAt) + sign);
  store<f64>(changeAt, load<f64>(changeAt, 8) + sign * square, 8);
  addSignedRow(rowAt, width, sign, changeAt + 16);
}

/**
 * Gives each row its nearest centroid and adds to the centroids' changes what came and what went. A row's code is 1 +
 * its centroid, 0 before the first time. Rows beyond the last whole block are measured in double precision.
 * `scratchAt`: room for (16 + 2) × count + 16 numbers.
 */
export function reassign(
  numericAt: usize,
  width: i32,
  rowCount: i32,
  blocksAt: usize,
  lengthsAt: usize,
  codesAt: usize,
  centroidsAt: usize,
  singlesAt: usize,
  halvesAt: usize,
  count: i32,
  boundSquare: f32,
  boundSlope: f32,
  boundBase: f32,
  changesAt: usize,
  scratchAt: usize,
): void {
  const rowBytes = <usize>width << 3;
  const changeBytes = <usize>(width + 2) << 3;
  const picksAt = scratchAt + (<usize>count << 3);
  const scoresAt = picksAt + COLUMN_BYTES;
  for (let first = 0; first < rowCount; first += BLOCK_ROWS) {
    const isWhole = first + BLOCK_ROWS <= rowCount;
    if (isWhole) {
      scoreBlock(blocksAt, width, singlesAt, halvesAt, count, scoresAt);
      pickBlock(scoresAt, count, lengthsAt, boundSquare, boundSlope, boundBase, picksAt);
    }
    const rows = isWhole ? BLOCK_ROWS : rowCount - first;
    for (let row = 0; row < rows; row++) {
      let pick = isWhole ? load<i32>(picksAt + (<usize>row << 2)) : -1;
      if (pick < 0) pick = nearestOf(numericAt, width, centroidsAt, count, scratchAt);
      const before = <i32>load<u8>(codesAt) - 1;
      if (before != pick) {
        const square = squareOf(numericAt, width);
        if (before >= 0) addToChange(changesAt + <usize>before * changeBytes, numericAt, width, -1.0, square);
        addToChange(changesAt + <usize>pick * changeBytes, numericAt, width, 1.0, square);
        store<u8>(codesAt, <u8>(pick + 1));
      }
      numericAt += rowBytes;
      codesAt++;
    }
    blocksAt += <usize>width * COLUMN_BYTES;
    lengthsAt += COLUMN_BYTES;
  }
}
