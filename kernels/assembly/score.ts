/**
 * Sums of trees, for blocks of rows (src/ml/tree/packed-ensemble.ts writes what they read). A row's numbers become codes
 * first, one byte each: how many of the column's thresholds are below. Then the first levels of a tree are evaluated
 * whole, every node for 16 rows at once; what lies below is walked row by row.
 */

import { writeCodes } from './score-codes';
import { walkTop } from './score-levels';

/** Place of a column's number in its description, and bytes of a column's and a tree's description. */
const SOURCE: usize = 0;
const COLUMN_BYTES: usize = 48;
const TREE_BYTES: usize = 32;
/** Bytes of a column of codes and of a tree's exits, hence rows of a block at most. */
const BLOCK_ROWS: usize = 512;

/** The value of a row's exit. */
@inline
function exitValue(exitAt: usize, valuesAt: usize): f64 {
  return load<f64>(valuesAt + (<usize>load<u8>(exitAt) << 3));
}

/** Adds one value a row, chosen by the exit. */
function addExitValues(exitAt: usize, count: i32, valuesAt: usize, sumsAt: usize, sumBytes: usize): void {
  for (let row = 0; row < count; row++) {
    store<f64>(sumsAt, load<f64>(sumsAt) + exitValue(exitAt, valuesAt));
    exitAt++;
    sumsAt += sumBytes;
  }
}

/**
 * Adds the values of four trees one after another to sums that lie side by side; exits are `BLOCK_ROWS` apart, and the
 * trees' descriptions begin at `treesAt`.
 */
function addFourTrees(exitAt: usize, count: i32, treesAt: usize, sumsAt: usize): void {
  const a = <usize>load<u32>(treesAt, 8);
  const b = <usize>load<u32>(treesAt, TREE_BYTES + 8);
  const c = <usize>load<u32>(treesAt, 2 * TREE_BYTES + 8);
  const d = <usize>load<u32>(treesAt, 3 * TREE_BYTES + 8);
  const end = sumsAt + (<usize>count << 3);
  for (; sumsAt < end; sumsAt += 8) {
    let sum = load<f64>(sumsAt) + exitValue(exitAt, a);
    sum += exitValue(exitAt + BLOCK_ROWS, b);
    sum += exitValue(exitAt + 2 * BLOCK_ROWS, c);
    sum += exitValue(exitAt + 3 * BLOCK_ROWS, d);
    store<f64>(sumsAt, sum);
    exitAt++;
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

/** Whether four trees from this one on have a value at each exit. */
@inline
function endAtExits(treesAt: usize): bool {
  const steps = load<i32>(treesAt, 16) & load<i32>(treesAt, TREE_BYTES + 16);
  return (steps & load<i32>(treesAt, 2 * TREE_BYTES + 16) & load<i32>(treesAt, 3 * TREE_BYTES + 16)) < 0;
}

/** Exits of a tree's first levels. */
@inline
function walkTree(treeAt: usize, codesAt: usize, count: i32, resultsAt: usize, exitAt: usize): void {
  walkTop(<usize>load<u32>(treeAt, 4), load<i32>(treeAt), codesAt, count, resultsAt, exitAt);
}

/**
 * Adds the leaf values of all trees, in their order, to sums of `outputs` numbers a row. Values of a column are
 * `rowBytes` apart, columns `columnBytes`. `programAt`: counts and addresses of descriptions. `workAt`: results of 16
 * units of 512 bytes, exits of four trees, then the codes, of which a column is read up to the next multiple of 64 rows.
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
  const exitAt = workAt + 16 * BLOCK_ROWS;
  const codesAt = exitAt + 4 * BLOCK_ROWS;
  const columns = load<i32>(programAt, 4);
  let columnAt = <usize>load<u32>(programAt, 8);
  for (let column = 0; column < columns; column++) {
    const source = <usize>load<u32>(columnAt, SOURCE);
    writeCodes(columnAt, valuesAt + source * columnBytes, rowBytes, count, workAt, codesAt);
    columnAt += COLUMN_BYTES;
  }
  const treeCount = load<i32>(programAt, 12);
  let treesAt = <usize>load<u32>(programAt, 16);
  const width = load<i32>(programAt, 20);
  const outputs = <usize>load<u32>(programAt, 24);
  const sumBytes = outputs << 3;
  let tree = 0;
  while (tree < treeCount) {
    if (outputs == 1 && tree + 4 <= treeCount && endAtExits(treesAt)) {
      for (let next: usize = 0; next < 4; next++) {
        walkTree(treesAt + next * TREE_BYTES, codesAt, count, workAt, exitAt + next * BLOCK_ROWS);
      }
      addFourTrees(exitAt, count, treesAt, sumsAt);
      tree += 4;
      treesAt += 4 * TREE_BYTES;
      continue;
    }
    const treeValuesAt = <usize>load<u32>(treesAt, 8);
    const target = sumsAt + <usize>load<u32>(treesAt, 12);
    const steps = load<i32>(treesAt, 16);
    walkTree(treesAt, codesAt, count, workAt, exitAt);
    if (steps < 0) {
      addExitValues(exitAt, count, treeValuesAt, target, sumBytes);
    } else {
      addWalkedValues(
        exitAt,
        count,
        <usize>load<u32>(treesAt, 20),
        <usize>load<u32>(treesAt, 24),
        <usize>load<u32>(treesAt, 28),
        steps,
        codesAt,
        treeValuesAt,
        width,
        target,
        sumBytes,
      );
    }
    tree++;
    treesAt += TREE_BYTES;
  }
}
