/**
 * Columnar rows in flight, at most BATCH_ROWS of them (core/limits.ts).
 *
 * One vector a column. How values are held, by type:
 *   boolean Uint8Array (0, 1) · int2 Int16Array · int4 Int32Array · int8 BigInt64Array · float4 Float32Array
 *   float8 Float64Array · date Int32Array (days since 1970-01-01) · time, timestamp, timestamptz BigInt64Array
 *   (microseconds since midnight, since 1970-01-01 UTC) · everything else an array of Value.
 * A NULL's slot holds anything; `nulls` decides.
 */
import type { Schema } from './schema.ts';
import type { SqlType } from './sql-type.ts';

/** An interval as PostgreSQL and DuckDB keep it. */
export interface IntervalValue {
  readonly months: number;
  readonly days: number;
  readonly microseconds: bigint;
}

/**
 * One value. boolean boolean · int2, int4, float4, float8, date number · int8, time, timestamp, timestamptz bigint ·
 * numeric its decimal text · text, uuid, json string · bytea Uint8Array · interval IntervalValue · list an array ·
 * struct an array of field values in field order.
 */
export type Value = null | boolean | number | bigint | string | Uint8Array | IntervalValue | readonly Value[];

/** The typed or plain array of a column. */
export type VectorValues =
  | Uint8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | Float32Array
  | Float64Array
  | readonly Value[];

/** Texts as UTF-8 in one heap: that of row i is `lengths[i]` bytes from `starts[i]` on. NULL rows have none. */
export interface Utf8Texts {
  readonly heap: Uint8Array;
  readonly starts: Uint32Array;
  readonly lengths: Uint32Array;
}

/**
 * One column of a batch. `nulls[i]` is 1 where row i is NULL; undefined when no row is. `utf8`, where it is known: the
 * texts of `values` as the database holds them, for whoever needs bytes and no strings.
 */
export interface Vector {
  readonly type: SqlType;
  readonly values: VectorValues;
  readonly nulls: Uint8Array | undefined;
  readonly utf8?: Utf8Texts | undefined;
}

export interface Batch {
  readonly schema: Schema;
  readonly rowCount: number;
  readonly columns: readonly Vector[];
  /** Lets go of the memory of the columns, which are empty from then on: for its only reader, who has read them. */
  readonly release?: () => void;
}

/** Value of a vector at a row, NULL included. */
export function valueAt(vector: Vector, row: number): Value {
  if (vector.nulls !== undefined && vector.nulls[row] === 1) return null;
  const value = vector.values[row] as Value;
  return vector.type.kind === 'boolean' && typeof value === 'number' ? value !== 0 : value;
}

/** A vector of plain values; NULLs are found in them. */
export function vectorOf(type: SqlType, values: readonly Value[]): Vector {
  let nulls: Uint8Array | undefined;
  for (let row = 0; row < values.length; row++) {
    if (values[row] === null) (nulls ??= new Uint8Array(values.length))[row] = 1;
  }
  return { type, values, nulls };
}

/** A batch of plain rows, for small results. */
export function batchOf(schema: Schema, rows: readonly (readonly Value[])[]): Batch {
  const columns = schema.map((column, index) =>
    vectorOf(
      column.type,
      rows.map((row) => row[index] ?? null),
    ),
  );
  return { schema, rowCount: rows.length, columns };
}
