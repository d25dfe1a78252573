/** The engine's closed set of SQL types. Every DuckDB type maps to one of these, and each of these to a PostgreSQL one. */

/** A scalar type without parameters. */
export type SimpleKind =
  | 'boolean'
  | 'int2'
  | 'int4'
  | 'int8'
  | 'float4'
  | 'float8'
  | 'text'
  | 'bytea'
  | 'date'
  | 'time'
  | 'timestamp'
  | 'timestamptz'
  | 'interval'
  | 'uuid'
  | 'json';

/**
 * A SQL type. `numeric` has precision and scale; `list` an element type; `struct` named fields in order.
 * DuckDB's other types are carried by the nearest one: unsigned and huge integers by a wider integer or numeric,
 * ENUM, BIT and UNION by text, MAP by a list of key/value structs, TIMESTAMP_S/MS/NS by timestamp.
 */
export type SqlType =
  | { readonly kind: SimpleKind }
  | { readonly kind: 'numeric'; readonly precision: number; readonly scale: number }
  | { readonly kind: 'list'; readonly element: SqlType }
  | { readonly kind: 'struct'; readonly fields: readonly StructField[] };

export interface StructField {
  readonly name: string;
  readonly type: SqlType;
}

const simple = (kind: SimpleKind): SqlType => ({ kind });

/** The simple types, ready made. */
export const Types: Readonly<Record<SimpleKind, SqlType>> = {
  boolean: simple('boolean'),
  int2: simple('int2'),
  int4: simple('int4'),
  int8: simple('int8'),
  float4: simple('float4'),
  float8: simple('float8'),
  text: simple('text'),
  bytea: simple('bytea'),
  date: simple('date'),
  time: simple('time'),
  timestamp: simple('timestamp'),
  timestamptz: simple('timestamptz'),
  interval: simple('interval'),
  uuid: simple('uuid'),
  json: simple('json'),
};

/** A list of `element`. */
export function listOf(element: SqlType): SqlType {
  return { kind: 'list', element };
}

/** A struct of the given fields, in order. */
export function structOf(...fields: readonly StructField[]): SqlType {
  return { kind: 'struct', fields };
}

/** Whether values of the type are numbers that a model can compute with. */
export function isNumeric(type: SqlType): boolean {
  return ['int2', 'int4', 'int8', 'float4', 'float8', 'numeric'].includes(type.kind);
}

const duckdbNames: Record<SimpleKind, string> = {
  boolean: 'BOOLEAN',
  int2: 'SMALLINT',
  int4: 'INTEGER',
  int8: 'BIGINT',
  float4: 'FLOAT',
  float8: 'DOUBLE',
  text: 'VARCHAR',
  bytea: 'BLOB',
  date: 'DATE',
  time: 'TIME',
  timestamp: 'TIMESTAMP',
  timestamptz: 'TIMESTAMPTZ',
  interval: 'INTERVAL',
  uuid: 'UUID',
  json: 'JSON',
};

/** The type as SQL text that the embedded database understands; field names are quoted. */
export function sqlTypeText(type: SqlType): string {
  switch (type.kind) {
    case 'numeric':
      return `DECIMAL(${type.precision},${type.scale})`;
    case 'list':
      return `${sqlTypeText(type.element)}[]`;
    case 'struct': {
      const fields = type.fields.map((field) => `${quoteIdentifier(field.name)} ${sqlTypeText(field.type)}`);
      return `STRUCT(${fields.join(', ')})`;
    }
    default:
      return duckdbNames[type.kind];
  }
}

/** An identifier, quoted: the only function that quotes one. */
export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A string literal, quoted: the only function that quotes one. For our own constants; user values are parameters. */
export function quoteLiteral(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}
