/** A value of any type from PostgreSQL's text form: what its input functions do. */
import { type SqlType, Types, unsupported, type Value } from '../../core/index.ts';
import { parseArray } from './array-parse.ts';
import { parseBytea } from './bytea-text.ts';
import { parseDate, parseTime, parseTimestamp, parseTimestamptz } from './date-time-parse.ts';
import { invalidInput } from './input-error.ts';
import { parseInterval } from './interval-parse.ts';
import { parseJson, valueOfJson } from './json-text.ts';
import { parseBoolean, parseFloatingPoint, parseInteger, parseNumeric } from './number-parse.ts';
import type { TextSettings } from './text-settings.ts';
import { innermostType, travelsAsJson, typeName } from './type-oid.ts';

/**
 * Canonical text of a UUID, which may come in braces, in capitals and with hyphens anywhere between groups of
 * four.
 */
function parseUuid(text: string): string {
  const unwrapped = /^\{(.*)\}$/s.exec(text)?.[1] ?? text;
  const digits = unwrapped.replaceAll('-', '').toLowerCase();
  const isGrouped = /^([0-9a-f]{4}-?){7}[0-9a-f]{4}$/i.test(unwrapped);
  if (!isGrouped) throw invalidInput(Types.uuid, text);
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function parseScalar(type: SqlType, text: string, settings: TextSettings): Value {
  switch (type.kind) {
    case 'boolean':
      return parseBoolean(text);
    case 'int2':
    case 'int4':
      return Number(parseInteger({ kind: type.kind }, text));
    case 'int8':
      return parseInteger({ kind: type.kind }, text);
    case 'float4':
    case 'float8':
      return parseFloatingPoint({ kind: type.kind }, text);
    case 'numeric':
      return parseNumeric(text);
    case 'bytea':
      return parseBytea(text);
    case 'date':
      return parseDate(text, settings);
    case 'time':
      return parseTime(text, settings);
    case 'timestamp':
      return parseTimestamp(text, settings);
    case 'timestamptz':
      return parseTimestamptz(text, settings);
    case 'interval':
      return parseInterval(text, settings.intervalStyle);
    case 'uuid':
      return parseUuid(text);
    case 'json':
      parseJson(text);
      return text;
    default:
      return text;
  }
}

/** How many lists are around the scalars of a type. */
function listDepth(type: SqlType): number {
  return type.kind === 'list' ? 1 + listDepth(type.element) : 0;
}

/** Throws when an array has not as many dimensions as its type has lists; one without elements fits any. */
export function checkDimensions(type: SqlType, dimensions: number): void {
  const depth = listDepth(type);
  if (dimensions === 0 || dimensions === depth) return;
  const hint =
    depth === 1
      ? `Write the value as an array of one dimension.`
      : `Write the value with ${depth} dimensions.`;
  throw unsupported(
    `an array of ${dimensions} dimensions as a value of type ${typeName(type)}`,
    undefined,
    hint,
  );
}

/** The value of a text, under the session's settings. Throws EngineError in PostgreSQL's words. */
export function parseValue(type: SqlType, text: string, settings: TextSettings): Value {
  if (travelsAsJson(type)) {
    return valueOfJson(type, parseJson(text), (scalar, written) => parseScalar(scalar, written, settings));
  }
  if (type.kind !== 'list') return parseScalar(type, text, settings);
  const scalar = innermostType(type);
  const { list, dimensions } = parseArray(text, (element) => parseScalar(scalar, element, settings));
  checkDimensions(type, dimensions);
  return list;
}
