/**
 * Sums of trees, for blocks of rows (src/ml/tree/packed-ensemble.ts writes what they read). A row's numbers become codes
 * first, one byte each: how many of the column's thresholds are below. Then the first levels of a tree are evaluated
 * whole, every node for 64 rows at once; what lies below is walked row by row.
 */

import { writeCodes } from './score-codes';
import { walkTop } from './score-levels';

/** Place of a column's number in its description, and bytes of a column's and a tree's description. */
const SOURCE: usize = 0;
const COLUMN_BYTES: usize = 48;
const TREE_BYTES: usize = 32;

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
