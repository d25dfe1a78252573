/**
 * Parameters: `$n` rewritten to a cast where its type is known, so that DuckDB can tell every column's type
 * at prepare time; and values handed over bound, never pasted.
 */
import duckdb from '@duckdb/node-bindings';
import { type SqlType, type Value, sqlTypeText } from '../core/index.ts';
import { scanSql } from './sql-scanner.ts';
import { carrierType } from './type-map.ts';

/** SQL text with parameters rewritten, and the way back for positions in it. */
export interface RewrittenSql {
  readonly text: string;
  /** Offset in the text as written, for one in the rewritten text. */
  originalOffset(offset: number): number;
}

/**
 * `$n` becomes `cast($n as T)` for each type that is known; strings, comments and quoted names stay as they
 * are. `sample` puts a literal in their places: only to describe a statement that hangs on a table function.
 */
export function rewriteParameters(
  sql: string,
  types: readonly (SqlType | undefined)[],
  sample?: string,
): RewrittenSql {
  if (types.length === 0 || !sql.includes('$')) return { text: sql, originalOffset: (offset) => offset };
  const edits: { readonly original: number; readonly rewritten: number; readonly end: number }[] = [];
  let text = '';
  let copied = 0;
  for (const token of scanSql(sql)) {
    if (token.kind !== 'parameter') continue;
    const type = types[Number(token.value) - 1];
    if (type === undefined) continue;
    text += sql.slice(copied, token.start);
    const rewritten = text.length;
    text += `cast(${sample ?? `$${token.value}`} as ${sqlTypeText(type)})`;
    edits.push({ original: token.start, rewritten, end: text.length });
    copied = token.end;
    edits.push({ original: token.end, rewritten: text.length, end: text.length });
  }
  text += sql.slice(copied);
  const originalOffset = (offset: number): number => {
    const edit = edits.findLast((candidate) => candidate.rewritten <= offset);
    if (edit === undefined) return offset;
    return edit.end > offset ? edit.original : edit.original + offset - edit.rewritten;
  };
  return { text, originalOffset };
}

/**
 * The type to cast a value to. A numeric of more fractional digits than its declared scale keeps them: a
 * client that declares plain `numeric` has said nothing about digits.
 */
export function castTypeOf(type: SqlType, value: Value): SqlType {
  if (type.kind !== 'numeric' || typeof value !== 'string') return type;
  const fraction = /^[+-]?\d*\.(\d+)$/.exec(value)?.[1]?.length ?? 0;
  return fraction <= type.scale ? type : { kind: 'numeric', precision: 38, scale: Math.min(fraction, 37) };
}

/** Binds values to the parameters of a prepared statement. */
export function bindParameters(
  statement: duckdb.PreparedStatement,
  values: readonly Value[],
  types: readonly SqlType[],
): void {
  values.forEach((value, index) => {
    const type = types[index];
    if (value === null || type === undefined) duckdb.bind_null(statement, index + 1);
    else duckdb.bind_value(statement, index + 1, createValue(value, type));
  });
}

/** A value of ours as one of DuckDB's, in its type's carrier (type-map.ts). */
function createValue(value: Value, type: SqlType): duckdb.Value {
  if (value === null) return duckdb.create_null_value();
  switch (type.kind) {
    case 'boolean':
      return duckdb.create_bool(value as boolean);
    case 'int2':
      return duckdb.create_int16(Number(value));
    case 'int4':
      return duckdb.create_int32(Number(value));
    case 'int8':
      return duckdb.create_int64(BigInt(value as bigint));
    case 'float4':
      return duckdb.create_float(Number(value));
    case 'float8':
      return duckdb.create_double(Number(value));
    case 'bytea':
      return duckdb.create_blob(value as Uint8Array);
    case 'date':
      return duckdb.create_date({ days: value as number });
    case 'time':
      return duckdb.create_time({ micros: value as bigint });
    case 'timestamp':
      return duckdb.create_timestamp({ micros: value as bigint });
    case 'timestamptz':
      return duckdb.create_timestamp_tz({ micros: value as bigint });
    case 'interval':
      return createInterval(value as { months: number; days: number; microseconds: bigint });
    case 'list':
      return duckdb.create_list_value(
        carrierType(type.element),
        (value as readonly Value[]).map((element) => createValue(element, type.element)),
      );
    case 'struct':
      return duckdb.create_struct_value(
        carrierType(type),
        (value as readonly Value[]).map((field, index) => createValue(field, type.fields[index]!.type)),
      );
    default:
      return duckdb.create_varchar(String(value));
  }
}

function createInterval(value: { months: number; days: number; microseconds: bigint }): duckdb.Value {
  return duckdb.create_interval({ months: value.months, days: value.days, micros: value.microseconds });
}
