/**
 * DuckDB's data chunks as batches. Fixed-width columns are one copy of DuckDB's own array; everything else
 * becomes plain values. What a type of DuckDB's is carried by is told in type-map.ts.
 */
import { DuckDBVector } from '@duckdb/node-api';
import duckdb from '@duckdb/node-bindings';
import {
  type Batch,
  type Schema,
  type SqlType,
  TextVector,
  Types,
  type Value,
  type Vector,
  type VectorValues,
} from '../core/index.ts';
import { releaseCopy } from './chunk-copy.ts';
import { readBytes, readStrings } from './string-reader.ts';
import { readUtf8 } from './utf8-reader.ts';
import { sqlTypeOf } from './type-map.ts';
import { decimalText, uuidText } from './value-text.ts';

const { Type } = duckdb;

/** Reads the values of `count` rows; slots of NULL rows may hold anything. */
type ValuesReader = (vector: duckdb.Vector, count: number, nulls: Uint8Array | undefined) => VectorValues;

/** How to read one column of a result. */
export interface ColumnReader {
  readonly type: SqlType;
  readonly read: ValuesReader;
  /** Whether the column is a VARCHAR: its texts may be left as UTF-8. */
  readonly isText?: boolean;
}

/** A chunk of a result as a batch. */
export function readBatch(chunk: duckdb.DataChunk, schema: Schema, readers: readonly ColumnReader[]): Batch {
  const rowCount = duckdb.data_chunk_get_size(chunk);
  const columns = readers.map((reader, index) =>
    readVector(duckdb.data_chunk_get_vector(chunk, index), rowCount, reader),
  );
  return { schema, rowCount, columns, release: () => columns.forEach(releaseVector) };
}

function releaseVector(vector: Vector): void {
  const { nulls, utf8 } = vector;
  if (nulls !== undefined) releaseCopy(nulls);
  if (utf8 !== undefined) for (const part of [utf8.heap, utf8.starts, utf8.lengths]) releaseCopy(part);
  else if (ArrayBuffer.isView(vector.values)) releaseCopy(vector.values);
}

/** A vector's first `count` values, copied. */
export function readVector(vector: duckdb.Vector, count: number, reader: ColumnReader): Vector {
  const nulls = readNulls(vector, count);
  if (reader.isText === true) return new TextVector(reader.type, readUtf8(vector, count, nulls), nulls);
  return { type: reader.type, values: reader.read(vector, count, nulls), nulls };
}

/**
 * 1 for each NULL row; undefined when there is none. Bits past the row count are garbage and not looked at.
 */
export function readNulls(vector: duckdb.Vector, count: number): Uint8Array | undefined {
  const bits = duckdb.vector_get_validity(vector, Math.ceil(count / 64) * 8) as Uint8Array | null;
  if (bits === null) return undefined;
  let nulls: Uint8Array | undefined;
  for (let byte = 0; byte << 3 < count; byte++) {
    const valid = bits[byte]!;
    if (valid === 0xff) continue;
    const end = Math.min(count, (byte + 1) << 3);
    for (let row = byte << 3; row < end; row++) {
      if (((valid >> (row & 7)) & 1) === 0) (nulls ??= new Uint8Array(count))[row] = 1;
    }
  }
  return nulls;
}

type FixedArray =
  | typeof Uint8Array
  | typeof Int8Array
  | typeof Int16Array
  | typeof Uint16Array
  | typeof Int32Array;
type WideArray = typeof Uint32Array | typeof Float32Array | typeof Float64Array;
type BigArray = typeof BigInt64Array | typeof BigUint64Array;

/** DuckDB's array of a fixed-width type, copied. */
export function fixedValues<A extends FixedArray | WideArray | BigArray>(
  array: A,
  vector: duckdb.Vector,
  count: number,
): InstanceType<A> {
  const bytes = duckdb.vector_get_data(vector, count * array.BYTES_PER_ELEMENT);
  return new array(bytes.buffer as ArrayBuffer, bytes.byteOffset, count) as InstanceType<A>;
}

const fixed =
  (array: FixedArray | WideArray | BigArray): ValuesReader =>
  (vector, count) =>
    fixedValues(array, vector, count) as VectorValues;

/** Values of each non-NULL row through a function. */
function eachRow(count: number, nulls: Uint8Array | undefined, valueAt: (row: number) => Value): Value[] {
  const values = new Array<Value>(count);
  for (let row = 0; row < count; row++) values[row] = nulls?.[row] === 1 ? null : valueAt(row);
  return values;
}

