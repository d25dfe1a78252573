/**
 * Lines of COPY data as columns. Only what is common is read: the first line with anything else in it ends the work, and
 * `stopReason` says why. Source: CopyReadAttributesText and CopyReadAttributesCSV in copyfromparse.c.
 */
import { BOOLEAN, Column, columnAt, DATE, FLOAT8, INT2, INT4, INT8, TEXT, TIME, TIMESTAMP_UTC } from './columns';
import {
  clearOther,
  isOther,
  parseBoolean,
  parseDate,
  parsedTo,
  parseDouble,
  parseTime,
  parseTimestamp,
  parseWhole,
} from './value-parse';

/** Marks, as the caller lays them out. */
@unmanaged
class InputFormat {
  isCsv: i32 = 0;
  delimiter: i32 = 0;
  quote: i32 = 0;
  escape: i32 = 0;
  nullText: usize = 0;
  nullLength: i32 = 0;
}

/** Why the last call stopped: the lines, or the room for rows, came to their end. */
const END = 0;
/** A value is written in a way that is not read here: `stopColumn`. */
const OTHER_VALUE = 1;
/** The line is not one of the right number of plain fields. */
const OTHER_LINE = 2;
/** A quoted value has no end yet. */
const OPEN_QUOTE = 3;

let reason: i32 = END;
let column: i32 = 0;
let lineEnd: usize = 0;
let lineCount: i32 = 0;
/** Where the next text goes, and where the line's texts are to be forgotten from. */
let heapTop: usize = 0;

export function stopReason(): i32 {
  return reason;
}
export function stopColumn(): i32 {
  return column;
}
/** The address after the last line that was read. */
export function readTo(): usize {
  return lineEnd;
}
/** Lines that were read; a record may have several. */
export function readLineCount(): i32 {
  return lineCount;
}
export function heapUsedTo(): usize {
  return heapTop;
}

@inline
function isEnd(byte: u8, format: InputFormat): bool {
  return byte === <u8>format.delimiter || byte === 0x0a;
}

/** Whether an unquoted NULL stands here. */
@inline
function isNullAt(at: usize, format: InputFormat): bool {
  const length = <usize>format.nullLength;
  if (!isEnd(load<u8>(at + length), format)) return false;
  for (let index: usize = 0; index < length; index++) {
    if (load<u8>(at + index) !== load<u8>(format.nullText + index)) return false;
  }
  return true;
}

@inline
function letterOf(byte: u8): u8 {
  switch (byte) {
    case 0x62:
      return 0x08;
    case 0x66:
      return 0x0c;
    case 0x6e:
      return 0x0a;
    case 0x72:
      return 0x0d;
    case 0x74:
      return 0x09;
    case 0x76:
      return 0x0b;
    default:
      return 0;
  }
}

/** Copies bytes to the heap until one of four; gives the address of that one. The copy may run over by 16 bytes. */
@inline
function copyUntil(at: usize, first: v128, second: v128, third: v128, fourth: v128): usize {
  let found = 0;
  do {
    const bytes = v128.load(at);
    v128.store(heapTop, bytes);
    const either = v128.or(i8x16.eq(bytes, first), i8x16.eq(bytes, second));
    found = i8x16.bitmask(v128.or(either, v128.or(i8x16.eq(bytes, third), i8x16.eq(bytes, fourth))));
    const count = found === 0 ? 16 : <usize>ctz(found);
    at += count;
    heapTop += count;
  } while (found === 0);
  return at;
}

/** A text value without quotes; gives the address after it. */
@inline
function readPlain(at: usize, format: InputFormat): usize {
  const delimiter = i8x16.splat(<i8>format.delimiter);
  const newline = i8x16.splat(0x0a);
  const carriageReturn = i8x16.splat(0x0d);
  const mark = i8x16.splat(format.isCsv ? <i8>format.quote : 0x5c);
  for (;;) {
    at = copyUntil(at, delimiter, newline, carriageReturn, mark);
    const byte = load<u8>(at);
    if (isEnd(byte, format)) return at;
    if (byte === 0x0d || format.isCsv) break;
    const next = load<u8>(at + 1);
    const letter = letterOf(next);
    const isItself = next === 0x5c || next === <u8>format.delimiter;
    if (letter === 0 && !isItself) break;
    store<u8>(heapTop++, letter !== 0 ? letter : next);
    at += 2;
  }
  reason = OTHER_LINE;
  return at;
}

