/**
 * The first levels of a tree, evaluated whole: every node for 16 rows at once, three nodes after each other over a block
 * of rows. What is read here src/ml/tree/packed-ensemble.ts writes.
 *
 * A loop holds three nodes because the engine's compiler loads all that an expression needs before it computes: those of
 * seven nodes no longer fit into registers. For the same reason each 16 rows are stored before the next ones are loaded.
 */

/** Bytes of three nodes: byte offsets of the codes of left child, right child and parent, then their thresholds. */
const UNIT_BYTES: usize = 16;
const LEFT: usize = 0;
const RIGHT: usize = 4;
const PARENT: usize = 8;
const LEFT_LIMIT: usize = 12;
const RIGHT_LIMIT: usize = 13;
const PARENT_LIMIT: usize = 14;
/** Bytes of a column of codes and of one unit's results, hence rows of a block at most. */
const BLOCK_ROWS: usize = 512;

/** The right exits where a row goes right, else the left ones: those of the right side have greater numbers. */
@inline
function choose(left: v128, right: v128, goesRight: v128): v128 {
  return i8x16.max_u(left, v128.and(right, goesRight));
}

/** Exits of 16 rows: the left child's, or one more; the right child's, or one more. */
@inline
function chooseExit(
  leftCodes: v128,
  rightCodes: v128,
  codes: v128,
  leftLimit: v128,
  rightLimit: v128,
  limit: v128,
  leftExits: v128,
  rightExits: v128,
): v128 {
  const left = i8x16.sub(leftExits, i8x16.gt_s(leftCodes, leftLimit));
  const right = i8x16.sub(rightExits, i8x16.gt_s(rightCodes, rightLimit));
  return choose(left, right, i8x16.gt_s(codes, limit));
}

/** The two last levels below one node, whose exits are numbered from `exit` on. */
function walkLast(unitAt: usize, codesAt: usize, rows: usize, exit: i32, resultAt: usize): void {
  let leftAt = codesAt + <usize>load<u32>(unitAt, LEFT);
  let rightAt = codesAt + <usize>load<u32>(unitAt, RIGHT);
  let parentAt = codesAt + <usize>load<u32>(unitAt, PARENT);
  const leftLimit = v128.load8_splat(unitAt, LEFT_LIMIT);
  const rightLimit = v128.load8_splat(unitAt, RIGHT_LIMIT);
  const limit = v128.load8_splat(unitAt, PARENT_LIMIT);
  const leftExits = i8x16.splat(<i8>exit);
  const rightExits = i8x16.splat(<i8>(exit + 2));
  const end = resultAt + rows;
  for (; resultAt < end; resultAt += 64) {
    let left = v128.load(leftAt);
    let right = v128.load(rightAt);
    let parent = v128.load(parentAt);
    v128.store(resultAt, chooseExit(left, right, parent, leftLimit, rightLimit, limit, leftExits, rightExits));
    left = v128.load(leftAt, 16);
    right = v128.load(rightAt, 16);
    parent = v128.load(parentAt, 16);
    v128.store(resultAt, chooseExit(left, right, parent, leftLimit, rightLimit, limit, leftExits, rightExits), 16);
    left = v128.load(leftAt, 32);
    right = v128.load(rightAt, 32);
    parent = v128.load(parentAt, 32);
    v128.store(resultAt, chooseExit(left, right, parent, leftLimit, rightLimit, limit, leftExits, rightExits), 32);
    left = v128.load(leftAt, 48);
    right = v128.load(rightAt, 48);
    parent = v128.load(parentAt, 48);
    v128.store(resultAt, chooseExit(left, right, parent, leftLimit, rightLimit, limit, leftExits, rightExits), 48);
    leftAt += 64;
    rightAt += 64;
    parentAt += 64;
  }
}

/** Two levels whose exits lead to the results of four units, one behind the other. */
function walkInner(unitAt: usize, codesAt: usize, rows: usize, fromAt: usize, resultAt: usize): void {
  let leftAt = codesAt + <usize>load<u32>(unitAt, LEFT);
  let rightAt = codesAt + <usize>load<u32>(unitAt, RIGHT);
  let parentAt = codesAt + <usize>load<u32>(unitAt, PARENT);
  const leftLimit = v128.load8_splat(unitAt, LEFT_LIMIT);
  const rightLimit = v128.load8_splat(unitAt, RIGHT_LIMIT);
  const limit = v128.load8_splat(unitAt, PARENT_LIMIT);
  const end = resultAt + rows;
  for (; resultAt < end; resultAt += 32) {
    let goes = i8x16.gt_s(v128.load(leftAt), leftLimit);
    let left = choose(v128.load(fromAt), v128.load(fromAt, BLOCK_ROWS), goes);
    goes = i8x16.gt_s(v128.load(rightAt), rightLimit);
    let right = choose(v128.load(fromAt, 2 * BLOCK_ROWS), v128.load(fromAt, 3 * BLOCK_ROWS), goes);
    v128.store(resultAt, choose(left, right, i8x16.gt_s(v128.load(parentAt), limit)));
    goes = i8x16.gt_s(v128.load(leftAt, 16), leftLimit);
    left = choose(v128.load(fromAt, 16), v128.load(fromAt, BLOCK_ROWS + 16), goes);
    goes = i8x16.gt_s(v128.load(rightAt, 16), rightLimit);
    right = choose(v128.load(fromAt, 2 * BLOCK_ROWS + 16), v128.load(fromAt, 3 * BLOCK_ROWS + 16), goes);
    v128.store(resultAt, choose(left, right, i8x16.gt_s(v128.load(parentAt, 16), limit)), 16);
    leftAt += 32;
    rightAt += 32;
    parentAt += 32;
    fromAt += 32;
  }
}

/** One node over the results of two units. */
function walkOne(unitAt: usize, codesAt: usize, rows: usize, fromAt: usize, resultAt: usize): void {
  let codes = codesAt + <usize>load<u32>(unitAt, PARENT);
  const limit = v128.load8_splat(unitAt, PARENT_LIMIT);
  const end = resultAt + rows;
  for (; resultAt < end; resultAt += 16) {
    const goes = i8x16.gt_s(v128.load(codes), limit);
    v128.store(resultAt, choose(v128.load(fromAt), v128.load(fromAt, BLOCK_ROWS), goes));
    codes += 16;
    fromAt += 16;
  }
}

/**
 * Exits of one tree's first levels, one byte a row. `units`: of three nodes with which the levels end, 1 to 16; those
 * above follow them. `resultsAt`: of 16 units.
 */
export function walkTop(
  unitAt: usize,
  units: i32,
  codesAt: usize,
  count: i32,
  resultsAt: usize,
  exitAt: usize,
): void {
  const rows = (<usize>count + 63) & ~63;
  if (units == 1) {
    walkLast(unitAt, codesAt, rows, 0, exitAt);
    return;
  }
  for (let unit = 0; unit < units; unit++) {
    walkLast(unitAt, codesAt, rows, unit << 2, resultsAt + <usize>unit * BLOCK_ROWS);
    unitAt += UNIT_BYTES;
  }
  for (; units >= 4; units >>= 2) {
    for (let unit = 0; unit < units >> 2; unit++) {
      const fromAt = resultsAt + <usize>unit * (4 * BLOCK_ROWS);
      const resultAt = units == 4 ? exitAt : resultsAt + <usize>unit * BLOCK_ROWS;
      walkInner(unitAt, codesAt, rows, fromAt, resultAt);
      unitAt += UNIT_BYTES;
    }
  }
  if (units == 2) walkOne(unitAt, codesAt, rows, resultsAt, exitAt);
}
