/**
 * DuckDB's types as PostgreSQL names them: what the mirror declares columns with, as the wire would send
 * them.
 */

const scalarNames: ReadonlyMap<string, string> = new Map([
  ['BOOLEAN', 'boolean'],
  ['TINYINT', 'smallint'],
  ['UTINYINT', 'smallint'],
  ['SMALLINT', 'smallint'],
  ['USMALLINT', 'integer'],
  ['INTEGER', 'integer'],
  ['UINTEGER', 'bigint'],
  ['BIGINT', 'bigint'],
  ['UBIGINT', 'numeric(20,0)'],
  ['HUGEINT', 'numeric(38,0)'],
  ['UHUGEINT', 'numeric(39,0)'],
  ['BIGNUM', 'numeric'],
  ['FLOAT', 'real'],
  ['DOUBLE', 'double precision'],
  ['VARCHAR', 'text'],
  ['BLOB', 'bytea'],
  ['DATE', 'date'],
  ['TIME', 'time without time zone'],
  ['TIME_NS', 'time without time zone'],
  ['TIME WITH TIME ZONE', 'time with time zone'],
  ['TIMESTAMP', 'timestamp without time zone'],
  ['TIMESTAMP_S', 'timestamp without time zone'],
  ['TIMESTAMP_MS', 'timestamp without time zone'],
  ['TIMESTAMP_NS', 'timestamp without time zone'],
  ['TIMESTAMP WITH TIME ZONE', 'timestamp with time zone'],
  ['TIMESTAMPTZ', 'timestamp with time zone'],
  ['INTERVAL', 'interval'],
  ['UUID', 'uuid'],
  ['JSON', 'json'],
]);

/** The PostgreSQL type for DuckDB's text of a type. What has no counterpart is text, as on the wire. */
export function columnType(duckdbType: string): string {
  const list = /^(.*)\[\d*\]$/s.exec(duckdbType);
  if (list !== null) {
    const element = columnType(list[1]!);
    return element.endsWith('[]') ? element : `${element}[]`;
  }
  const decimal = /^DECIMAL\((\d+),\s*(\d+)\)$/.exec(duckdbType);
  if (decimal !== null) return `numeric(${decimal[1]},${decimal[2]})`;
  if (/^(?:STRUCT|MAP|UNION|VARIANT)\b/.test(duckdbType)) return 'json';
  return scalarNames.get(duckdbType) ?? 'text';
}
