/** Dates, times and timestamps from text, as PostgreSQL's input functions read them. */
import { Types, type SqlType } from '../../core/index.ts';
import {
  DATE_INFINITY,
  DATE_MINUS_INFINITY,
  daysFromCivil,
  daysInMonth,
  joinTimestamp,
  MICROSECONDS_PER_DAY,
  SECONDS_PER_DAY,
  TIMESTAMP_INFINITY,
  TIMESTAMP_MINUS_INFINITY,
} from './calendar.ts';
import { dateTimeFields, type DateTimeFields } from './date-time-fields.ts';
import { dateTimeOutOfRange, fieldOutOfRange, invalidInput, offsetOutOfRange } from './input-error.ts';
import { dateStyleOf, type TextSettings } from './text-settings.ts';
import { timeZoneOf, type TimeZone } from './time-zone.ts';

/** The last years that the embedded database has; PostgreSQL's are a little later or earlier. */
const DATE_YEAR_MAX = 5_874_897;
const TIMESTAMP_YEAR_MAX = 294_247;
const YEAR_MIN = -4_713;

interface LocalTime {
  readonly days: number;
  /** Microseconds since midnight. */
  readonly time: number;
  readonly zone: TimeZone | undefined;
}

/** `now`, `today`, `tomorrow` and `yesterday` in the session's zone, or `epoch`. */
function specialTime(word: string, settings: TextSettings): LocalTime | undefined {
  if (word === 'epoch') return { days: 0, time: 0, zone: timeZoneOf('UTC') };
  const shift = { now: 0, today: 0, tomorrow: 1, yesterday: -1 }[word];
  if (shift === undefined) return undefined;
  const milliseconds = Date.now();
  const zone = timeZoneOf(settings.timeZone);
  const local = milliseconds + zone.offsetAt(Math.floor(milliseconds / 1000)) * 1000;
  const days = Math.floor(local / (SECONDS_PER_DAY * 1000));
  const time = word === 'now' ? (local - days * SECONDS_PER_DAY * 1000) * 1000 : 0;
  return { days: days + shift, time, zone: undefined };
}

function daysOf(fields: DateTimeFields, type: SqlType, text: string): number {
  const { year, month, day } = fields;
  if (year === undefined || month === undefined || day === undefined) throw invalidInput(type, text);
  const hint =
    fields.isOrderAmbiguous === true ? 'Perhaps you need a different "datestyle" setting.' : undefined;
  if (year === 0 || month < 1 || month > 12 || day < 1) throw fieldOutOfRange(text, hint);
  const astronomical = fields.isBc === true ? 1 - year : year;
  if (day > daysInMonth(astronomical, month)) throw fieldOutOfRange(text, day > 31 ? hint : undefined);
  const yearMax = type.kind === 'date' ? DATE_YEAR_MAX : TIMESTAMP_YEAR_MAX;
  if (astronomical > yearMax || astronomical < YEAR_MIN) throw dateTimeOutOfRange(type, text);
  return daysFromCivil(astronomical, month, day);
}

/** Microseconds since midnight; 24:00:00 and a 60th second are allowed, as in PostgreSQL. */
function timeOf(fields: DateTimeFields, text: string): number {
  let { hour = 0 } = fields;
  const { minute = 0, second = 0, microsecond = 0, meridiem } = fields;
  if (meridiem !== undefined) {
    if (hour < 1 || hour > 12) throw fieldOutOfRange(text);
    hour = (hour % 12) + (meridiem === 'pm' ? 12 : 0);
  }
  const total = ((hour * 60 + minute) * 60 + second) * 1e6 + microsecond;
  if (hour > 24 || minute > 59 || second > 60 || total > MICROSECONDS_PER_DAY) throw fieldOutOfRange(text);
  return total;
}

function localTimeOf(type: SqlType, text: string, settings: TextSettings): LocalTime {
  const { order } = dateStyleOf(settings.dateStyle);
  const trimmed = text.trim().toLowerCase();
  const special = specialTime(trimmed, settings);
  if (special !== undefined) return special;
  const fields = dateTimeFields(trimmed, order);
  if (fields === undefined) throw invalidInput(type, text);
  if (fields.isOffsetTooLarge === true) throw offsetOutOfRange(text);
  return { days: daysOf(fields, type, text), time: timeOf(fields, text), zone: fields.zone };
}

function infinitySign(text: string): number {
  const word = text.trim().toLowerCase();
  if (word === 'infinity' || word === '+infinity') return 1;
  return word === '-infinity' ? -1 : 0;
}

/** Days since 1970-01-01. */
export function parseDate(text: string, settings: TextSettings): number {
  const sign = infinitySign(text);
  if (sign !== 0) return sign > 0 ? DATE_INFINITY : DATE_MINUS_INFINITY;
  return localTimeOf(Types.date, text, settings).days;
}

/** Microseconds since midnight; a date and a zone beside the time are read and left out. */
export function parseTime(text: string, settings: TextSettings): bigint {
  const trimmed = text.trim().toLowerCase();
  if (trimmed === 'allballs') return 0n;
  const special = trimmed === 'now' ? specialTime(trimmed, settings) : undefined;
  if (special !== undefined) return BigInt(Math.round(special.time));
  const packed = /^t?(\d\d)(\d\d)(\d\d)$/.exec(trimmed);
  const clock = packed === null ? trimmed : `${packed[1]}:${packed[2]}:${packed[3]}`;
  const fields = dateTimeFields(clock, dateStyleOf(settings.dateStyle).order);
  if (fields?.hour === undefined) throw invalidInput(Types.time, text);
  return BigInt(timeOf(fields, text));
}

function checkedTimestamp(type: SqlType, text: string, microseconds: bigint): bigint {
  const isInRange = microseconds > TIMESTAMP_MINUS_INFINITY && microseconds < TIMESTAMP_INFINITY;
  if (!isInRange) throw dateTimeOutOfRange(type, text);
  return microseconds;
}

/** Microseconds since 1970-01-01; a zone is read and left out. */
export function parseTimestamp(text: string, settings: TextSettings): bigint {
  const sign = infinitySign(text);
  if (sign !== 0) return sign > 0 ? TIMESTAMP_INFINITY : TIMESTAMP_MINUS_INFINITY;
  const { days, time } = localTimeOf(Types.timestamp, text, settings);
  return checkedTimestamp(Types.timestamp, text, joinTimestamp(days, Math.round(time)));
}

/** Microseconds since 1970-01-01 UTC; without a zone in the text, the time is in the session's. */
export function parseTimestamptz(text: string, settings: TextSettings): bigint {
  const sign = infinitySign(text);
  if (sign !== 0) return sign > 0 ? TIMESTAMP_INFINITY : TIMESTAMP_MINUS_INFINITY;
  const { days, time, zone } = localTimeOf(Types.timestamptz, text, settings);
  const localSecond = days * SECONDS_PER_DAY + Math.floor(time / 1e6);
  const offset = (zone ?? timeZoneOf(settings.timeZone)).offsetAtLocal(localSecond);
  const microseconds = joinTimestamp(days, Math.round(time)) - BigInt(offset) * 1_000_000n;
  return checkedTimestamp(Types.timestamptz, text, microseconds);
}
