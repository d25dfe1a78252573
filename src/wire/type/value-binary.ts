/**
 * The binary form of every type, as PostgreSQL's send functions write it: one function a column, called per
 * value.
 */
import { engineError, SqlState, type IntervalValue, type SqlType, type Value } from '../../core/index.ts';
import type { MessageWriter } from '../message/writer.ts';
import {
  DATE_INFINITY,
  DATE_MINUS_INFINITY,
  POSTGRES_EPOCH_DAYS,
  POSTGRES_EPOCH_MICROSECONDS,
  TIMESTAMP_INFINITY,
  TIMESTAMP_MINUS_INFINITY,
} from './calendar.ts';
import { numericBytes } from './numeric-binary.ts';
import type { TextSettings } from './text-settings.ts';
import { innermostType, travelsAsJson, typeOid } from './type-oid.ts';
import { textFormatter } from './value-text.ts';

/** Writes one field: a 32-bit length, and the value. The value is not NULL. */
export type BinaryFieldWriter = (value: Value, target: MessageWriter) => void;

function writeDate(value: Value, target: MessageWriter): void {
  const days = value as number;
  target.int32(4);
  if (days === DATE_INFINITY) target.int32(DATE_INFINITY);
  else target.int32(days <= DATE_MINUS_INFINITY ? -DATE_INFINITY - 1 : days - POSTGRES_EPOCH_DAYS);
}

function writeTimestamp(value: Value, target: MessageWriter): void {
  const microseconds = value as bigint;
  target.int32(8);
  if (microseconds === TIMESTAMP_INFINITY) target.int64(TIMESTAMP_INFINITY);
  else if (microseconds <= TIMESTAMP_MINUS_INFINITY) target.int64(-TIMESTAMP_INFINITY - 1n);
  else target.int64(rebased(microseconds));
}

/** Microseconds since 2000-01-01; the first years of the database's range do not fit. */
function rebased(microseconds: bigint): bigint {
  const shifted = microseconds - POSTGRES_EPOCH_MICROSECONDS;
  if (shifted > TIMESTAMP_MINUS_INFINITY) return shifted;
  throw engineError(SqlState.datetimeFieldOverflow, 'timestamp out of range for the binary format');
}

function writeInterval(value: Value, target: MessageWriter): void {
  const { months, days, microseconds } = value as IntervalValue;
  target.int32(16);
  target.int64(microseconds);
  target.int32(days);
  target.int32(months);
}

const scalarWriters: Readonly<Record<string, BinaryFieldWriter>> = {
  boolean: (value, target) => {
    target.int32(1);
    target.int8(value ? 1 : 0);
  },
  int2: (value, target) => {
    target.int32(2);
    target.int16(value as number);
  },
  int4: (value, target) => {
    target.int32(4);
    target.int32(value as number);
  },
  int8: (value, target) => {
    target.int32(8);
    target.int64(BigInt(value as bigint));
  },
  float4: (value, target) => {
    target.int32(4);
    target.float32(value as number);
  },
  float8: (value, target) => {
    target.int32(8);
    target.float64(value as number);
  },
  numeric: (value, target) => target.field(numericBytes(value as string)),
  text: (value, target) => target.text(value as string),
  json: (value, target) => target.text(value as string),
  bytea: (value, target) => target.field(value as Uint8Array),
  date: writeDate,
  time: (value, target) => {
    target.int32(8);
    target.int64(value as bigint);
  },
  timestamp: writeTimestamp,
  timestamptz: writeTimestamp,
  interval: writeInterval,
  uuid: (value, target) => target.field(Buffer.from((value as string).replaceAll('-', ''), 'hex')),
};

/** Lengths of the dimensions, read along the first elements; none for an array without elements. */
function dimensionsOf(list: readonly Value[], depth: number): number[] {
  const dimensions: number[] = [];
  let level: Value = list;
  for (let step = 0; step < depth; step++) {
    if (!Array.isArray(level)) throw raggedError();
    if (level.length === 0) return [];
    dimensions.push(level.length);
    level = (level as readonly Value[])[0]!;
  }
  return dimensions;
}

function raggedError(): Error {
  return engineError(
    SqlState.arraySubscriptError,
    'multidimensional arrays must have sub-arrays with matching dimensions',
    { hint: 'Ask for the column in text format, or flatten the list.' },
  );
}

function writeElements(
  list: readonly Value[],
  dimensions: readonly number[],
  level: number,
  write: BinaryFieldWriter,
  target: MessageWriter,
): void {
  if (list.length !== (dimensions[level] ?? 0)) throw raggedError();
  for (const value of list) {
    if (level + 1 < dimensions.length) {
      if (!Array.isArray(value)) throw raggedError();
      writeElements(value as readonly Value[], dimensions, level + 1, write, target);
    } else if (value === null) target.int32(-1);
    else write(value, target);
  }
}

function hasNull(list: readonly Value[]): boolean {
  return list.some((value) => value === null || (Array.isArray(value) && hasNull(value as readonly Value[])));
}

/**
 * Dimensions, whether there are NULLs, the elements' OID, each dimension's length and first index, the
 * elements.
 */
function arrayWriter(type: SqlType): BinaryFieldWriter {
  const scalar = innermostType(type);
  const elementOid = typeOid(scalar).oid;
  const write = scalarWriters[scalar.kind]!;
  let depth = 0;
  for (let level = type; level.kind === 'list'; level = level.element) depth++;
  return (value, target) => {
    const list = value as readonly Value[];
    const dimensions = dimensionsOf(list, depth);
    target.beginField();
    target.int32(dimensions.length);
    target.int32(hasNull(list) ? 1 : 0);
    target.int32(elementOid);
    for (const length of dimensions) {
      target.int32(length);
      target.int32(1);
    }
    if (dimensions.length > 0) writeElements(list, dimensions, 0, write, target);
    else if (list.some((element) => !Array.isArray(element) || element.length > 0)) throw raggedError();
    target.endField();
  };
}

/** How values of a type are written in binary; structs are JSON text, which is json's binary form too. */
export function binaryFieldWriter(type: SqlType, settings: TextSettings): BinaryFieldWriter {
  if (travelsAsJson(type)) {
    const format = textFormatter(type, settings);
    return (value, target) => target.text(format(value));
  }
  return type.kind === 'list' ? arrayWriter(type) : scalarWriters[type.kind]!;
}