/** A 128-bit integer, signed by its upper half. */
function hugeAt(words: BigInt64Array, row: number): bigint {
  return (words[row * 2 + 1]! << 64n) | BigInt.asUintN(64, words[row * 2]!);
}

/** Integers wider than ours as decimal text. */
function wideText(
  scale: number,
  valueAt: (words: BigInt64Array, row: number) => bigint,
  words: number,
): ValuesReader {
  return (vector, count, nulls) => {
    const data = fixedValues(BigInt64Array, vector, count * words);
    return eachRow(count, nulls, (row) => decimalText(valueAt(data, row), scale));
  };
}

function decimalReader(logical: duckdb.LogicalType): ValuesReader {
  const scale = duckdb.decimal_scale(logical);
  switch (duckdb.decimal_internal_type(logical)) {
    case Type.SMALLINT:
      return decimalOf(Int16Array, scale);
    case Type.INTEGER:
      return decimalOf(Int32Array, scale);
    case Type.BIGINT:
      return wideText(scale, (words, row) => words[row]!, 1);
    default:
      return wideText(scale, hugeAt, 2);
  }
}

function decimalOf(array: typeof Int16Array | typeof Int32Array, scale: number): ValuesReader {
  return (vector, count, nulls) => {
    const data = fixedValues(array, vector, count);
    return eachRow(count, nulls, (row) => decimalText(BigInt(data[row]!), scale));
  };
}

/** Timestamps of another unit as microseconds; DuckDB's infinities stay what they are. */
function microseconds(convert: (value: bigint) => bigint): ValuesReader {
  const infinity = 9223372036854775807n;
  return (vector, count) =>
    fixedValues(BigInt64Array, vector, count).map((value) =>
      value === infinity || value === -infinity ? value : convert(value),
    );
}

const floorDivide = (value: bigint, by: bigint): bigint => (value < 0n ? (value - by + 1n) / by : value / by);

const readInterval: ValuesReader = (vector, count, nulls) => {
  const bytes = duckdb.vector_get_data(vector, count * 16);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return eachRow(count, nulls, (row) => ({
    months: view.getInt32(row * 16, true),
    days: view.getInt32(row * 16 + 4, true),
    microseconds: view.getBigInt64(row * 16 + 8, true),
  }));
};

const readUuid: ValuesReader = (vector, count, nulls) => {
  const words = fixedValues(BigInt64Array, vector, count * 2);
  return eachRow(count, nulls, (row) => uuidText(hugeAt(words, row)));
};

/** Types that only DuckDB's own client unpacks (BIT, UNION, VARIANT, …), as their text. */
const readText: ValuesReader = (vector, count, nulls) => {
  const items = DuckDBVector.create(vector, count);
  return eachRow(count, nulls, (row) => String(items.getItem(row)));
};

function enumReader(logical: duckdb.LogicalType): ValuesReader {
  const size = duckdb.enum_dictionary_size(logical);
  const dictionary = Array.from({ length: size }, (_, code) => duckdb.enum_dictionary_value(logical, code));
  const internal = duckdb.enum_internal_type(logical);
  const array =
    internal === Type.UTINYINT ? Uint8Array : internal === Type.USMALLINT ? Uint16Array : Uint32Array;
  return (vector, count, nulls) => {
    const codes = fixedValues(array, vector, count);
    return eachRow(count, nulls, (row) => dictionary[codes[row]!]!);
  };
}

/** Values of a child vector, NULLs as null. */
function plainValues(reader: ColumnReader, vector: duckdb.Vector, count: number): Value[] {
  if (count === 0) return [];
  const nulls = readNulls(vector, count);
  const values = reader.read(vector, count, nulls);
  const isBoolean = reader.type.kind === 'boolean';
  return eachRow(count, nulls, (row) => (isBoolean ? values[row] === 1 : (values[row] as Value)));
}

function listReader(element: ColumnReader): ValuesReader {
  return (vector, count, nulls) => {
    const entries = fixedValues(BigUint64Array, vector, count * 2);
    const children = plainValues(
      element,
      duckdb.list_vector_get_child(vector),
      duckdb.list_vector_get_size(vector),
    );
    return eachRow(count, nulls, (row) => {
      const start = Number(entries[row * 2]);
      return children.slice(start, start + Number(entries[row * 2 + 1]));
    });
  };
}

