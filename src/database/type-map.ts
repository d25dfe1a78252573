/**
 * DuckDB's logical types and the engine's: one way for results, the other for parameters and appended
 * columns.
 */
import duckdb from '@duckdb/node-bindings';
import { type SqlType, type SimpleKind, Types, listOf, structOf } from '../core/index.ts';

const { Type } = duckdb;

/** Types that a simple type of ours carries; those not listed and not composite are carried as text. */
const simpleTypes: ReadonlyMap<duckdb.Type, SqlType> = new Map([
  [Type.BOOLEAN, Types.boolean],
  [Type.TINYINT, Types.int2],
  [Type.SMALLINT, Types.int2],
  [Type.INTEGER, Types.int4],
  [Type.BIGINT, Types.int8],
  [Type.UTINYINT, Types.int2],
  [Type.USMALLINT, Types.int4],
  [Type.UINTEGER, Types.int8],
  [Type.UBIGINT, { kind: 'numeric', precision: 20, scale: 0 }],
  [Type.HUGEINT, { kind: 'numeric', precision: 38, scale: 0 }],
  [Type.UHUGEINT, { kind: 'numeric', precision: 38, scale: 0 }],
  [Type.FLOAT, Types.float4],
  [Type.DOUBLE, Types.float8],
  [Type.DATE, Types.date],
  [Type.TIME, Types.time],
  [Type.TIME_NS, Types.time],
  [Type.TIMESTAMP, Types.timestamp],
  [Type.TIMESTAMP_S, Types.timestamp],
  [Type.TIMESTAMP_MS, Types.timestamp],
  [Type.TIMESTAMP_NS, Types.timestamp],
  [Type.TIMESTAMP_TZ, Types.timestamptz],
  [Type.INTERVAL, Types.interval],
  [Type.BLOB, Types.bytea],
  [Type.UUID, Types.uuid],
]);

/** The engine's type for a DuckDB type; undefined where DuckDB itself does not know it yet. */
export function sqlTypeOf(logical: duckdb.LogicalType): SqlType | undefined {
  const id = duckdb.get_type_id(logical);
  switch (id) {
    case Type.INVALID:
    case Type.ANY:
      return undefined;
    case Type.DECIMAL:
      return {
        kind: 'numeric',
        precision: duckdb.decimal_width(logical),
        scale: duckdb.decimal_scale(logical),
      };
    case Type.LIST:
      return listOf(sqlTypeOf(duckdb.list_type_child_type(logical)) ?? Types.text);
    case Type.ARRAY:
      return listOf(sqlTypeOf(duckdb.array_type_child_type(logical)) ?? Types.text);
    case Type.STRUCT:
      return structType(logical);
    case Type.MAP: {
      const key = sqlTypeOf(duckdb.map_type_key_type(logical)) ?? Types.text;
      const value = sqlTypeOf(duckdb.map_type_value_type(logical)) ?? Types.text;
      return listOf(structOf({ name: 'key', type: key }, { name: 'value', type: value }));
    }
    case Type.VARCHAR:
      return duckdb.logical_type_get_alias(logical) === 'JSON' ? Types.json : Types.text;
    default:
      return simpleTypes.get(id) ?? Types.text;
  }
}

function structType(logical: duckdb.LogicalType): SqlType {
  const fields = Array.from({ length: duckdb.struct_type_child_count(logical) }, (_, index) => ({
    name: duckdb.struct_type_child_name(logical, index),
    type: sqlTypeOf(duckdb.struct_type_child_type(logical, index)) ?? Types.text,
  }));
  return structOf(...fields);
}

/**
 * How values of a simple type travel into DuckDB: uuid and json as text, which a cast in SQL then converts.
 */
const carrierTypes: Record<SimpleKind, duckdb.Type> = {
  boolean: Type.BOOLEAN,
  int2: Type.SMALLINT,
  int4: Type.INTEGER,
  int8: Type.BIGINT,
  float4: Type.FLOAT,
  float8: Type.DOUBLE,
  text: Type.VARCHAR,
  bytea: Type.BLOB,
  date: Type.DATE,
  time: Type.TIME,
  timestamp: Type.TIMESTAMP,
  timestamptz: Type.TIMESTAMP_TZ,
  interval: Type.INTERVAL,
  uuid: Type.VARCHAR,
  json: Type.VARCHAR,
};

/** The DuckDB type in which values of a type are handed over; numeric, uuid and json go as text. */
export function carrierType(type: SqlType): duckdb.LogicalType {
  switch (type.kind) {
    case 'numeric':
      return duckdb.create_logical_type(Type.VARCHAR);
    case 'list':
      return duckdb.create_list_type(carrierType(type.element));
    case 'struct':
      return duckdb.create_struct_type(
        type.fields.map((field) => carrierType(field.type)),
        type.fields.map((field) => field.name),
      );
    default:
      return duckdb.create_logical_type(carrierTypes[type.kind]);
  }
}
