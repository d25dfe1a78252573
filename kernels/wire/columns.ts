/** Columns as the caller lays them out: 32 bytes each, in the order of the fields here. */
import { putDate, putTime, putTimestamp } from './date-text';
import { putI32, putI64 } from './digits';
import { putDouble } from './double-text';

export const COLUMN_BYTES: usize = 32;
/** No value but a text takes more bytes. */
export const VALUE_BYTES_MAX: usize = 64;

/** How a column's values are held and written: the numbers of src/wire/kernel/column-kind.ts. */
export const BOOLEAN = 0;
export const INT2 = 1;
export const INT4 = 2;
export const INT8 = 3;
export const FLOAT8 = 4;
export const DATE = 5;
export const TIME = 6;
export const TIMESTAMP = 7;
export const TIMESTAMP_UTC = 8;
export const TEXT = 9;
/** Added to the number of a kind whose values are sent in binary. */
export const BINARY = 16;

@unmanaged
export class Column {
  kind: i32 = 0;
  /** Numbers; of texts where each one starts in the heap. */
  values: usize = 0;
  /** A byte a row, 1 for NULL; 0 when no row is. */
  nulls: usize = 0;
  lengths: usize = 0;
  heap: usize = 0;
  /** CSV: quoted always. */
  isForced: i32 = 0;
}

@inline
export function columnAt(columnsAt: usize, index: i32): Column {
  return changetype<Column>(columnsAt + <usize>index * COLUMN_BYTES);
}

@inline
export function isNull(column: Column, row: i32): bool {
  return column.nulls !== 0 && load<u8>(column.nulls + row) === 1;
}

/** Writes the text of a value that is not a text already. */
@inline
export function putValue(at: usize, column: Column, row: i32): usize {
  const values = column.values;
  switch (column.kind) {
    case BOOLEAN:
      store<u8>(at, load<u8>(values + row) !== 0 ? 0x74 : 0x66);
      return at + 1;
    case INT2:
      return putI32(at, load<i16>(values + (<usize>row << 1)));
    case INT4:
      return putI32(at, load<i32>(values + (<usize>row << 2)));
    case INT8:
      return putI64(at, load<i64>(values + (<usize>row << 3)));
    case FLOAT8:
      return putDouble(at, load<f64>(values + (<usize>row << 3)));
    case DATE:
      return putDate(at, load<i32>(values + (<usize>row << 2)));
    case TIME:
      return putTime(at, load<i64>(values + (<usize>row << 3)));
    default:
      return putTimestamp(at, load<i64>(values + (<usize>row << 3)), column.kind === TIMESTAMP_UTC);
  }
}
