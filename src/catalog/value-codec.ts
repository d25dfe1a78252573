/**
 * Plain values as JSON text and back, exactly. JSON has no bigint, NaN, infinities, negative zero, bytes or
 * undefined: each becomes an object of one key that starts with `$`, and real keys that start so get one
 * more.
 */
import { type SqlStateCode, SqlState, engineError, internalError } from '../core/index.ts';

const corrupted: SqlStateCode = SqlState.dataCorrupted;

/**
 * JSON text of a value made of null, undefined, booleans, numbers, bigints, strings, bytes, arrays and plain
 * objects.
 */
export function encodeValue(value: unknown): string {
  return JSON.stringify(toJson(value));
}

/** The value again. Fails with data-corrupted (XX001) when the text is not what encodeValue writes. */
export function decodeValue(text: string): unknown {
  try {
    return fromJson(JSON.parse(text));
  } catch (cause) {
    throw engineError(corrupted, 'a catalogue entry is not readable', { cause });
  }
}

function toJson(value: unknown): unknown {
  switch (typeof value) {
    case 'undefined':
      return { $undefined: true };
    case 'bigint':
      return { $bigint: value.toString() };
    case 'number':
      if (Object.is(value, -0)) return { $number: '-0' };
      return Number.isFinite(value) ? value : { $number: String(value) };
    case 'object':
      return value === null ? null : objectToJson(value);
    case 'boolean':
    case 'string':
      return value;
    default:
      throw internalError(`a ${typeof value} cannot be kept in the catalogue`);
  }
}

function objectToJson(value: object): unknown {
  if (Array.isArray(value)) return value.map(toJson);
  if (value instanceof Uint8Array) return { $bytes: Buffer.from(value).toString('base64') };
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<number | bigint>, toJson);
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(
    fields.map(([key, field]) => [key.startsWith('$') ? `$${key}` : key, toJson(field)]),
  );
}

function fromJson(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(fromJson);
  if (typeof json !== 'object' || json === null) return json;
  const fields = Object.entries(json);
  const [key, content] = fields[0] ?? [];
  if (fields.length === 1 && key !== undefined && /^\$(?!\$)/.test(key)) return special(key, content);
  return Object.fromEntries(
    fields.map(([name, field]) => [name.startsWith('$') ? name.slice(1) : name, fromJson(field)]),
  );
}

function special(key: string, content: unknown): unknown {
  switch (key) {
    case '$undefined':
      return undefined;
    case '$bigint':
      return BigInt(String(content));
    case '$number':
      return Number(content);
    case '$bytes':
      return new Uint8Array(Buffer.from(String(content), 'base64'));
    default:
      throw engineError(corrupted, `a catalogue entry has a field of an unknown kind ${key}`);
  }
}
