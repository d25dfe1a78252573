/** Parameters of a Bind: bytes in text or binary format, as values of their declared types. */
import { engineError, type Parameter, SqlState, type SqlType } from '../../core/index.ts';
import type { Fields } from '../message/fields.ts';
import type { FormatCode } from '../message/frontend.ts';
import { BinaryReader } from './binary-reader.ts';
import { plainNumber } from './plain-number.ts';
import { decodeUtf8 } from './text-encoding.ts';
import { DEFAULT_TEXT_SETTINGS, type TextSettings } from './text-settings.ts';
import { travelsAsJson, typeOid } from './type-oid.ts';
import { parseValue } from './value-parse.ts';
import { unpackValue } from './value-unpack.ts';

/**
 * A parameter of a message; null for NULL. As `decodeParameter`, but asks for the settings only where it needs them.
 */
export function decodeField(
  type: SqlType,
  format: FormatCode,
  fields: Fields,
  index: number,
  oid: number | undefined,
  settings: () => TextSettings,
): Parameter {
  if (format === 0 && type.kind === 'float8') {
    const start = fields.starts[index]!;
    const number = plainNumber(fields.body, start, start + fields.lengths[index]!);
    if (number !== undefined) return number;
  }
  return decodeParameter(type, format, fields.bytes(index), oid, settings());
}

/**
 * One parameter; null for NULL. `oid` is the type as the client declared it, where that says more than `type`
 * does (oid, jsonb, timetz); `settings` say how dates and times without a zone or a clear order are meant.
 * Throws EngineError: 22P02, 22P03, 22003, 22007, 22008, 22021 or 08P01, in PostgreSQL's words.
 */
export function decodeParameter(
  type: SqlType,
  format: FormatCode,
  bytes: Uint8Array | null,
  oid: number = typeOid(type).oid,
  settings: TextSettings = DEFAULT_TEXT_SETTINGS,
): Parameter {
  if (bytes === null) return null;
  if (format === 0 || travelsAsJson(type)) return parseValue(type, decodeUtf8(bytes), settings);
  const reader = new BinaryReader(bytes);
  const value = unpackValue(type, reader, oid);
  if (reader.remaining === 0) return value;
  throw engineError(SqlState.invalidBinaryRepresentation, 'incorrect binary data format in bind parameter');
}
