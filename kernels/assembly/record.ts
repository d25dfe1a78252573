/**
 * Rows as records that are moved to the children of a split: bins padded to a multiple of 4 bytes, then at `rowAt` the
 * row's number, its gradient and its hessian, 4 bytes each. See src/ml/kernel/record-kernel.ts.
 */

/** Bytes of a record behind its bins, and where gradient and hessian lie in them. */
const TAIL_BYTES: i32 = 12;
const FACTS_OFFSET: usize = 4;
const SET_BYTES: usize = 32;
/** Adding 1.5 × 2^52 leaves a whole number in the low bits of the mantissa. */
const ROUND: f64 = 6755399441055744.0;

/** Column-major bins of `rowCount` rows into the records, from the byte `recordsAt` of the first of them on. */
export function writeRecordBins(
  columnsAt: usize,
  columnCount: i32,
  rowCount: i32,
  recordsAt: usize,
  bytes: i32,
): void {
  const recordBytes = <usize>bytes;
  for (let column = 0; column < columnCount; column++) {
    let target = recordsAt + <usize>column;
    for (let row = 0; row < rowCount; row++) {
      store<u8>(target, load<u8>(columnsAt++));
      target += recordBytes;
    }
  }
}

/** Fetches gradient and hessian of each record's row, as whole numbers of their units. */
export function loadRecordFacts(
  recordsAt: usize,
  count: i32,
  rowAt: i32,
  factsAt: usize,
  gradientScale: f64,
  hessianScale: f64,
): void {
  const scales = f64x2.replace_lane(f64x2.splat(gradientScale), 1, hessianScale);
  const round = f64x2.splat(ROUND);
  const bytes = <usize>(rowAt + TAIL_BYTES);
  let at = recordsAt + <usize>rowAt;
  for (let record = 0; record < count; record++) {
    const facts = v128.load(factsAt + (<usize>load<u32>(at) << 4));
    const whole = f64x2.add(f64x2.mul(facts, scales), round);
    v128.store64_lane(at, v128.shuffle<i32>(whole, whole, 0, 2, 0, 2), 0, FACTS_OFFSET);
    at += bytes;
  }
}

/** Exchanges two records of at least 16 bytes, which may be the same one. */
@inline
function exchange(at: usize, otherAt: usize, bytes: usize): void {
  let offset: usize = 16;
  const first = v128.load(at);
  const otherFirst = v128.load(otherAt);
  if (bytes >= 32) {
    const second = v128.load(at, 16);
    const otherSecond = v128.load(otherAt, 16);
    v128.store(at, otherSecond, 16);
    v128.store(otherAt, second, 16);
    offset = 32;
    for (; offset + 16 <= bytes; offset += 16) {
      const next = v128.load(at + offset);
      v128.store(at + offset, v128.load(otherAt + offset));
      v128.store(otherAt + offset, next);
    }
  }
  v128.store(at, otherFirst);
  v128.store(otherAt, first);
  if (bytes & 8) {
    const next = load<u64>(at + offset);
    store<u64>(at + offset, load<u64>(otherAt + offset));
    store<u64>(otherAt + offset, next);
    offset += 8;
  }
  if (bytes & 4) {
    const next = load<u32>(at + offset);
    store<u32>(at + offset, load<u32>(otherAt + offset));
    store<u32>(otherAt + offset, next);
  }
}

/**
 * Moves records whose byte at `byteAt` is in the set to the front, in their order; the others lose theirs. Gives how many
 * went first. Every record is exchanged with the first one that stays behind: no branch to mispredict. `tableAt` has room
 * for 256 bytes.
 */
export function partitionRecords(
  recordsAt: usize,
  count: i32,
  bytes: i32,
  byteAt: i32,
  setAt: usize,
  tableAt: usize,
): i32 {
  for (let bin: usize = 0; bin < 256; bin++) {
    store<u8>(tableAt + bin, (load<u8>(setAt + (bin >> 3)) >> <u8>(bin & 7)) & 1);
  }
  const recordBytes = <usize>bytes;
  const endAt = recordsAt + <usize>count * recordBytes;
  let middleAt = recordsAt;
  let left = 0;
  for (let at = recordsAt; at < endAt; at += recordBytes) {
    const isLeft = <usize>load<u8>(tableAt + <usize>load<u8>(at + <usize>byteAt));
    exchange(at, middleAt, recordBytes);
    middleAt += (0 - isLeft) & recordBytes;
    left += <i32>isLeft;
  }
  return left;
}

/**
 * Adds the value of each record's leaf to the margin of its row. Records stand at `node`; `steps` lead from there to the
 * lowest leaf, and who is at a leaf stays there.
 */
export function addRecordLeaves(
  recordsAt: usize,
  count: i32,
  rowAt: i32,
  columnAt: usize,
  leftAt: usize,
  setsAt: usize,
  valueAt: usize,
  node: i32,
  steps: i32,
  marginAt: usize,
): void {
  const bytes = <usize>(rowAt + TAIL_BYTES);
  if (steps == 0) {
    addValue(recordsAt, count, bytes, <usize>rowAt, load<f64>(valueAt + (<usize>node << 3)), marginAt);
    return;
  }
  for (let record = 0; record < count; record++) {
    let place = <u32>node;
    for (let level = 0; level < steps; level++) {
      const column = load<i32>(columnAt + (<usize>place << 2));
      const isLeft = isInSet(setsAt + <usize>place * SET_BYTES, load<u8>(recordsAt + <usize>max(column, 0)));
      const child = load<u32>(leftAt + (<usize>place << 2)) + (isLeft ^ 1);
      place = column >= 0 ? child : place;
    }
    const at = marginAt + (<usize>load<u32>(recordsAt + <usize>rowAt) << 3);
    store<f64>(at, load<f64>(at) + load<f64>(valueAt + (<usize>place << 3)));
    recordsAt += bytes;
  }
}

@inline
function isInSet(setAt: usize, bin: u32): u32 {
  return (<u32>load<u8>(setAt + <usize>(bin >> 3)) >> (bin & 7)) & 1;
}

/** Adds one value to the margins of all rows of the records. */
function addValue(recordsAt: usize, count: i32, bytes: usize, rowAt: usize, value: f64, marginAt: usize): void {
  let at = recordsAt + rowAt;
  for (let record = 0; record < count; record++) {
    const place = marginAt + (<usize>load<u32>(at) << 3);
    store<f64>(place, load<f64>(place) + value);
    at += bytes;
  }
}

/** The same for records at a node of two leaves: the usual case, without a walk. */
export function addRecordPairs(
  recordsAt: usize,
  count: i32,
  rowAt: i32,
  column: i32,
  setAt: usize,
  leftValue: f64,
  rightValue: f64,
  marginAt: usize,
): void {
  const bytes = <usize>(rowAt + TAIL_BYTES);
  for (let record = 0; record < count; record++) {
    const isLeft = isInSet(setAt, load<u8>(recordsAt + <usize>column));
    const at = marginAt + (<usize>load<u32>(recordsAt + <usize>rowAt) << 3);
    store<f64>(at, load<f64>(at) + (isLeft ? leftValue : rightValue));
    recordsAt += bytes;
  }
}
