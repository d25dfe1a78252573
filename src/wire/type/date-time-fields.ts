/**
 * The fields of a written date or time, in the forms PostgreSQL reads: ISO 8601 and its relatives, its own
 * output styles, names of months, BC, AM and PM, offsets and zones. Source: PostgreSQL's Appendix B.
 */
import { unknownTimeZone } from './input-error.ts';
import type { FieldOrder } from './text-settings.ts';
import { findTimeZone, findZoneInDate, signedSeconds, type TimeZone } from './time-zone.ts';

/**
 * What a text says; undefined where it says nothing. Numbers are as written: their ranges are not checked.
 */
export interface DateTimeFields {
  year?: number;
  month?: number;
  day?: number;
  isBc?: boolean;
  hour?: number;
  minute?: number;
  second?: number;
  microsecond?: number;
  meridiem?: 'am' | 'pm';
  zone?: TimeZone;
  /** Whether the order of day and month was the session's: worth a hint where the day is wrong. */
  isOrderAmbiguous?: boolean;
  /** Whether an offset was more than any place has. */
  isOffsetTooLarge?: boolean;
}

const monthNames = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');

function fullYear(digits: string): number {
  const year = Number(digits);
  if (digits.length > 2) return year;
  return year < 70 ? 2000 + year : 1900 + year;
}

type FieldReader = (match: RegExpExecArray, fields: DateTimeFields, order: FieldOrder) => boolean;

function setDate(fields: DateTimeFields, year: number, month: number, day: number): boolean {
  if (fields.year !== undefined || fields.day !== undefined) return false;
  Object.assign(fields, { year, month, day });
  return true;
}

const readIsoDate: FieldReader = (match, fields) =>
  setDate(fields, Number(match[1]), Number(match[2]), Number(match[3]));

const readNumericDate: FieldReader = (match, fields, order) => {
  const [first, second, third] = [match[1]!, match[2]!, match[3]!];
  fields.isOrderAmbiguous = true;
  if (order === 'ymd') return setDate(fields, fullYear(first), Number(second), Number(third));
  const [month, day] = order === 'dmy' ? [second, first] : [first, second];
  return setDate(fields, fullYear(third), Number(month), Number(day));
};

const readTime: FieldReader = (match, fields) => {
  if (fields.hour !== undefined) return false;
  fields.hour = Number(match[1]);
  fields.minute = Number(match[2]);
  fields.second = Number(match[3] ?? 0);
  fields.microsecond = Math.round(Number(`0.${match[4] || '0'}`) * 1e6);
  return true;
};

const readOffset: FieldReader = (match, fields) => {
  if (fields.zone !== undefined || fields.hour === undefined) return false;
  const seconds = signedSeconds(match[1]!, match[2], match[3], match[4]);
  const isMinuteBad = Number(match[3] ?? 0) > 59 || Number(match[4] ?? 0) > 59;
  const zone =
    Math.abs(seconds) < OFFSET_SECONDS_END && !isMinuteBad ? findTimeZone(offsetName(match)) : undefined;
  if (zone === undefined) fields.isOffsetTooLarge = true;
  else fields.zone = zone;
  return true;
};

/** Offsets are less than this, as in PostgreSQL. */
const OFFSET_SECONDS_END = 16 * 3600;

function offsetName(match: RegExpExecArray): string {
  return [`${match[1]}${match[2]}`, match[3] ?? '00', match[4] ?? '00'].join(':');
}

/** A month by its name and the day beside it; the year follows there or at the text's end. */
const readMonthName: FieldReader = (match, fields) => {
  const month = monthNames.indexOf(match[1]!.slice(0, 3)) + 1;
  if (month === 0 || fields.month !== undefined) return false;
  fields.month = month;
  return true;
};

const readNumber: FieldReader = (match, fields) => {
  const digits = match[1]!;
  if (fields.month !== undefined) {
    if (fields.day === undefined && digits.length <= 2) fields.day = Number(digits);
    else if (fields.year === undefined) fields.year = fullYear(digits);
    else return false;
    return true;
  }
  const packed = /^(\d{4,})(\d\d)(\d\d)$/.exec(digits);
  if (packed !== null) return readIsoDate(packed, fields, 'ymd');
  if (digits.length <= 2 && fields.day === undefined) fields.day = Number(digits);
  else if (digits.length === 4 && fields.year === undefined) fields.year = Number(digits);
  else return false;
  return true;
};

const readWord: FieldReader = (match, fields, order) => {
  const word = match[0];
  if (word === 'bc' || word === 'ad') {
    if (fields.isBc !== undefined) return false;
    fields.isBc = word === 'bc';
    return true;
  }
  if (word === 'am' || word === 'pm') {
    if (fields.hour === undefined || fields.meridiem !== undefined) return false;
    fields.meridiem = word;
    return true;
  }
  if (word === 't' || /^(sun|mon|tue|wed|thu|fri|sat)([a-z]*day)?$/.test(word)) return true;
  if (/^(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*$/.test(word)) {
    return readMonthName(/^([a-z]+)/.exec(word)!, fields, order);
  }
  return false;
};

const readZoneName: FieldReader = (match, fields) => {
  if (fields.zone !== undefined) return false;
  const zone = findZoneInDate(match[0]);
  if (zone === undefined) {
    if (match[0].includes('/')) throw unknownTimeZone(match[0]);
    return false;
  }
  fields.zone = zone;
  return true;
};

/** Tried in this order at each place of the text; blanks, commas and hyphens before names are skipped. */
const readers: readonly (readonly [pattern: RegExp, read: FieldReader])[] = [
  [/(\d{4,7})[-/](\d{1,2})[-/](\d{1,2})(?!\d)/y, readIsoDate],
  [/(\d{1,2})[-/.](\d{1,2})[-/.](\d{1,7})(?!\d)/y, readNumericDate],
  [/(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:[.,](\d*))?)?/y, readTime],
  [/t(\d\d)(\d\d)(\d\d)(?:\.(\d+))?(?!\d)/y, readTime],
  [/([+-])(\d\d)(\d\d)(\d\d)?(?!\d)/y, readOffset],
  [/([+-])(\d{1,2})(?::(\d{1,2}))?(?::(\d{1,2}))?/y, readOffset],
  [/(?:-)?(\d+)(?![\d:])/y, readNumber],
  [/[a-z]+(?![a-z/_+\d])|t(?=\d)/y, readWord],
  [/[a-z][a-z_/+-]*[\w+-]*/y, readZoneName],
];

/**
 * The fields of `text` (trimmed, lower case); undefined when something in it is none. Throws for an unknown
 * zone.
 */
export function dateTimeFields(text: string, order: FieldOrder): DateTimeFields | undefined {
  const fields: DateTimeFields = {};
  let offset = 0;
  while (offset < text.length) {
    const separator = /[\s,]+|-(?=[a-z])/y;
    separator.lastIndex = offset;
    if (separator.test(text)) {
      offset = separator.lastIndex;
      continue;
    }
    const end = readFieldAt(text, offset, fields, order);
    if (end === undefined) return undefined;
    offset = end;
  }
  return fields;
}

/** Reads one field; gives where it ends. */
function readFieldAt(
  text: string,
  offset: number,
  fields: DateTimeFields,
  order: FieldOrder,
): number | undefined {
  for (const [pattern, read] of readers) {
    pattern.lastIndex = offset;
    const match = pattern.exec(text);
    if (match !== null && read(match, fields, order)) return offset + match[0].length;
  }
  return undefined;
}
