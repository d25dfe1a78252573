/**
 * Rows of one tree as records, those of a node side by side. A record is a multiple of 16 bytes: the bins of all columns,
 * then what a row adds to a bin. Two kinds:
 *
 *   counting   the last byte of the record is 0 or 1; a bin holds [ sum of it, rows ] as two 32-bit numbers
 *   summing    the last 16 bytes are two float64; a bin holds their sums, exact because they are multiples of fixed units
 *
 * A column of a histogram has SLOTS bins.
 */

/** 256 and some more, because bins of two columns a multiple of 4,096 bytes apart would make the processor wait. */
const SLOTS: usize = 260;
const COUNT_STRIDE: usize = SLOTS * 4;
const COUNTING_STRIDE: usize = SLOTS * 8;
const SUMMING_STRIDE: usize = SLOTS * 16;
/** Rows that are moved and then counted, while they are in the processor's own cache. */
const BLOCK_ROWS: i32 = 256;
/** Rows that counters of 16 bits hold. */
const COUNT_ROWS: i32 = 65535;

/** A number that looks random, of the row and the seed. Source: MurmurHash3's finalizer (Appleby). */
@inline
function hashOf(row: u32, seed: u32): u32 {
  let hash = ((row + 1) * 0x9e3779b1) ^ seed;
  hash = (hash ^ (hash >> 16)) * 0x85ebca6b;
  hash = (hash ^ (hash >> 13)) * 0xc2b2ae35;
  return hash ^ (hash >> 16);
}

/**
 * Writes records of the rows that are drawn, those whose hash is below `limit`; gives how many. `marksAt`: a byte a row,
 * its class, or 255 for a row that takes no part. `factsAt`: two float64 a row, 0 for counting records. Every row is
 * written, and kept or not: there must be room for one record more, and bytes behind the last row's bins may be read.
 */
export function drawTreeRows(
  binsAt: usize,
  columnCount: i32,
  marksAt: usize,
  factsAt: usize,
  firstRow: i32,
  rowCount: i32,
  limit: u32,
  seed: u32,
  recordsAt: usize,
  recordBytes: i32,
): i32 {
  const bytes = <usize>recordBytes;
  const binBytes = factsAt == 0 ? bytes : bytes - 16;
  let target = recordsAt;
  for (let row = 0; row < rowCount; row++) {
    for (let offset: usize = 0; offset < binBytes; offset += 16) {
      v128.store(target + offset, v128.load(binsAt + offset));
    }
    const mark = <u32>load<u8>(marksAt);
    if (factsAt != 0) {
      v128.store(target + binBytes, v128.load(factsAt));
      factsAt += 16;
    } else {
      store<u8>(target + bytes - 1, mark);
    }
    const isDrawn = <u32>(hashOf(<u32>(firstRow + row), seed) < limit) & <u32>(mark != 255);
    target += bytes & (0 - <usize>isDrawn);
    binsAt += <usize>columnCount;
    marksAt++;
  }
  return <i32>((target - recordsAt) / bytes);
}

@inline
function count(at: usize, value: u32): void {
  store<u32>(at, load<u32>(at) + value);
}

/** Adds to one bin of each of eight columns. Written out: offsets that are constants cost nothing. */
@inline
function countEight(countsAt: usize, word: u64, value: u32): void {
  count(countsAt + <usize>((word << 2) & 0x3fc), value);
  count(countsAt + COUNT_STRIDE + <usize>((word >> 6) & 0x3fc), value);
  count(countsAt + 2 * COUNT_STRIDE + <usize>((word >> 14) & 0x3fc), value);
  count(countsAt + 3 * COUNT_STRIDE + <usize>((word >> 22) & 0x3fc), value);
  count(countsAt + 4 * COUNT_STRIDE + <usize>((word >> 30) & 0x3fc), value);
  count(countsAt + 5 * COUNT_STRIDE + <usize>((word >> 38) & 0x3fc), value);
  count(countsAt + 6 * COUNT_STRIDE + <usize>((word >> 46) & 0x3fc), value);
  count(countsAt + 7 * COUNT_STRIDE + <usize>((word >> 54) & 0x3fc), value);
}

