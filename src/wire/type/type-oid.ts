/** SQL types and the numbers PostgreSQL's clients know them by. Source: PostgreSQL's pg_type. */
import { listOf, Types, type SimpleKind, type SqlType } from '../../core/index.ts';

/**
 * What RowDescription says of a type: its OID, its width in bytes (-1: varying) and its modifier (-1: none).
 */
export interface WireType {
  readonly oid: number;
  readonly size: number;
  readonly modifier: number;
}

interface KnownType {
  readonly oid: number;
  readonly arrayOid: number;
  readonly size: number;
}

const known: Readonly<Record<SimpleKind | 'numeric', KnownType>> = {
  boolean: { oid: 16, arrayOid: 1000, size: 1 },
  bytea: { oid: 17, arrayOid: 1001, size: -1 },
  int8: { oid: 20, arrayOid: 1016, size: 8 },
  int2: { oid: 21, arrayOid: 1005, size: 2 },
  int4: { oid: 23, arrayOid: 1007, size: 4 },
  text: { oid: 25, arrayOid: 1009, size: -1 },
  json: { oid: 114, arrayOid: 199, size: -1 },
  float4: { oid: 700, arrayOid: 1021, size: 4 },
  float8: { oid: 701, arrayOid: 1022, size: 8 },
  date: { oid: 1082, arrayOid: 1182, size: 4 },
  time: { oid: 1083, arrayOid: 1183, size: 8 },
  timestamp: { oid: 1114, arrayOid: 1115, size: 8 },
  timestamptz: { oid: 1184, arrayOid: 1185, size: 8 },
  interval: { oid: 1186, arrayOid: 1187, size: 16 },
  numeric: { oid: 1700, arrayOid: 1231, size: -1 },
  uuid: { oid: 2950, arrayOid: 2951, size: 16 },
};

/**
 * A numeric that a client declares has no precision: as wide as the database has, with room on both sides.
 */
export const UNCONSTRAINED_NUMERIC: SqlType = { kind: 'numeric', precision: 38, scale: 10 };

/** The type of the scalars of a list, however deep; the type itself when it is no list. */
export function innermostType(type: SqlType): SqlType {
  return type.kind === 'list' ? innermostType(type.element) : type;
}

/** Structs, and lists of them, have no PostgreSQL type that clients could read: they travel as JSON text. */
export function travelsAsJson(type: SqlType): boolean {
  return innermostType(type).kind === 'struct';
}

function modifierOf(type: SqlType): number {
  if (type.kind !== 'numeric' || type.precision <= 0) return -1;
  return ((type.precision << 16) | type.scale) + 4;
}

/** OID, size and modifier of a type. Lists of any depth have the array type of their innermost element. */
export function typeOid(type: SqlType): WireType {
  const scalar = innermostType(type);
  if (scalar.kind === 'struct' || scalar.kind === 'list')
    return { oid: known.json.oid, size: -1, modifier: -1 };
  const entry = known[scalar.kind];
  if (type.kind === 'list') return { oid: entry.arrayOid, size: -1, modifier: modifierOf(scalar) };
  return { oid: entry.oid, size: entry.size, modifier: modifierOf(scalar) };
}

/**
 * Types that clients name and that another of ours carries: "char", name, oid, bpchar, varchar, timetz,
 * jsonb, ….
 */
const carried: readonly (readonly [oid: number, arrayOid: number, type: SqlType])[] = [
  [18, 1002, Types.text],
  [19, 1003, Types.text],
  [26, 1028, Types.int8],
  [1042, 1014, Types.text],
  [1043, 1015, Types.text],
  [1266, 1270, Types.time],
  [3802, 3807, Types.json],
];

function typesByOid(): Map<number, SqlType> {
  const types = new Map<number, SqlType>();
  for (const [kind, entry] of Object.entries(known)) {
    const type = kind === 'numeric' ? UNCONSTRAINED_NUMERIC : Types[kind as SimpleKind];
    types.set(entry.oid, type);
    types.set(entry.arrayOid, listOf(type));
  }
  for (const [oid, arrayOid, type] of carried) {
    types.set(oid, type);
    types.set(arrayOid, listOf(type));
  }
  return types;
}

const byOid: ReadonlyMap<number, SqlType> = typesByOid();

/** The type of an OID; undefined for 0, for 705 (unknown) and for any other: to be inferred. */
export function sqlTypeOfOid(oid: number): SqlType | undefined {
  return byOid.get(oid);
}

const names: Readonly<Record<SimpleKind | 'numeric', string>> = {
  boolean: 'boolean',
  bytea: 'bytea',
  int8: 'bigint',
  int2: 'smallint',
  int4: 'integer',
  text: 'text',
  json: 'json',
  float4: 'real',
  float8: 'double precision',
  date: 'date',
  time: 'time',
  timestamp: 'timestamp',
  timestamptz: 'timestamp with time zone',
  interval: 'interval',
  numeric: 'numeric',
  uuid: 'uuid',
};

/** The type as PostgreSQL's error messages name it. */
export function typeName(type: SqlType): string {
  if (type.kind === 'list') return `${typeName(innermostType(type))}[]`;
  return type.kind === 'struct' ? 'json' : names[type.kind];
}
