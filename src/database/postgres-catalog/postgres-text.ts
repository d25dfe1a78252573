/** Values as PostgreSQL's text (DateStyle ISO, time zone UTC, IntervalStyle postgres), both ways. */
import {
  type IntervalValue,
  type SqlType,
  type Value,
  SqlState,
  Types,
  engineError,
  unsupported,
} from '../../core/index.ts';

const DAY_MICROSECONDS = 86_400_000_000n;
const DAY_MILLISECONDS = 86_400_000;
/** How infinity is kept, as in DuckDB. */
const DATE_INFINITY = 2_147_483_647;
const TIMESTAMP_INFINITY = 9_223_372_036_854_775_807n;

/** The value that PostgreSQL printed. */
export function valueOfText(text: string, type: SqlType): Value {
  switch (type.kind) {
    case 'boolean':
      return text === 't';
    case 'int2':
    case 'int4':
      return Number(text);
    case 'float4':
    case 'float8':
      return Number(text.replace(/^(-?)Inf$/i, '$1Infinity'));
    case 'int8':
      return BigInt(text);
    case 'bytea':
      return Uint8Array.from(Buffer.from(text.slice(2), 'hex'));
    case 'date':
      return text.endsWith('infinity') ? signed(text, DATE_INFINITY) : dayOfText(text);
    case 'time':
      return microsecondsOfClock(text);
    case 'timestamp':
    case 'timestamptz':
      return timestampOfText(text);
    case 'interval':
      return intervalOfText(text);
    case 'list':
      return listOfText(text, type.element);
    default:
      return text;
  }
}

function signed(text: string, magnitude: number): number {
  return text.startsWith('-') ? -magnitude : magnitude;
}

function dayOfText(text: string): number {
  const parts = /^(\d+)-(\d\d)-(\d\d)( BC)?$/.exec(text);
  if (parts === null)
    throw engineError(SqlState.invalidDatetimeFormat, `invalid date from the catalogue: "${text}"`);
  const year = parts[4] === undefined ? Number(parts[1]) : 1 - Number(parts[1]);
  const date = new Date(0);
  date.setUTCFullYear(year, Number(parts[2]) - 1, Number(parts[3]));
  return date.getTime() / DAY_MILLISECONDS;
}

/** `HH:MM:SS.ffffff`, with a sign if it is a part of an interval. */
function microsecondsOfClock(text: string): bigint {
  const parts = /^([+-]?)(\d+):(\d\d):(\d\d)(?:\.(\d+))?/.exec(text);
  if (parts === null)
    throw engineError(SqlState.invalidDatetimeFormat, `invalid time from the catalogue: "${text}"`);
  const seconds = BigInt(parts[2]!) * 3_600n + BigInt(parts[3]!) * 60n + BigInt(parts[4]!);
  const magnitude = seconds * 1_000_000n + BigInt((parts[5] ?? '').padEnd(6, '0'));
  return parts[1] === '-' ? -magnitude : magnitude;
}

function timestampOfText(text: string): bigint {
  if (text === 'infinity') return TIMESTAMP_INFINITY;
  if (text === '-infinity') return -TIMESTAMP_INFINITY;
  const era = text.endsWith(' BC') ? ' BC' : '';
  const [day, clock] = text.split(' ');
  return BigInt(dayOfText(day! + era)) * DAY_MICROSECONDS + microsecondsOfClock(clock ?? '00:00:00');
}

function intervalOfText(text: string): IntervalValue {
  const count = (unit: string): number => Number(new RegExp(`(-?\\d+) ${unit}`).exec(text)?.[1] ?? 0);
  const clock = /[+-]?\d+:\d\d:\d\d(?:\.\d+)?$/.exec(text)?.[0];
  return {
    months: count('year') * 12 + count('mon'),
    days: count('day'),
    microseconds: clock === undefined ? 0n : microsecondsOfClock(clock),
  };
}

/** An array literal: `{a,"b c",NULL,{…}}`, perhaps with bounds before it. */
function listOfText(text: string, element: SqlType): Value {
  let position = text.indexOf('{');
  const quoted = (): string => {
    let value = '';
    for (position++; text[position] !== '"' && position < text.length; position++) {
      if (text[position] === '\\') position++;
      value += text[position];
    }
    position++;
    return value;
  };
  const item = (): Value => {
    if (text[position] === '{') return list();
    if (text[position] === '"') return valueOfText(quoted(), element);
    const start = position;
    while (position < text.length && text[position] !== ',' && text[position] !== '}') position++;
    const bare = text.slice(start, position);
    return bare === 'NULL' ? null : valueOfText(bare, element);
  };
  const list = (): Value => {
    const values: Value[] = [];
    position++;
    while (position < text.length && text[position] !== '}') {
      values.push(item());
      if (text[position] === ',') position++;
    }
    position++;
    return values;
  };
  return list();
}

/** A parameter as PostgreSQL reads it; null stays null. */
export function textOfValue(value: Value, type: SqlType): string | null {
  if (value === null) return null;
  switch (type.kind) {
    case 'boolean':
      return value === true ? 't' : 'f';
    case 'bytea':
      return `\\x${Buffer.from(value as Uint8Array).toString('hex')}`;
    case 'date':
      return new Date((value as number) * DAY_MILLISECONDS).toISOString().slice(0, 10);
    case 'time':
      return textOfClock(value as bigint);
    case 'timestamp':
    case 'timestamptz':
      return textOfTimestamp(value as bigint);
    case 'interval': {
      const interval = value as IntervalValue;
      return `${interval.months} mons ${interval.days} days ${interval.microseconds} microseconds`;
    }
    case 'list':
      return textOfList(value as readonly Value[], type.element);
    case 'struct':
      throw unsupported('a struct as a parameter of a catalogue query');
    default:
      return String(value);
  }
}

function textOfClock(microseconds: bigint): string {
  const pad = (part: bigint, width: number): string => part.toString().padStart(width, '0');
  const seconds = microseconds / 1_000_000n;
  const clock = [seconds / 3_600n, (seconds / 60n) % 60n, seconds % 60n]
    .map((part) => pad(part, 2))
    .join(':');
  return `${clock}.${pad(microseconds % 1_000_000n, 6)}`;
}

function textOfTimestamp(microseconds: bigint): string {
  const clock = ((microseconds % DAY_MICROSECONDS) + DAY_MICROSECONDS) % DAY_MICROSECONDS;
  const day = (microseconds - clock) / DAY_MICROSECONDS;
  return `${textOfValue(Number(day), Types.date)} ${textOfClock(clock)}+00`;
}

function textOfList(values: readonly Value[], element: SqlType): string {
  const items = values.map((value) => {
    if (Array.isArray(value)) return textOfList(value, element);
    const text = textOfValue(value, element);
    return text === null ? 'NULL' : `"${text.replace(/["\\]/g, '\\$&')}"`;
  });
  return `{${items.join(',')}}`;
}
