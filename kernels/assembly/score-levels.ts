/**
 * The first levels of a tree, evaluated whole: every node for 64 rows at once. What is read here
 * src/ml/tree/packed-ensemble.ts writes.
 */

/** Bytes of seven nodes; of the exits of four nodes; of 64 rows' results. */
const NODES_BYTES: usize = 36;
const EXITS_BYTES: usize = 64;
const RESULT_BYTES: usize = 64;

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
export function walkTop(
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
