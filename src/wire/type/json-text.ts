/**
 * Structs, and lists of them, as JSON text, and back. Scalars are written as PostgreSQL's to_json writes
 * them.
 */
import { engineError, SqlState, type SqlType, type Value } from '../../core/index.ts';
import { DEFAULT_TEXT_SETTINGS, type TextSettings } from './text-settings.ts';

type ScalarFormatter = (value: Value) => string;

const finiteNumber = /^-?\d/;

function scalarJson(type: SqlType, format: ScalarFormatter): ScalarFormatter {
  switch (type.kind) {
    case 'boolean':
      return (value) => (value ? 'true' : 'false');
    case 'int2':
    case 'int4':
    case 'int8':
    case 'float4':
    case 'float8':
    case 'numeric':
      return (value) => {
        const text = format(value);
        return finiteNumber.test(text) ? text : `"${text}"`;
      };
    case 'json':
      return (value) => value as string;
    case 'timestamp':
    case 'timestamptz':
      return (value) => JSON.stringify(isoTimestamp(format(value)));
    default:
      return (value) => JSON.stringify(format(value));
  }
}

/** ISO 8601: a T between day and time, and minutes in the offset. */
function isoTimestamp(text: string): string {
  return text
    .replace(' ', 'T')
    .replace(/([+-]\d\d)( BC)?$/, (_, offset: string, era = '') =>
      text.includes(':') ? `${offset}:00${era}` : `${offset}${era}`,
    );
}

/** Dates and timestamps in JSON are ISO whatever the session's style is; the zone is the session's. */
export function jsonTextSettings(settings: TextSettings): TextSettings {
  return { ...DEFAULT_TEXT_SETTINGS, timeZone: settings.timeZone, intervalStyle: settings.intervalStyle };
}

/**
 * How values of a type are written as JSON. `formatterOf` gives the text form of a scalar type, under
 * `jsonTextSettings`.
 */
export function jsonFormatter(
  type: SqlType,
  formatterOf: (type: SqlType) => ScalarFormatter,
): ScalarFormatter {
  if (type.kind === 'list') {
    const element = nullable(jsonFormatter(type.element, formatterOf));
    return (value) => `[${(value as readonly Value[]).map(element).join(',')}]`;
  }
  if (type.kind !== 'struct') return scalarJson(type, formatterOf(type));
  const fields = type.fields.map((field) => ({
    prefix: `${JSON.stringify(field.name)}:`,
    format: nullable(jsonFormatter(field.type, formatterOf)),
  }));
  return (value) => {
    const values = value as readonly Value[];
    return `{${fields.map((field, index) => field.prefix + field.format(values[index] ?? null)).join(',')}}`;
  };
}

function nullable(format: ScalarFormatter): ScalarFormatter {
  return (value) => (value === null ? 'null' : format(value));
}

/** The text as a JSON value; the error is PostgreSQL's. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (thrown) {
    const detail = thrown instanceof Error ? thrown.message : undefined;
    throw engineError(SqlState.invalidTextRepresentation, 'invalid input syntax for type json', { detail });
  }
}

function mismatch(type: SqlType, found: unknown): never {
  const wanted = type.kind === 'list' ? 'an array' : 'an object';
  const shown = JSON.stringify(found);
  const excerpt = shown.length > 80 ? `${shown.slice(0, 80)}…` : shown;
  throw engineError(
    SqlState.invalidTextRepresentation,
    `invalid JSON for a parameter: expected ${wanted}, got ${excerpt}`,
  );
}

/** A parsed JSON value as a value of `type`; scalars are read from their text by `parseScalar`. */
export function valueOfJson(
  type: SqlType,
  found: unknown,
  parseScalar: (type: SqlType, text: string) => Value,
): Value {
  if (found === null || found === undefined) return null;
  if (type.kind === 'list') {
    if (!Array.isArray(found)) return mismatch(type, found);
    return found.map((element) => valueOfJson(type.element, element, parseScalar));
  }
  if (type.kind === 'struct') {
    if (typeof found !== 'object' || Array.isArray(found)) return mismatch(type, found);
    const entries = found as Readonly<Record<string, unknown>>;
    return type.fields.map((field) => {
      const entry = Object.hasOwn(entries, field.name) ? entries[field.name] : null;
      return valueOfJson(field.type, entry, parseScalar);
    });
  }
  const isText = typeof found === 'string' && type.kind !== 'json';
  return parseScalar(type, isText ? found : JSON.stringify(found));
}
