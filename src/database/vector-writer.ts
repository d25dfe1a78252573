/** The engine's vectors written into DuckDB's, each in its type's carrier (type-map.ts). */
import duckdb from '@duckdb/node-bindings';
import { type IntervalValue, type SqlType, type Value, type VectorValues } from '../core/index.ts';

type TypedArray = Uint8Array | Int16Array | Int32Array | BigInt64Array | Float32Array | Float64Array;

/** Writes `count` values. `nulls[i]` 1, or a null among plain values, makes a NULL. */
export function writeVector(
  vector: duckdb.Vector,
  type: SqlType,
  values: VectorValues,
  nulls: Uint8Array | undefined,
  count: number,
): void {
  if (ArrayBuffer.isView(values) && nulls === undefined) return writeArray(vector, values, count);
  const isNull = (row: number): boolean =>
    nulls?.[row] === 1 || values[row] === null || values[row] === undefined;
  writeNulls(vector, isNull, count);
  switch (type.kind) {
    case 'list':
      return writeLists(vector, type.element, values as readonly Value[], isNull, count);
    case 'struct':
      return type.fields.forEach((field, index) => {
        const column = plainRows(values as readonly Value[], isNull, count).map(
          (row) => row?.[index] ?? null,
        );
        writeVector(duckdb.struct_vector_get_child(vector, index), field.type, column, undefined, count);
      });
    case 'bytea':
      return eachValue(values, isNull, count, (value, row) =>
        duckdb.vector_assign_string_element_len(vector, row, value as Uint8Array),
      );
    case 'text':
    case 'numeric':
    case 'uuid':
    case 'json':
      return writeTexts(vector, values, isNull, count);
    case 'interval':
      return writeIntervals(vector, values, isNull, count);
    default:
      return writeArray(vector, typedArray(type, values, isNull, count), count);
  }
}

/** Marks the rows of NULLs. */
export function writeNulls(vector: duckdb.Vector, isNull: (row: number) => boolean, count: number): void {
  let validity: Uint8Array | undefined;
  for (let row = 0; row < count; row++) {
    if (!isNull(row)) continue;
    validity ??= new Uint8Array(Math.ceil(count / 64) * 8).fill(255);
    validity[row >> 3]! &= ~(1 << (row & 7));
  }
  if (validity === undefined) return;
  duckdb.vector_ensure_validity_writable(vector);
  duckdb.copy_data_to_vector_validity(vector, 0, validity.buffer as ArrayBuffer, 0, validity.byteLength);
}

function eachValue(
  values: VectorValues,
  isNull: (row: number) => boolean,
  count: number,
  write: (value: Value, row: number) => void,
): void {
  for (let row = 0; row < count; row++) if (!isNull(row)) write(values[row] as Value, row);
}

/**
 * Texts. Short ASCII ones are laid out here, 16 bytes a row as string-reader.ts tells: a call into DuckDB for
 * each costs several times as much. The others follow through DuckDB, which must find the short ones in
 * place.
 */
function writeTexts(
  vector: duckdb.Vector,
  values: VectorValues,
  isNull: (row: number) => boolean,
  count: number,
): void {
  const entries = Buffer.alloc(count * 16);
  const others: number[] = [];
  eachValue(values, isNull, count, (value, row) => {
    const text = String(value);
    if (text.length > 12 || !writeInline(entries, row * 16, text)) others.push(row);
  });
  duckdb.copy_data_to_vector(vector, 0, entries.buffer, entries.byteOffset, entries.byteLength);
  for (const row of others) duckdb.vector_assign_string_element(vector, row, String(values[row]));
}

function writeInline(entries: Buffer, start: number, text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code > 127) return false;
    entries[start + 4 + index] = code;
  }
  entries[start] = text.length;
  return true;
}

function plainRows(
  values: readonly Value[],
  isNull: (row: number) => boolean,
  count: number,
): (readonly Value[] | undefined)[] {
  return Array.from({ length: count }, (_, row) =>
    isNull(row) ? undefined : (values[row] as readonly Value[]),
  );
}

function writeLists(
  vector: duckdb.Vector,
  element: SqlType,
  values: readonly Value[],
  isNull: (row: number) => boolean,
  count: number,
): void {
  const entries = new BigUint64Array(count * 2);
  const children: Value[] = [];
  plainRows(values, isNull, count).forEach((list, row) => {
    entries[row * 2] = BigInt(children.length);
    entries[row * 2 + 1] = BigInt(list?.length ?? 0);
    for (const child of list ?? []) children.push(child);
  });
  duckdb.list_vector_reserve(vector, children.length);
  duckdb.list_vector_set_size(vector, children.length);
  duckdb.copy_data_to_vector(vector, 0, entries.buffer, 0, entries.byteLength);
  if (children.length === 0) return;
  writeVector(duckdb.list_vector_get_child(vector), element, children, undefined, children.length);
}

function writeIntervals(
  vector: duckdb.Vector,
  values: VectorValues,
  isNull: (row: number) => boolean,
  count: number,
): void {
  const view = new DataView(new ArrayBuffer(count * 16));
  eachValue(values, isNull, count, (value, row) => {
    const { months, days, microseconds } = value as IntervalValue;
    view.setInt32(row * 16, months, true);
    view.setInt32(row * 16 + 4, days, true);
    view.setBigInt64(row * 16 + 8, microseconds, true);
  });
  duckdb.copy_data_to_vector(vector, 0, view.buffer, 0, view.byteLength);
}

function writeArray(vector: duckdb.Vector, array: TypedArray, count: number): void {
  const bytes = count * array.BYTES_PER_ELEMENT;
  const source = array.buffer instanceof SharedArrayBuffer ? array.slice(0, count) : array;
  duckdb.copy_data_to_vector(vector, 0, source.buffer as ArrayBuffer, source.byteOffset, bytes);
}

/** The values as the array DuckDB keeps them in; already so when they come from a batch of ours. */
function typedArray(
  type: SqlType,
  values: VectorValues,
  isNull: (row: number) => boolean,
  count: number,
): TypedArray {
  if (ArrayBuffer.isView(values)) return values;
  const numbers = (row: number): number => (isNull(row) ? 0 : Number(values[row]));
  const whole = (row: number): bigint => (isNull(row) ? 0n : BigInt(values[row] as bigint));
  const rows = Array.from({ length: count }, (_, row) => row);
  switch (type.kind) {
    case 'boolean':
      return Uint8Array.from(rows, numbers);
    case 'int2':
      return Int16Array.from(rows, numbers);
    case 'int4':
    case 'date':
      return Int32Array.from(rows, numbers);
    case 'float4':
      return Float32Array.from(rows, numbers);
    case 'float8':
      return Float64Array.from(rows, numbers);
    default:
      return BigInt64Array.from(rows, whole);
  }
}
