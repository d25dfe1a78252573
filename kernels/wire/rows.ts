/** Rows as DataRow messages. */
import { BINARY, Column, columnAt, isNull, putValue, TEXT, VALUE_BYTES_MAX } from './columns';
import { putBinary } from './binary';
import { copyText } from './text-copy';

let end: usize = 0;

/** Where the last call stopped writing. */
export function writtenTo(): usize {
  return end;
}

export function stopAt(at: usize): void {
  end = at;
}

@inline
function putField(at: usize, column: Column, row: i32): usize {
  const after = column.kind >= BINARY ? putBinary(at + 4, column, row) : putValue(at + 4, column, row);
  store<u32>(at, bswap<u32>(<u32>(after - at - 4)));
  return after;
}

/** Writes one message; 0 when it does not fit. */
@inline
function putRow(at: usize, limit: usize, columnsAt: usize, columnCount: i32, row: i32): usize {
  const start = at;
  const reserve = <usize>columnCount * VALUE_BYTES_MAX + 8;
  if (at + reserve > limit) return 0;
  store<u8>(at, 0x44);
  store<u16>(at + 5, bswap<u16>(<u16>columnCount));
  at += 7;
  for (let index = 0; index < columnCount; index++) {
    const column = columnAt(columnsAt, index);
    if (isNull(column, row)) {
      store<u32>(at, 0xffffffff);
      at += 4;
    } else if (column.kind === TEXT) {
      const length = load<u32>(column.lengths + (<usize>row << 2));
      if (at + length + reserve > limit) return 0;
      store<u32>(at, bswap<u32>(length));
      at = copyText(at + 4, column.heap + load<u32>(column.values + (<usize>row << 2)), length);
    } else at = putField(at, column, row);
  }
  store<u32>(start + 1, bswap<u32>(<u32>(at - start - 1)));
  return at;
}

/** Writes rows from `first` on while they fit between `at` and `limit`; gives the row after the last one. */
export function putDataRows(
  columnsAt: usize,
  columnCount: i32,
  first: i32,
  last: i32,
  at: usize,
  limit: usize,
): i32 {
  let row = first;
  for (; row < last; row++) {
    const after = putRow(at, limit, columnsAt, columnCount, row);
    if (after === 0) break;
    at = after;
  }
  end = at;
  return row;
}