/** A value in quotes, the first of which is at `at`; gives the address after the last. */
function readQuoted(at: usize, limit: usize, format: InputFormat): usize {
  const quote = <u8>format.quote;
  const escape = <u8>format.escape;
  at++;
  for (; at < limit; at++) {
    let byte = load<u8>(at);
    const next = load<u8>(at + 1);
    if (byte === escape && at + 1 < limit && (next === quote || next === escape)) {
      byte = next;
      at++;
    } else if (byte === quote) {
      if (!isEnd(next, format)) reason = OTHER_LINE;
      return at + 1;
    } else if (byte === 0x0a) lineCount++;
    else if (byte === 0x0d) {
      reason = OTHER_LINE;
      return at;
    }
    store<u8>(heapTop++, byte);
  }
  reason = OPEN_QUOTE;
  return at;
}

@inline
function readText(target: Column, row: i32, at: usize, limit: usize, format: InputFormat): usize {
  const start = heapTop;
  const isQuoted = format.isCsv && load<u8>(at) === <u8>format.quote;
  at = isQuoted ? readQuoted(at, limit, format) : readPlain(at, format);
  store<u32>(target.values + (<usize>row << 2), <u32>(start - target.heap));
  store<u32>(target.lengths + (<usize>row << 2), <u32>(heapTop - start));
  return at;
}

@inline
function readValue(target: Column, row: i32, at: usize): void {
  const values = target.values;
  const index = <usize>row;
  switch (target.kind) {
    case BOOLEAN:
      store<u8>(values + index, parseBoolean(at));
      break;
    case INT2:
      store<i16>(values + (index << 1), <i16>parseWhole(at, i16.MIN_VALUE, i16.MAX_VALUE));
      break;
    case INT4:
      store<i32>(values + (index << 2), <i32>parseWhole(at, i32.MIN_VALUE, i32.MAX_VALUE));
      break;
    case INT8:
      store<i64>(values + (index << 3), parseWhole(at, i64.MIN_VALUE, i64.MAX_VALUE));
      break;
    case FLOAT8:
      store<f64>(values + (index << 3), parseDouble(at));
      break;
    case DATE:
      store<i32>(values + (index << 2), parseDate(at));
      break;
    case TIME:
      store<i64>(values + (index << 3), parseTime(at));
      break;
    default:
      store<i64>(values + (index << 3), parseTimestamp(at, target.kind === TIMESTAMP_UTC));
  }
}

/** A value that is no text; gives the address after it. */
@inline
function readField(target: Column, row: i32, at: usize, format: InputFormat): usize {
  const isQuoted = format.isCsv && load<u8>(at) === <u8>format.quote;
  clearOther();
  readValue(target, row, isQuoted ? at + 1 : at);
  at = parsedTo;
  if (isQuoted && load<u8>(at++) !== <u8>format.quote) reason = OTHER_VALUE;
  if (isOther || !isEnd(load<u8>(at), format)) reason = OTHER_VALUE;
  return at;
}

/** Reads a line into row `row`; the address after its end, or 0. */
function readLine(columnsAt: usize, columnCount: i32, row: i32, at: usize, limit: usize, format: InputFormat): usize {
  const isMarker = load<u8>(at) === 0x5c && load<u8>(at + 1) === 0x2e;
  if (isMarker) reason = OTHER_LINE;
  for (let index = 0; index < columnCount && reason === END; index++) {
    column = index;
    const target = columnAt(columnsAt, index);
    if (isNullAt(at, format)) {
      store<u8>(target.nulls + row, 1);
      target.isForced = 1;
      if (target.kind === TEXT) store<u32>(target.lengths + (<usize>row << 2), 0);
      at += format.nullLength;
    } else {
      store<u8>(target.nulls + row, 0);
      at = target.kind === TEXT ? readText(target, row, at, limit, format) : readField(target, row, at, format);
      if (reason !== END) break;
    }
    const expected = index + 1 === columnCount ? 0x0a : <u8>format.delimiter;
    if (load<u8>(at++) !== expected) reason = OTHER_LINE;
  }
  return at;
}

/**
 * Reads lines between `at` and `limit`, before which a line ends, and behind which 16 bytes may be read. Gives the number
 * of rows, at most `rowCountMax`. Texts go to the heap, which has 16 bytes more than the lines.
 */
export function readLines(
  columnsAt: usize,
  columnCount: i32,
  rowCountMax: i32,
  at: usize,
  limit: usize,
  formatAt: usize,
  heapAt: usize,
): i32 {
  const format = changetype<InputFormat>(formatAt);
  reason = END;
  lineEnd = at;
  lineCount = 0;
  heapTop = heapAt;
  let row = 0;
  while (row < rowCountMax && at < limit) {
    const heapBefore = heapTop;
    const linesBefore = lineCount;
    at = readLine(columnsAt, columnCount, row, at, limit, format);
    if (reason !== END) {
      heapTop = heapBefore;
      lineCount = linesBefore;
      return row;
    }
    lineEnd = at;
    lineCount++;
    row++;
  }
  return row;
}
