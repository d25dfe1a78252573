/** Values in PostgreSQL's binary form: big-endian, days and microseconds counted from 2000-01-01. */
import { BINARY, BOOLEAN, Column, DATE, INT2, INT4, TIMESTAMP, TIMESTAMP_UTC } from './columns';

const EPOCH_DAYS: i32 = 10957;
const EPOCH_MICROSECONDS: i64 = 946684800000000;

@inline
function dateOf(days: i32): i32 {
  if (days === i32.MAX_VALUE) return i32.MAX_VALUE;
  return days <= -i32.MAX_VALUE ? i32.MIN_VALUE : days - EPOCH_DAYS;
}

@inline
function timestampOf(microseconds: i64): i64 {
  if (microseconds === i64.MAX_VALUE) return i64.MAX_VALUE;
  return microseconds <= -i64.MAX_VALUE ? i64.MIN_VALUE : microseconds - EPOCH_MICROSECONDS;
}

@inline
export function putBinary(at: usize, column: Column, row: i32): usize {
  const values = column.values;
  const index = <usize>row;
  switch (column.kind - BINARY) {
    case BOOLEAN:
      store<u8>(at, u8(load<u8>(values + index) !== 0));
      return at + 1;
    case INT2:
      store<u16>(at, bswap<u16>(load<u16>(values + (index << 1))));
      return at + 2;
    case INT4:
      store<u32>(at, bswap<u32>(load<u32>(values + (index << 2))));
      return at + 4;
    case DATE:
      store<u32>(at, bswap<u32>(<u32>dateOf(load<i32>(values + (index << 2)))));
      return at + 4;
    case TIMESTAMP:
    case TIMESTAMP_UTC:
      store<u64>(at, bswap<u64>(<u64>timestampOf(load<i64>(values + (index << 3)))));
      return at + 8;
    default:
      store<u64>(at, bswap<u64>(load<u64>(values + (index << 3))));
      return at + 8;
  }
}