@inline
function countRow(at: usize, columnCount: i32, value: u32, countsAt: usize): void {
  let left = columnCount;
  for (; left >= 8; left -= 8) {
    countEight(countsAt, load<u64>(at), value);
    at += 8;
    countsAt += 8 * COUNT_STRIDE;
  }
  for (; left > 0; left--) {
    count(countsAt + (<usize>load<u8>(at) << 2), value);
    at++;
    countsAt += COUNT_STRIDE;
  }
}

@inline
function sumRow(at: usize, columnCount: i32, value: v128, histogramAt: usize): void {
  for (let column = 0; column < columnCount; column++) {
    const slot = histogramAt + (<usize>load<u8>(at) << 4);
    v128.store(slot, f64x2.add(v128.load(slot), value));
    at++;
    histogramAt += SUMMING_STRIDE;
  }
}

/** Counters of 16 bits to a histogram, added or (`isFirst`) stored; they are zero afterwards. */
function flushCounts(countsAt: usize, columnCount: i32, histogramAt: usize, isFirst: bool): void {
  const mask = i32x4.splat(0xffff);
  const zero = i32x4.splat(0);
  const endAt = countsAt + <usize>columnCount * COUNT_STRIDE;
  for (let at = countsAt; at < endAt; at += 16) {
    const counts = v128.load(at);
    const ones = v128.and(counts, mask);
    const rows = i32x4.shr_u(counts, 16);
    let low = i32x4.shuffle(ones, rows, 0, 4, 1, 5);
    let high = i32x4.shuffle(ones, rows, 2, 6, 3, 7);
    if (!isFirst) {
      low = i32x4.add(low, v128.load(histogramAt));
      high = i32x4.add(high, v128.load(histogramAt, 16));
    }
    v128.store(histogramAt, low);
    v128.store(histogramAt, high, 16);
    v128.store(at, zero);
    histogramAt += 32;
  }
}

/** Counts records into counters of 16 bits. */
function countRecords(recordsAt: usize, endAt: usize, bytes: usize, columnCount: i32, countsAt: usize): void {
  for (let at = recordsAt; at < endAt; at += bytes) {
    const value = 0x10000 | <u32>load<u8>(at + bytes - 1);
    if (columnCount == 28) {
      countEight(countsAt, load<u64>(at), value);
      countEight(countsAt + 8 * COUNT_STRIDE, load<u64>(at, 8), value);
      countEight(countsAt + 16 * COUNT_STRIDE, load<u64>(at, 16), value);
      const word = load<u32>(at, 24);
      count(countsAt + 24 * COUNT_STRIDE + <usize>((word << 2) & 0x3fc), value);
      count(countsAt + 25 * COUNT_STRIDE + <usize>((word >> 6) & 0x3fc), value);
      count(countsAt + 26 * COUNT_STRIDE + <usize>((word >> 14) & 0x3fc), value);
      count(countsAt + 27 * COUNT_STRIDE + <usize>((word >> 22) & 0x3fc), value);
    } else {
      countRow(at, columnCount, value, countsAt);
    }
  }
}

function sumRecordBlock(recordsAt: usize, endAt: usize, bytes: usize, columnCount: i32, histogramAt: usize): void {
  for (let at = recordsAt; at < endAt; at += bytes) {
    sumRow(at, columnCount, v128.load(at + bytes - 16), histogramAt);
  }
}

/**
 * Histogram of so many records, whatever was there before. `countsAt`: zeroed counters of counting records, 0 for
 * summing ones.
 */
export function sumTreeRows(
  recordsAt: usize,
  recordCount: i32,
  recordBytes: i32,
  columnCount: i32,
  countsAt: usize,
  histogramAt: usize,
): void {
  const bytes = <usize>recordBytes;
  const endAt = recordsAt + <usize>recordCount * bytes;
  if (countsAt == 0) {
    memory.fill(histogramAt, 0, <usize>columnCount * SUMMING_STRIDE);
    sumRecordBlock(recordsAt, endAt, bytes, columnCount, histogramAt);
    return;
  }
  let isFirst = true;
  do {
    const nextAt = min(endAt, recordsAt + <usize>COUNT_ROWS * bytes);
    countRecords(recordsAt, nextAt, bytes, columnCount, countsAt);
    flushCounts(countsAt, columnCount, histogramAt, isFirst);
    isFirst = false;
    recordsAt = nextAt;
  } while (recordsAt < endAt);
}

