/** A value of any type from PostgreSQL's binary form: what its receive functions do. */
import { engineError, type IntervalValue, SqlState, type SqlType, type Value } from '../../core/index.ts';
import { BinaryReader } from './binary-reader.ts';
import {
  DATE_INFINITY,
  DATE_MINUS_INFINITY,
  POSTGRES_EPOCH_DAYS,
  POSTGRES_EPOCH_MICROSECONDS,
  TIMESTAMP_INFINITY,
  TIMESTAMP_MINUS_INFINITY,
} from './calendar.ts';
import { dateTimeOutOfRange } from './input-error.ts';
import { numericTextOf } from './numeric-binary.ts';
import { parseJson } from './json-text.ts';
import { decodeUtf8 } from './text-encoding.ts';
import { innermostType, sqlTypeOfOid, typeName, typeOid } from './type-oid.ts';
import { checkDimensions } from './value-parse.ts';

/** OIDs whose binary form differs from that of the type which carries them. */
const OID_OID = 26;
const OID_TIMETZ = 1266;
const OID_JSONB = 3802;
const JSONB_VERSION = 1;
const ARRAY_DIMENSIONS_MAX = 6;

function readDate(reader: BinaryReader): number {
  const days = reader.int32();
  if (days === DATE_INFINITY) return DATE_INFINITY;
  if (days === -DATE_INFINITY - 1) return DATE_MINUS_INFINITY;
  return days + POSTGRES_EPOCH_DAYS;
}

function readTimestamp(type: SqlType, reader: BinaryReader): bigint {
  const microseconds = reader.int64();
  if (microseconds === TIMESTAMP_INFINITY) return TIMESTAMP_INFINITY;
  if (microseconds === -TIMESTAMP_INFINITY - 1n) return TIMESTAMP_MINUS_INFINITY;
  const shifted = microseconds + POSTGRES_EPOCH_MICROSECONDS;
  if (shifted >= TIMESTAMP_INFINITY)
    throw dateTimeOutOfRange(type, `${microseconds} microseconds after 2000-01-01`);
  return shifted;
}

function readTime(type: SqlType, reader: BinaryReader, oid: number): bigint {
  const microseconds = reader.int64();
  if (oid === OID_TIMETZ) reader.int32();
  if (microseconds < 0n || microseconds > 86_400_000_000n) {
    throw dateTimeOutOfRange(type, `${microseconds} microseconds`);
  }
  return microseconds;
}

function readInterval(reader: BinaryReader): IntervalValue {
  const microseconds = reader.int64();
  const days = reader.int32();
  return { months: reader.int32(), days, microseconds };
}

function readJson(reader: BinaryReader, oid: number): string {
  if (oid === OID_JSONB) {
    const version = reader.uint8();
    if (version !== JSONB_VERSION) {
      throw engineError(SqlState.internalError, `unsupported jsonb version number ${version}`);
    }
  }
  const text = decodeUtf8(reader.bytes(reader.remaining));
  parseJson(text);
  return text;
}

function readUuid(reader: BinaryReader): string {
  const digits = Buffer.from(reader.bytes(16)).toString('hex');
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function readScalar(type: SqlType, reader: BinaryReader, oid: number): Value {
  switch (type.kind) {
    case 'boolean':
      return reader.uint8() !== 0;
    case 'int2':
      return reader.int16();
    case 'int4':
      return reader.int32();
    case 'int8':
      return oid === OID_OID ? BigInt(reader.uint32()) : reader.int64();
    case 'float4':
      return reader.float32();
    case 'float8':
      return reader.float64();
    case 'numeric':
      return numericTextOf(reader);
    case 'bytea':
      return new Uint8Array(reader.bytes(reader.remaining));
    case 'date':
      return readDate(reader);
    case 'time':
      return readTime(type, reader, oid);
    case 'timestamp':
    case 'timestamptz':
      return readTimestamp(type, reader);
    case 'interval':
      return readInterval(reader);
    case 'uuid':
      return readUuid(reader);
    case 'json':
      return readJson(reader, oid);
    default:
      return decodeUtf8(reader.bytes(reader.remaining));
  }
}

function readElement(type: SqlType, reader: BinaryReader, oid: number, number: number): Value {
  const length = reader.int32();
  if (length === -1) return null;
  const element = new BinaryReader(reader.bytes(length));
  const value = readScalar(type, element, oid);
  if (element.remaining === 0) return value;
  throw engineError(
    SqlState.invalidBinaryRepresentation,
    `improper binary format in array element ${number}`,
  );
}

/** Throws unless elements of that OID are of the type that the array should have. */
function checkElementOid(type: SqlType, oid: number): void {
  if (sqlTypeOfOid(oid)?.kind === type.kind) return;
  const found = sqlTypeOfOid(oid);
  const name = found === undefined ? 'unknown' : typeName(found);
  const expected = `${typeOid(type).oid} (${typeName(type)})`;
  throw engineError(
    SqlState.datatypeMismatch,
    `binary data has array element type ${oid} (${name}) instead of expected ${expected}`,
  );
}

function readDimensions(reader: BinaryReader): { readonly lengths: number[]; readonly elementOid: number } {
  const count = reader.int32();
  if (count < 0 || count > ARRAY_DIMENSIONS_MAX) {
    throw engineError(SqlState.invalidBinaryRepresentation, `invalid number of dimensions: ${count}`);
  }
  const flags = reader.int32();
  if (flags !== 0 && flags !== 1) {
    throw engineError(SqlState.invalidBinaryRepresentation, 'invalid array flags');
  }
  const elementOid = reader.uint32();
  const lengths: number[] = [];
  for (let dimension = 0; dimension < count; dimension++) {
    const length = reader.int32();
    reader.int32();
    if (length < 0) throw engineError(SqlState.programLimitExceeded, `invalid array size (${length})`);
    lengths.push(length);
  }
  return { lengths, elementOid };
}

function readArray(type: SqlType, reader: BinaryReader): readonly Value[] {
  const scalar = innermostType(type);
  const { lengths, elementOid } = readDimensions(reader);
  checkElementOid(scalar, elementOid);
  if (lengths.length === 0 || lengths.includes(0)) return [];
  checkDimensions(type, lengths.length);
  let number = 0;
  const readLevel = (level: number): Value => {
    if (level === lengths.length) return readElement(scalar, reader, elementOid, ++number);
    const list: Value[] = [];
    for (let index = 0; index < lengths[level]!; index++) list.push(readLevel(level + 1));
    return list;
  };
  return readLevel(0) as readonly Value[];
}

/**
 * Reads one value; what is left in the reader is for the caller to judge. `oid`: the type as the client named
 * it.
 */
export function unpackValue(type: SqlType, reader: BinaryReader, oid: number): Value {
  return type.kind === 'list' ? readArray(type, reader) : readScalar(type, reader, oid);
}
