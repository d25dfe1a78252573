/** Values of ours as SQL text: model tables become VALUES, class labels become literals. */
import {
  assert,
  quoteIdentifier,
  quoteLiteral,
  sqlTypeText,
  type Schema,
  type SqlType,
  type Value,
} from '../core/index.ts';

const MICROSECONDS_A_DAY = 86_400_000_000n;

function dateText(days: number): string {
  return new Date(days * 86_400_000).toISOString().slice(0, 10);
}

function timeText(microseconds: bigint): string {
  const pad = (part: bigint, width: number): string => String(part).padStart(width, '0');
  const seconds = microseconds / 1_000_000n;
  const clock = [seconds / 3600n, (seconds / 60n) % 60n, seconds % 60n].map((part) => pad(part, 2)).join(':');
  return `${clock}.${pad(microseconds % 1_000_000n, 6)}`;
}

function scalarText(value: Exclude<Value, null>, type: SqlType): string {
  switch (type.kind) {
    case 'date':
      return dateText(Number(value));
    case 'time':
      return timeText(value as bigint);
    case 'timestamp':
    case 'timestamptz': {
      const microseconds = value as bigint;
      const rest = ((microseconds % MICROSECONDS_A_DAY) + MICROSECONDS_A_DAY) % MICROSECONDS_A_DAY;
      const days = Number((microseconds - rest) / MICROSECONDS_A_DAY);
      return `${dateText(days)} ${timeText(rest)}${type.kind === 'timestamptz' ? '+00' : ''}`;
    }
    case 'bytea':
      return [...(value as Uint8Array)].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');
    default:
      return String(value);
  }
}

/** The value as an expression without a cast, for use inside a cast list or struct. */
function bareSql(value: Value, type: SqlType): string {
  if (value === null) return 'NULL';
  if (type.kind === 'list')
    return `[${(value as readonly Value[]).map((item) => bareSql(item, type.element)).join(', ')}]`;
  if (type.kind === 'struct') {
    const fields = type.fields.map(
      (field, index) =>
        `${quoteLiteral(field.name)}: ${bareSql((value as readonly Value[])[index] ?? null, field.type)}`,
    );
    return `{${fields.join(', ')}}`;
  }
  assert(type.kind !== 'interval', 'intervals are no model values');
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE';
  return quoteLiteral(scalarText(value, type));
}

/** The value as a typed SQL expression. */
export function valueSql(value: Value, type: SqlType): string {
  return `CAST(${bareSql(value, type)} AS ${sqlTypeText(type)})`;
}

/** A constant relation as a parenthesised query with the schema's names and types. */
export function relationSql(schema: Schema, rows: readonly (readonly Value[])[]): string {
  const names = schema.map((column) => quoteIdentifier(column.name));
  if (rows.length === 0) {
    const columns = schema.map(
      (column, index) => `CAST(NULL AS ${sqlTypeText(column.type)}) AS ${names[index]!}`,
    );
    return `(SELECT ${columns.join(', ')} WHERE FALSE)`;
  }
  const lines = rows.map(
    (row) => `(${schema.map((column, index) => bareSql(row[index] ?? null, column.type)).join(', ')})`,
  );
  const casts = schema.map(
    (column, index) => `CAST(${names[index]!} AS ${sqlTypeText(column.type)}) AS ${names[index]!}`,
  );
  return `(SELECT ${casts.join(', ')} FROM (VALUES ${lines.join(', ')}) AS "__augur_values"(${names.join(', ')}))`;
}
