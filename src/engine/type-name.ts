/** Names of types as SQL writes them in PREPARE name (types). */
import { engineError, listOf, SqlState, Types, type SqlType } from '../core/index.ts';

const names: Readonly<Record<string, SqlType>> = {
  bool: Types.boolean,
  boolean: Types.boolean,
  smallint: Types.int2,
  int2: Types.int2,
  int: Types.int4,
  integer: Types.int4,
  int4: Types.int4,
  bigint: Types.int8,
  int8: Types.int8,
  real: Types.float4,
  float4: Types.float4,
  float: Types.float8,
  'double precision': Types.float8,
  float8: Types.float8,
  numeric: { kind: 'numeric', precision: 38, scale: 9 },
  decimal: { kind: 'numeric', precision: 38, scale: 9 },
  text: Types.text,
  varchar: Types.text,
  'character varying': Types.text,
  char: Types.text,
  bpchar: Types.text,
  name: Types.text,
  bytea: Types.bytea,
  date: Types.date,
  time: Types.time,
  timestamp: Types.timestamp,
  'timestamp without time zone': Types.timestamp,
  timestamptz: Types.timestamptz,
  'timestamp with time zone': Types.timestamptz,
  interval: Types.interval,
  uuid: Types.uuid,
  json: Types.json,
  jsonb: Types.json,
};

/** The type of a written name, modifiers left out; `unknown` is undefined. Throws 42704 for one that is none. */
export function typeOfName(written: string): SqlType | undefined {
  const name = written
    .trim()
    .toLowerCase()
    .replace(/\([^)]*\)/, '')
    .replace(/\s+/g, ' ')
    .trim();
  if (name === 'unknown') return undefined;
  if (name.endsWith('[]')) {
    const element = typeOfName(name.slice(0, -2));
    return element && listOf(element);
  }
  const type = names[name];
  if (type === undefined)
    throw engineError(SqlState.undefinedObject, `type "${written.trim()}" does not exist`);
  return type;
}
