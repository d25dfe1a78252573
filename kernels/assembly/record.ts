/**
 * Rows as records that are moved to the children of a split: bins padded to a multiple of 4 bytes, then at `rowAt` the
 * row's number, its gradient and its hessian, 4 bytes each, and a number of 8. See src/ml/kernel/record-kernel.ts.
 */

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
