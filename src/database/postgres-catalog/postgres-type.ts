/** PostgreSQL's type OIDs and the engine's types. */
import { type SimpleKind, type SqlType, Types, listOf } from '../../core/index.ts';

const oid: SqlType = Types.int8;

/** Types whose text is carried as something else than text. OIDs are in pg_type. */
const scalars: ReadonlyMap<number, SqlType> = new Map([
  [16, Types.boolean],
  [17, Types.bytea],
  [20, Types.int8],
  [21, Types.int2],
  [23, Types.int4],
  [26, oid],
  [28, oid],
  [29, oid],
  [114, Types.json],
  [700, Types.float4],
  [701, Types.float8],
  [1082, Types.date],
  [1083, Types.time],
  [1114, Types.timestamp],
  [1184, Types.timestamptz],
  [1186, Types.interval],
  [2950, Types.uuid],
  [3802, Types.json],
]);

/** Array types and the type of their elements. */
const arrays: ReadonlyMap<number, SqlType> = new Map([
  [199, Types.json],
  [1000, Types.boolean],
  [1001, Types.bytea],
  [1002, Types.text],
  [1003, Types.text],
  [1005, Types.int2],
  [1007, Types.int4],
  [1009, Types.text],
  [1014, Types.text],
  [1015, Types.text],
  [1016, Types.int8],
  [1021, Types.float4],
  [1022, Types.float8],
  [1028, oid],
  [1034, Types.text],
  [1115, Types.timestamp],
  [1182, Types.date],
  [1185, Types.timestamptz],
  [2207, Types.text],
  [2208, Types.text],
  [2210, Types.text],
  [2211, Types.text],
  [2951, Types.uuid],
  [3807, Types.json],
]);

const NUMERIC = 1700;
const NUMERIC_ARRAY = 1231;

/** The engine's type for a PostgreSQL one; types that it lacks are carried by their text. */
export function sqlTypeOfOid(typeOid: number, modifier = -1): SqlType {
  if (typeOid === NUMERIC) return numericType(modifier);
  if (typeOid === NUMERIC_ARRAY) return listOf(numericType(modifier));
  const element = arrays.get(typeOid);
  return element === undefined ? (scalars.get(typeOid) ?? Types.text) : listOf(element);
}

/** A type modifier packs precision and scale; without one any number of digits may come. */
function numericType(modifier: number): SqlType {
  if (modifier < 4) return { kind: 'numeric', precision: 38, scale: 9 };
  const packed = modifier - 4;
  return { kind: 'numeric', precision: (packed >> 16) & 0xffff, scale: packed & 0x7ff };
}

const parameterOids: Record<SimpleKind, number> = {
  boolean: 16,
  int2: 21,
  int4: 23,
  int8: 20,
  float4: 700,
  float8: 701,
  text: 25,
  bytea: 17,
  date: 1082,
  time: 1083,
  timestamp: 1114,
  timestamptz: 1184,
  interval: 1186,
  uuid: 2950,
  json: 114,
};

const parameterArrayOids: Partial<Record<SqlType['kind'], number>> = {
  boolean: 1000,
  int2: 1005,
  int4: 1007,
  int8: 1016,
  float4: 1021,
  float8: 1022,
  text: 1009,
  date: 1182,
  timestamp: 1115,
  timestamptz: 1185,
  uuid: 2951,
  json: 199,
  numeric: NUMERIC_ARRAY,
};

/** The OID to declare a parameter with; 0 lets PostgreSQL infer it. */
export function oidOfSqlType(type: SqlType | undefined): number {
  if (type === undefined) return 0;
  switch (type.kind) {
    case 'numeric':
      return NUMERIC;
    case 'list':
      return parameterArrayOids[type.element.kind] ?? 0;
    case 'struct':
      return 0;
    default:
      return parameterOids[type.kind];
  }
}