function arrayReader(element: ColumnReader, size: number): ValuesReader {
  return (vector, count, nulls) => {
    const children = plainValues(element, duckdb.array_vector_get_child(vector), count * size);
    return eachRow(count, nulls, (row) => children.slice(row * size, (row + 1) * size));
  };
}

function structReader(fields: readonly ColumnReader[]): ValuesReader {
  return (vector, count, nulls) => {
    const children = fields.map((field, index) =>
      plainValues(field, duckdb.struct_vector_get_child(vector, index), count),
    );
    return eachRow(count, nulls, (row) => children.map((values) => values[row]!));
  };
}

const simpleReaders: ReadonlyMap<duckdb.Type, ValuesReader> = new Map<duckdb.Type, ValuesReader>([
  [Type.BOOLEAN, fixed(Uint8Array)],
  [Type.TINYINT, (vector, count) => Int16Array.from(fixedValues(Int8Array, vector, count))],
  [Type.UTINYINT, (vector, count) => Int16Array.from(fixedValues(Uint8Array, vector, count))],
  [Type.SMALLINT, fixed(Int16Array)],
  [Type.USMALLINT, (vector, count) => Int32Array.from(fixedValues(Uint16Array, vector, count))],
  [Type.INTEGER, fixed(Int32Array)],
  [Type.UINTEGER, (vector, count) => BigInt64Array.from(fixedValues(Uint32Array, vector, count), BigInt)],
  [Type.BIGINT, fixed(BigInt64Array)],
  [Type.UBIGINT, wideText(0, (words, row) => BigInt.asUintN(64, words[row]!), 1)],
  [Type.HUGEINT, wideText(0, hugeAt, 2)],
  [Type.UHUGEINT, wideText(0, (words, row) => BigInt.asUintN(128, hugeAt(words, row)), 2)],
  [Type.FLOAT, fixed(Float32Array)],
  [Type.DOUBLE, fixed(Float64Array)],
  [Type.DATE, fixed(Int32Array)],
  [Type.TIME, fixed(BigInt64Array)],
  [Type.TIME_NS, microseconds((value) => floorDivide(value, 1000n))],
  [Type.TIMESTAMP, fixed(BigInt64Array)],
  [Type.TIMESTAMP_TZ, fixed(BigInt64Array)],
  [Type.TIMESTAMP_S, microseconds((value) => value * 1_000_000n)],
  [Type.TIMESTAMP_MS, microseconds((value) => value * 1000n)],
  [Type.TIMESTAMP_NS, microseconds((value) => floorDivide(value, 1000n))],
  [Type.INTERVAL, readInterval],
  [Type.VARCHAR, readStrings],
  [Type.BLOB, readBytes],
  [Type.UUID, readUuid],
]);

/** The reader of a DuckDB type. */
export function columnReader(logical: duckdb.LogicalType): ColumnReader {
  const isText = duckdb.get_type_id(logical) === Type.VARCHAR;
  return { type: sqlTypeOf(logical) ?? Types.text, read: valuesReader(logical), isText };
}

function valuesReader(logical: duckdb.LogicalType): ValuesReader {
  const id = duckdb.get_type_id(logical);
  switch (id) {
    case Type.DECIMAL:
      return decimalReader(logical);
    case Type.ENUM:
      return enumReader(logical);
    case Type.LIST:
      return listReader(columnReader(duckdb.list_type_child_type(logical)));
    case Type.ARRAY:
      return arrayReader(
        columnReader(duckdb.array_type_child_type(logical)),
        duckdb.array_type_array_size(logical),
      );
    case Type.MAP:
      return listReader(mapEntryReader(logical));
    case Type.STRUCT:
      return structReader(
        Array.from({ length: duckdb.struct_type_child_count(logical) }, (_, index) =>
          columnReader(duckdb.struct_type_child_type(logical, index)),
        ),
      );
    case Type.SQLNULL:
      return (_, count) => new Array<Value>(count).fill(null);
    default:
      return simpleReaders.get(id) ?? readText;
  }
}

function mapEntryReader(logical: duckdb.LogicalType): ColumnReader {
  const key = columnReader(duckdb.map_type_key_type(logical));
  const value = columnReader(duckdb.map_type_value_type(logical));
  return { type: Types.text, read: structReader([key, value]) };
}
