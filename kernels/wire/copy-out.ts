/** Rows as CopyData messages, a line each. Source: CopyAttributeOutText and CopyAttributeOutCSV in copyto.c. */
import { Column, columnAt, isNull, putValue, TEXT, VALUE_BYTES_MAX } from './columns';
import { stopAt } from './rows';
import { copyText, putEscaped } from './text-copy';

/**
 * How lines are written, as the caller lays it out. `marks` has a byte a byte value: of the text format the letter that
 * follows a backslash; of CSV bit 0 where a value must be quoted and bit 1 where an escape stands before it.
 */
@unmanaged
class LineFormat {
  marks: usize = 0;
  isCsv: i32 = 0;
  delimiter: i32 = 0;
  quote: i32 = 0;
  escape: i32 = 0;
  nullText: usize = 0;
  nullLength: i32 = 0;
  /** The row has one column: `\.` alone would end the data. */
  isOnly: i32 = 0;
}

function isSame(from: usize, other: usize, length: usize): bool {
  for (let index: usize = 0; index < length; index++) {
    if (load<u8>(from + index) !== load<u8>(other + index)) return false;
  }
  return true;
}

function mustQuote(from: usize, length: usize, format: LineFormat): bool {
  if (length === <usize>format.nullLength && isSame(from, format.nullText, length)) return true;
  if (format.isOnly && length === 2 && load<u16>(from) === 0x2e5c) return true;
  for (let index: usize = 0; index < length; index++) {
    if (load<u8>(format.marks + load<u8>(from + index)) & 1) return true;
  }
  return false;
}

function putCsv(at: usize, from: usize, length: usize, isForced: i32, format: LineFormat): usize {
  if (!isForced && !mustQuote(from, length, format)) {
    return copyText(at, from, length);
  }
  store<u8>(at++, format.quote);
  for (let index: usize = 0; index < length; index++) {
    const byte = load<u8>(from + index);
    if (load<u8>(format.marks + byte) & 2) store<u8>(at++, format.escape);
    store<u8>(at++, byte);
  }
  store<u8>(at, format.quote);
  return at + 1;
}

@inline
function putText(at: usize, column: Column, row: i32, format: LineFormat): usize {
  const from = column.heap + load<u32>(column.values + (<usize>row << 2));
  const length = <usize>load<u32>(column.lengths + (<usize>row << 2));
  return format.isCsv
    ? putCsv(at, from, length, column.isForced, format)
    : putEscaped(at, from, length, format.marks, format.delimiter);
}

/** Writes one message; 0 when it does not fit. */
@inline
function putLine(at: usize, limit: usize, columnsAt: usize, columnCount: i32, row: i32, format: LineFormat): usize {
  const start = at;
  const reserve = <usize>columnCount * (VALUE_BYTES_MAX + format.nullLength) + 8;
  if (at + reserve > limit) return 0;
  store<u8>(at, 0x64);
  at += 5;
  for (let index = 0; index < columnCount; index++) {
    const column = columnAt(columnsAt, index);
    if (index > 0) store<u8>(at++, format.delimiter);
    if (isNull(column, row)) {
      at = copyText(at, format.nullText, format.nullLength);
    } else if (column.kind === TEXT) {
      const length = <usize>load<u32>(column.lengths + (<usize>row << 2));
      if (at + 2 * length + reserve > limit) return 0;
      at = putText(at, column, row, format);
    } else at = putValue(at, column, row);
  }
  store<u8>(at++, 0x0a);
  store<u32>(start + 1, bswap<u32>(<u32>(at - start - 1)));
  return at;
}

/** Writes rows from `first` on while they fit between `at` and `limit`; gives the row after the last one. */
export function putCopyRows(
  columnsAt: usize,
  columnCount: i32,
  first: i32,
  last: i32,
  formatAt: usize,
  at: usize,
  limit: usize,
): i32 {
  const format = changetype<LineFormat>(formatAt);
  let row = first;
  for (; row < last; row++) {
    const after = putLine(at, limit, columnsAt, columnCount, row, format);
    if (after === 0) break;
    at = after;
  }
  stopAt(at);
  return row;
}
