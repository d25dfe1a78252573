/**
 * Sums of trees, for blocks of rows (src/ml/tree/packed-ensemble.ts writes what they read). A row's numbers become codes
 * first, one byte each: how many of the column's thresholds are below. Then the first levels of a tree are evaluated
 * whole, every node for 64 rows at once; what lies below is walked row by row.
 */

/** Bytes of a column of codes, hence rows of a block at most. */
const BLOCK_ROWS: usize = 512;
/** Last cell of the table that finds the first threshold to compare with. */
const CELL_LAST: f64 = 2047.0;
const CELL_MASK = 2047;
/** Adding it leaves a number's whole part in the low bits. */
const WHOLE: f64 = 4503599627370496.0;
/** Places in the description of a column, and its bytes. */
const SOURCE: usize = 0;
const STEPS: usize = 4;
const LEAST: usize = 8;
const FACTOR: usize = 16;
const THRESHOLDS: usize = 24;
const CELLS: usize = 28;
const MISSING_RIGHT: usize = 32;
const LEFT_COPY: usize = 36;
const RIGHT_COPY: usize = 40;
const COLUMN_BYTES: usize = 48;
/** Bytes of seven nodes; of a tree's description; of the exits of four nodes; of 64 rows' results. */
const NODES_BYTES: usize = 36;
const TREE_BYTES: usize = 32;
const EXITS_BYTES: usize = 64;
const RESULT_BYTES: usize = 64;

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
function writeCodes(columnAt: usize, valuesAt: usize, rowBytes: usize, count: i32, codesAt: usize): void {
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

/** Where the codes of a node's column begin, for the rows at `rowsAt`. */
@inline
function codesOf(nodesAt: usize, node: usize, rowsAt: usize): usize {
  return rowsAt + <usize>load<u32>(nodesAt + (node << 2));
}

/** A node's threshold in every lane. */
@inline
function limitOf(nodesAt: usize, node: usize): v128 {
  return v128.load8_splat(nodesAt + node, 28);
}

/** Which of 16 rows go right. */
@inline
function goesRight(at: usize, limit: v128): v128 {
  return i8x16.gt_s(v128.load(at), limit);
}

/** The right exits where a row goes right, else the left ones: those of the right side have greater numbers. */
@inline
function choose(left: v128, right: v128, goes: v128): v128 {
  return i8x16.max_u(left, v128.and(right, goes));
}

/**
 * Three levels of a tree for 64 rows: the numbers of their exits. Seven nodes, level by level: byte offsets of their
 * columns, then their thresholds; `exitsAt` holds the left exits of the four last ones, the right exit is the next.
 */
@inline
function walkLast(nodesAt: usize, rowsAt: usize, exitsAt: usize, resultAt: usize): void {
  let at = codesOf(nodesAt, 3, rowsAt);
  let limit = limitOf(nodesAt, 3);
  let exits = v128.load(exitsAt);
  let a = i8x16.sub(exits, goesRight(at, limit));
  let b = i8x16.sub(exits, goesRight(at + 16, limit));
  let c = i8x16.sub(exits, goesRight(at + 32, limit));
  let d = i8x16.sub(exits, goesRight(at + 48, limit));
  at = codesOf(nodesAt, 4, rowsAt);
  limit = limitOf(nodesAt, 4);
  exits = v128.load(exitsAt, 16);
  let e = i8x16.sub(exits, goesRight(at, limit));
  let f = i8x16.sub(exits, goesRight(at + 16, limit));
  let g = i8x16.sub(exits, goesRight(at + 32, limit));
  let h = i8x16.sub(exits, goesRight(at + 48, limit));
  at = codesOf(nodesAt, 1, rowsAt);
  limit = limitOf(nodesAt, 1);
  a = choose(a, e, goesRight(at, limit));
  b = choose(b, f, goesRight(at + 16, limit));
  c = choose(c, g, goesRight(at + 32, limit));
  d = choose(d, h, goesRight(at + 48, limit));
  at = codesOf(nodesAt, 5, rowsAt);
  limit = limitOf(nodesAt, 5);
  exits = v128.load(exitsAt, 32);
  e = i8x16.sub(exits, goesRight(at, limit));
  f = i8x16.sub(exits, goesRight(at + 16, limit));
  g = i8x16.sub(exits, goesRight(at + 32, limit));
  h = i8x16.sub(exits, goesRight(at + 48, limit));
  at = codesOf(nodesAt, 6, rowsAt);
  limit = limitOf(nodesAt, 6);
  exits = v128.load(exitsAt, 48);
  const i = i8x16.sub(exits, goesRight(at, limit));
  const j = i8x16.sub(exits, goesRight(at + 16, limit));
  const k = i8x16.sub(exits, goesRight(at + 32, limit));
  const l = i8x16.sub(exits, goesRight(at + 48, limit));
  at = codesOf(nodesAt, 2, rowsAt);
  limit = limitOf(nodesAt, 2);
  e = choose(e, i, goesRight(at, limit));
  f = choose(f, j, goesRight(at + 16, limit));
  g = choose(g, k, goesRight(at + 32, limit));
  h = choose(h, l, goesRight(at + 48, limit));
  at = codesOf(nodesAt, 0, rowsAt);
  limit = limitOf(nodesAt, 0);
  v128.store(resultAt, choose(a, e, goesRight(at, limit)));
  v128.store(resultAt, choose(b, f, goesRight(at + 16, limit)), 16);
  v128.store(resultAt, choose(c, g, goesRight(at + 32, limit)), 32);
  v128.store(resultAt, choose(d, h, goesRight(at + 48, limit)), 48);
}

/** Three levels whose exits lead to the results of eight further blocks. */
@inline
function walkFirst(nodesAt: usize, rowsAt: usize, resultsAt: usize, exitAt: usize): void {
  let at = codesOf(nodesAt, 3, rowsAt);
  let limit = limitOf(nodesAt, 3);
  let a = choose(v128.load(resultsAt), v128.load(resultsAt, 64), goesRight(at, limit));
  let b = choose(v128.load(resultsAt, 16), v128.load(resultsAt, 80), goesRight(at + 16, limit));
  let c = choose(v128.load(resultsAt, 32), v128.load(resultsAt, 96), goesRight(at + 32, limit));
  let d = choose(v128.load(resultsAt, 48), v128.load(resultsAt, 112), goesRight(at + 48, limit));
  at = codesOf(nodesAt, 4, rowsAt);
  limit = limitOf(nodesAt, 4);
  let e = choose(v128.load(resultsAt, 128), v128.load(resultsAt, 192), goesRight(at, limit));
  let f = choose(v128.load(resultsAt, 144), v128.load(resultsAt, 208), goesRight(at + 16, limit));
  let g = choose(v128.load(resultsAt, 160), v128.load(resultsAt, 224), goesRight(at + 32, limit));
  let h = choose(v128.load(resultsAt, 176), v128.load(resultsAt, 240), goesRight(at + 48, limit));
  at = codesOf(nodesAt, 1, rowsAt);
  limit = limitOf(nodesAt, 1);
  a = choose(a, e, goesRight(at, limit));
  b = choose(b, f, goesRight(at + 16, limit));
  c = choose(c, g, goesRight(at + 32, limit));
  d = choose(d, h, goesRight(at + 48, limit));
  at = codesOf(nodesAt, 5, rowsAt);
  limit = limitOf(nodesAt, 5);
  e = choose(v128.load(resultsAt, 256), v128.load(resultsAt, 320), goesRight(at, limit));
  f = choose(v128.load(resultsAt, 272), v128.load(resultsAt, 336), goesRight(at + 16, limit));
  g = choose(v128.load(resultsAt, 288), v128.load(resultsAt, 352), goesRight(at + 32, limit));
  h = choose(v128.load(resultsAt, 304), v128.load(resultsAt, 368), goesRight(at + 48, limit));
  at = codesOf(nodesAt, 6, rowsAt);
  limit = limitOf(nodesAt, 6);
  const i = choose(v128.load(resultsAt, 384), v128.load(resultsAt, 448), goesRight(at, limit));
  const j = choose(v128.load(resultsAt, 400), v128.load(resultsAt, 464), goesRight(at + 16, limit));
  const k = choose(v128.load(resultsAt, 416), v128.load(resultsAt, 480), goesRight(at + 32, limit));
  const l = choose(v128.load(resultsAt, 432), v128.load(resultsAt, 496), goesRight(at + 48, limit));
  at = codesOf(nodesAt, 2, rowsAt);
  limit = limitOf(nodesAt, 2);
  e = choose(e, i, goesRight(at, limit));
  f = choose(f, j, goesRight(at + 16, limit));
  g = choose(g, k, goesRight(at + 32, limit));
  h = choose(h, l, goesRight(at + 48, limit));
  at = codesOf(nodesAt, 0, rowsAt);
  limit = limitOf(nodesAt, 0);
  v128.store(exitAt, choose(a, e, goesRight(at, limit)));
  v128.store(exitAt, choose(b, f, goesRight(at + 16, limit)), 16);
  v128.store(exitAt, choose(c, g, goesRight(at + 32, limit)), 32);
  v128.store(exitAt, choose(d, h, goesRight(at + 48, limit)), 48);
}

/** One node over the results of two blocks, in place of the first. */
@inline
function walkOne(nodesAt: usize, node: usize, rowsAt: usize, leftAt: usize, rightAt: usize): void {
  const at = codesOf(nodesAt, node, rowsAt);
  const limit = limitOf(nodesAt, node);
  for (let place: usize = 0; place < RESULT_BYTES; place += 16) {
    const goes = goesRight(at + place, limit);
    v128.store(leftAt + place, choose(v128.load(leftAt + place), v128.load(rightAt + place), goes));
  }
}

/**
 * Exits of one tree's first levels, one byte a row. `levels`: 0 to 3 in front of the last three; their nodes come first.
 */
function walkTop(
  nodesAt: usize,
  levels: i32,
  codesAt: usize,
  count: i32,
  exitsAt: usize,
  resultsAt: usize,
  exitAt: usize,
): void {
  const blocks = 1 << levels;
  const lastAt = levels == 0 ? nodesAt : nodesAt + NODES_BYTES;
  for (let row = 0; row < count; row += 64) {
    const rowsAt = codesAt + <usize>row;
    if (levels == 0) {
      walkLast(lastAt, rowsAt, exitsAt, exitAt + <usize>row);
      continue;
    }
    let blockAt = lastAt;
    let blockExitsAt = exitsAt;
    let resultAt = resultsAt;
    for (let block = 0; block < blocks; block++) {
      walkLast(blockAt, rowsAt, blockExitsAt, resultAt);
      blockAt += NODES_BYTES;
      blockExitsAt += EXITS_BYTES;
      resultAt += RESULT_BYTES;
    }
    if (levels == 3) {
      walkFirst(nodesAt, rowsAt, resultsAt, exitAt + <usize>row);
      continue;
    }
    if (levels == 2) {
      walkOne(nodesAt, 1, rowsAt, resultsAt, resultsAt + RESULT_BYTES);
      walkOne(nodesAt, 2, rowsAt, resultsAt + 2 * RESULT_BYTES, resultsAt + 3 * RESULT_BYTES);
      walkOne(nodesAt, 0, rowsAt, resultsAt, resultsAt + 2 * RESULT_BYTES);
    } else {
      walkOne(nodesAt, 0, rowsAt, resultsAt, resultsAt + RESULT_BYTES);
    }
    memory.copy(exitAt + <usize>row, resultsAt, RESULT_BYTES);
  }
}

/** Adds one value a row, chosen by the exit. */
@inline
function addExitValues(exitAt: usize, count: i32, valuesAt: usize, sumsAt: usize, sumBytes: usize): void {
  for (let row = 0; row < count; row++) {
    const value = load<f64>(valuesAt + (<usize>load<u8>(exitAt) << 3));
    store<f64>(sumsAt, load<f64>(sumsAt) + value);
    exitAt++;
    sumsAt += sumBytes;
  }
}

/** The node that a row goes to next. */
@inline
function walkStep(walkAt: usize, node: u32, rowAt: usize): u32 {
  const at = walkAt + (<usize>node << 3);
  const test = load<u32>(at, 4);
  const code = <i32>load<i8>(rowAt + <usize>load<u32>(at));
  return (test >> 8) + <u32>(code > <i32>(<i8>test));
}

/** Adds the values of a walked leaf to a row's sums. */
@inline
function addLeaf(leafAt: usize, node: u32, valuesAt: usize, width: i32, sumsAt: usize): void {
  const at = valuesAt + ((<usize>load<u32>(leafAt + (<usize>node << 2)) * <usize>width) << 3);
  if (width == 2) {
    v128.store(sumsAt, f64x2.add(v128.load(sumsAt), v128.load(at)));
    return;
  }
  for (let output: usize = 0; output < <usize>width << 3; output += 8) {
    store<f64>(sumsAt + output, load<f64>(sumsAt + output) + load<f64>(at + output));
  }
}

/**
 * From the exits on row by row: `steps` nodes of eight bytes (byte offset of the column; number of the left child and, in
 * the low byte, the threshold), of which leaves lead to themselves. `entriesAt`: the node of each exit.
 */
function addWalkedValues(
  exitAt: usize,
  count: i32,
  entriesAt: usize,
  walkAt: usize,
  leafAt: usize,
  steps: i32,
  codesAt: usize,
  valuesAt: usize,
  width: i32,
  sumsAt: usize,
  sumBytes: usize,
): void {
  let row = 0;
  // Four rows side by side, whose steps do not wait for each other.
  for (; row + 4 <= count; row += 4) {
    let a = load<u32>(entriesAt + (<usize>load<u8>(exitAt + <usize>row) << 2));
    let b = load<u32>(entriesAt + (<usize>load<u8>(exitAt + <usize>row, 1) << 2));
    let c = load<u32>(entriesAt + (<usize>load<u8>(exitAt + <usize>row, 2) << 2));
    let d = load<u32>(entriesAt + (<usize>load<u8>(exitAt + <usize>row, 3) << 2));
    const rowAt = codesAt + <usize>row;
    for (let step = 0; step < steps; step++) {
      a = walkStep(walkAt, a, rowAt);
      b = walkStep(walkAt, b, rowAt + 1);
      c = walkStep(walkAt, c, rowAt + 2);
      d = walkStep(walkAt, d, rowAt + 3);
    }
    addLeaf(leafAt, a, valuesAt, width, sumsAt);
    addLeaf(leafAt, b, valuesAt, width, sumsAt + sumBytes);
    addLeaf(leafAt, c, valuesAt, width, sumsAt + 2 * sumBytes);
    addLeaf(leafAt, d, valuesAt, width, sumsAt + 3 * sumBytes);
    sumsAt += 4 * sumBytes;
  }
  for (; row < count; row++) {
    let node = load<u32>(entriesAt + (<usize>load<u8>(exitAt + <usize>row) << 2));
    for (let step = 0; step < steps; step++) node = walkStep(walkAt, node, codesAt + <usize>row);
    addLeaf(leafAt, node, valuesAt, width, sumsAt);
    sumsAt += sumBytes;
  }
}

/**
 * Adds the leaf values of all trees, in their order, to sums of `outputs` numbers a row. Values of a column are
 * `rowBytes` apart, columns `columnBytes`; one row behind an odd last one is read. `programAt`: counts and addresses of
 * descriptions, and of the exits of whole levels. `workAt`: results of 512 bytes, exits of 512, then the codes, of which
 * a column is read up to the next multiple of 64 rows.
 */
export function scoreTrees(
  programAt: usize,
  valuesAt: usize,
  columnBytes: usize,
  rowBytes: usize,
  count: i32,
  workAt: usize,
  sumsAt: usize,
): void {
  const resultsAt = workAt;
  const exitAt = workAt + 512;
  const codesAt = workAt + 1024;
  const columns = load<i32>(programAt, 4);
  let columnAt = <usize>load<u32>(programAt, 8);
  for (let column = 0; column < columns; column++) {
    const source = <usize>load<u32>(columnAt, SOURCE);
    writeCodes(columnAt, valuesAt + source * columnBytes, rowBytes, count, codesAt);
    columnAt += COLUMN_BYTES;
  }
  const treeCount = load<i32>(programAt, 12);
  let treesAt = <usize>load<u32>(programAt, 16);
  const width = load<i32>(programAt, 20);
  const sumBytes = <usize>load<u32>(programAt, 24) << 3;
  const exitsAt = <usize>load<u32>(programAt, 28);
  for (let tree = 0; tree < treeCount; tree++) {
    const levels = load<i32>(treesAt);
    const valuesAt = <usize>load<u32>(treesAt, 8);
    const target = sumsAt + <usize>load<u32>(treesAt, 12);
    const steps = load<i32>(treesAt, 16);
    walkTop(<usize>load<u32>(treesAt, 4), levels, codesAt, count, exitsAt, resultsAt, exitAt);
    if (steps < 0) {
      addExitValues(exitAt, count, valuesAt, target, sumBytes);
    } else {
      addWalkedValues(
        exitAt,
        count,
        <usize>load<u32>(treesAt, 20),
        <usize>load<u32>(treesAt, 24),
        <usize>load<u32>(treesAt, 28),
        steps,
        codesAt,
        valuesAt,
        width,
        target,
        sumBytes,
      );
    }
    treesAt += TREE_BYTES;
  }
}