/** 1 if the record belongs in front. */
@inline
function isFront(at: usize, lastBin: u32, missingBin: u32, flip: u32): usize {
  const bin = <u32>load<u8>(at);
  return <usize>((<u32>(bin <= lastBin) | <u32>(bin == missingBin)) ^ flip);
}

/**
 * Moves the records of a block that belong in front to `frontAt` and on, each changing places with the one there; gives
 * the address behind them. No branch to mispredict.
 */
@inline
function moveBlock(
  at: usize,
  endAt: usize,
  frontAt: usize,
  bytes: usize,
  column: usize,
  lastBin: u32,
  missingBin: u32,
  flip: u32,
): usize {
  if (bytes == 32) {
    for (; at < endAt; at += 32) {
      const goes = isFront(at + column, lastBin, missingBin, flip);
      const first = v128.load(at);
      const second = v128.load(at, 16);
      v128.store(at, v128.load(frontAt));
      v128.store(at, v128.load(frontAt, 16), 16);
      v128.store(frontAt, first);
      v128.store(frontAt, second, 16);
      frontAt += goes << 5;
    }
    return frontAt;
  }
  for (; at < endAt; at += bytes) {
    const goes = isFront(at + column, lastBin, missingBin, flip);
    for (let offset: usize = 0; offset < bytes; offset += 16) {
      const part = v128.load(at + offset);
      v128.store(at + offset, v128.load(frontAt + offset));
      v128.store(frontAt + offset, part);
    }
    frontAt += bytes & (0 - goes);
  }
  return frontAt;
}

/**
 * Moves the records of one side of a split to the front; gives how many. In front are those whose bin of the column is
 * at most `lastBin` or is `missingBin` (256: none), or with `flip` 1 all others. With `histogramAt` not 0 their histogram
 * is made meanwhile.
 */
export function splitTreeRows(
  recordsAt: usize,
  recordCount: i32,
  recordBytes: i32,
  columnCount: i32,
  column: i32,
  lastBin: i32,
  missingBin: i32,
  flip: i32,
  countsAt: usize,
  histogramAt: usize,
): i32 {
  const bytes = <usize>recordBytes;
  const endAt = recordsAt + <usize>recordCount * bytes;
  let frontAt = recordsAt;
  let waiting = 0;
  let isFirst = true;
  if (histogramAt != 0 && countsAt == 0) memory.fill(histogramAt, 0, <usize>columnCount * SUMMING_STRIDE);
  for (let at = recordsAt; at < endAt; ) {
    const blockEnd = min(endAt, at + <usize>BLOCK_ROWS * bytes);
    const movedAt = frontAt;
    frontAt = moveBlock(at, blockEnd, frontAt, bytes, <usize>column, lastBin, missingBin, flip);
    at = blockEnd;
    if (histogramAt == 0) continue;
    if (countsAt == 0) {
      sumRecordBlock(movedAt, frontAt, bytes, columnCount, histogramAt);
      continue;
    }
    countRecords(movedAt, frontAt, bytes, columnCount, countsAt);
    waiting += BLOCK_ROWS;
    if (waiting + BLOCK_ROWS <= COUNT_ROWS) continue;
    flushCounts(countsAt, columnCount, histogramAt, isFirst);
    isFirst = false;
    waiting = 0;
  }
  if (histogramAt != 0 && countsAt != 0) flushCounts(countsAt, columnCount, histogramAt, isFirst);
  return <i32>((frontAt - recordsAt) / bytes);
}

/** Takes the bins of one histogram away from those of another. */
export function subtractTreeRows(fromAt: usize, partAt: usize, columnCount: i32, isCounting: i32): void {
  if (isCounting != 0) {
    const endAt = fromAt + <usize>columnCount * COUNTING_STRIDE;
    for (; fromAt < endAt; fromAt += 16) {
      v128.store(fromAt, i32x4.sub(v128.load(fromAt), v128.load(partAt)));
      partAt += 16;
    }
    return;
  }
  const endAt = fromAt + <usize>columnCount * SUMMING_STRIDE;
  for (; fromAt < endAt; fromAt += 16) {
    v128.store(fromAt, f64x2.sub(v128.load(fromAt), v128.load(partAt)));
    partAt += 16;
  }
}
