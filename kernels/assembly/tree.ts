/** Rows to the children of a split, and to the leaves of a tree. */

/** Bytes of a set of bins: bit b % 8 of byte b / 8 is bin b. */
const SET_BYTES: usize = 32;

/**
 * Reorders `count` row numbers: those whose bin is in the set first, both sides keeping their order. `binsAt` is one
 * column. Gives how many went first. Both sides are written, one is kept: no branch to mispredict.
 */
export function partitionRows(binsAt: usize, orderAt: usize, count: i32, setAt: usize, scratchAt: usize): i32 {
  let leftAt = orderAt;
  let rightAt = scratchAt;
  const endAt = orderAt + (<usize>count << 2);
  for (let at = orderAt; at < endAt; at += 4) {
    const row = load<u32>(at);
    const bin = <u32>load<u8>(binsAt + <usize>row);
    const isLeft = (<u32>load<u8>(setAt + <usize>(bin >> 3)) >> (bin & 7)) & 1;
    store<u32>(leftAt, row);
    store<u32>(rightAt, row);
    leftAt += <usize>(isLeft << 2);
    rightAt += <usize>((isLeft ^ 1) << 2);
  }
  memory.copy(leftAt, scratchAt, rightAt - scratchAt);
  return <i32>((leftAt - orderAt) >> 2);
}

@inline
function isInSet(setAt: usize, bin: u32): u32 {
  return (<u32>load<u8>(setAt + <usize>(bin >> 3)) >> (bin & 7)) & 1;
}

/** The child that a row goes to, or the node itself if it is a leaf. */
@inline
function step(binsAt: usize, columnAt: usize, leftAt: usize, setsAt: usize, node: u32): u32 {
  const column = load<i32>(columnAt + (<usize>node << 2));
  const bin = <u32>load<u8>(binsAt + <usize>max(column, 0));
  const isLeft = isInSet(setsAt + <usize>node * SET_BYTES, bin);
  const child = load<u32>(leftAt + (<usize>node << 2)) + (isLeft ^ 1);
  return column >= 0 ? child : node;
}

/**
 * Adds the value of each row's leaf to its margin. Four rows walk side by side, `depth` steps each; who is at a leaf
 * stays there.
 */
export function addLeafValues(
  binsAt: usize,
  columnCount: i32,
  rowCount: i32,
  columnAt: usize,
  leftAt: usize,
  setsAt: usize,
  valueAt: usize,
  depth: i32,
  marginAt: usize,
): void {
  const rowBytes = <usize>columnCount;
  let row = 0;
  for (; row + 4 <= rowCount; row += 4) {
    let a: u32 = 0;
    let b: u32 = 0;
    let c: u32 = 0;
    let d: u32 = 0;
    for (let level = 0; level < depth; level++) {
      a = step(binsAt, columnAt, leftAt, setsAt, a);
      b = step(binsAt + rowBytes, columnAt, leftAt, setsAt, b);
      c = step(binsAt + 2 * rowBytes, columnAt, leftAt, setsAt, c);
      d = step(binsAt + 3 * rowBytes, columnAt, leftAt, setsAt, d);
    }
    store<f64>(marginAt, load<f64>(marginAt) + load<f64>(valueAt + (<usize>a << 3)));
    store<f64>(marginAt, load<f64>(marginAt, 8) + load<f64>(valueAt + (<usize>b << 3)), 8);
    store<f64>(marginAt, load<f64>(marginAt, 16) + load<f64>(valueAt + (<usize>c << 3)), 16);
    store<f64>(marginAt, load<f64>(marginAt, 24) + load<f64>(valueAt + (<usize>d << 3)), 24);
    binsAt += 4 * rowBytes;
    marginAt += 32;
  }
  for (; row < rowCount; row++) {
    let node: u32 = 0;
    for (let level = 0; level < depth; level++) node = step(binsAt, columnAt, leftAt, setsAt, node);
    store<f64>(marginAt, load<f64>(marginAt) + load<f64>(valueAt + (<usize>node << 3)));
    binsAt += rowBytes;
    marginAt += 8;
  }
}
