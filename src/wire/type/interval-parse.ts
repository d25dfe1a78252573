/**
 * Intervals from text: `1 year 2 mons 3 days 04:05:06`, `@ 1 day ago`, `P1Y2M3DT4H5M6S`, `1-2`, `3 4:05:06`.
 * Fractions of a month go to days (30 a month), fractions of a day to time. Source: DecodeInterval in
 * datetime.c.
 */
import { type IntervalValue, Types } from '../../core/index.ts';
import { intervalOutOfRange, invalidInput } from './input-error.ts';

interface Total {
  months: number;
  days: number;
  microseconds: number;
}

/** How much one of a unit is, in the field that it counts in. */
const unitScales: Readonly<Record<string, readonly [field: keyof Total, scale: number]>> = {
  microsecond: ['microseconds', 1],
  millisecond: ['microseconds', 1e3],
  second: ['microseconds', 1e6],
  minute: ['microseconds', 60e6],
  hour: ['microseconds', 3600e6],
  day: ['days', 1],
  week: ['days', 7],
  month: ['months', 1],
  year: ['months', 12],
  decade: ['months', 120],
  century: ['months', 1200],
  millennium: ['months', 12_000],
};

const unitNames: Readonly<Record<string, readonly string[]>> = {
  microsecond: ['us', 'usec', 'usecs', 'usecond', 'useconds', 'microsecond', 'microseconds'],
  millisecond: ['ms', 'msec', 'msecs', 'msecond', 'mseconds', 'millisecond', 'milliseconds'],
  second: ['s', 'sec', 'secs', 'second', 'seconds'],
  minute: ['m', 'min', 'mins', 'minute', 'minutes'],
  hour: ['h', 'hr', 'hrs', 'hour', 'hours'],
  day: ['d', 'day', 'days'],
  week: ['w', 'week', 'weeks'],
  month: ['mon', 'mons', 'month', 'months'],
  year: ['y', 'yr', 'yrs', 'year', 'years'],
  decade: ['dec', 'decs', 'decade', 'decades'],
  century: ['c', 'cent', 'century', 'centuries'],
  millennium: ['mil', 'mils', 'millennium', 'millennia'],
};

const unitOfName: ReadonlyMap<string, string> = new Map(
  Object.entries(unitNames).flatMap(([unit, names]) => names.map((name) => [name, unit] as const)),
);

/** Adds an amount of a unit; a fraction spills into the smaller fields. */
function add(total: Total, unit: string, amount: number): void {
  const [field, scale] = unitScales[unit]!;
  const exact = amount * scale;
  if (field === 'microseconds') {
    total.microseconds += Math.round(exact);
    return;
  }
  const whole = Math.trunc(exact);
  total[field] += whole;
  const fraction = exact - whole;
  if (fraction === 0) return;
  if (field === 'days') total.microseconds += Math.round(fraction * 86_400e6);
  else if (scale === 1) add(total, 'day', Number((fraction * 30).toFixed(9)));
  else total.months += Math.round(fraction);
}

function addClock(total: Total, match: RegExpExecArray): void {
  const [, sign, hours, minutes, seconds = '0'] = match;
  const magnitude = Number(hours) * 3600e6 + Number(minutes) * 60e6 + Math.round(Number(seconds) * 1e6);
  total.microseconds += sign === '-' ? -magnitude : magnitude;
}

const isoAmount = '(-?[\\d.]+)';
const isoPattern = new RegExp(
  `^p(?=.)(?:${isoAmount}y)?(?:${isoAmount}m)?(?:${isoAmount}w)?(?:${isoAmount}d)?` +
    `(?:t(?=.)(?:${isoAmount}h)?(?:${isoAmount}m)?(?:${isoAmount}s)?)?$`,
);
const isoUnits = ['year', 'month', 'week', 'day', 'hour', 'minute', 'second'];

function parseIso(text: string): Total | undefined {
  const match = isoPattern.exec(text);
  if (match === null) return undefined;
  const total: Total = { months: 0, days: 0, microseconds: 0 };
  isoUnits.forEach((unit, index) => {
    const amount = match[index + 1];
    if (amount !== undefined) add(total, unit, Number(amount));
  });
  return total;
}

/** One field of the traditional form at the start of `text`; gives how long it is, 0 when it is none. */
function addField(total: Total, text: string): number {
  const clock = /^([+-]?)(\d+):(\d{1,2})(?::(\d{1,2}(?:\.\d*)?))?(?![\d:])/.exec(text);
  if (clock !== null) {
    addClock(total, clock);
    return clock[0].length;
  }
  const yearMonth = /^([+-]?)(\d+)-(\d{1,2})(?![\d-])/.exec(text);
  if (yearMonth !== null) {
    const months = Number(yearMonth[2]) * 12 + Number(yearMonth[3]);
    total.months += yearMonth[1] === '-' ? -months : months;
    return yearMonth[0].length;
  }
  const amount = /^([+-]?(?:\d+\.?\d*|\.\d+))\s*([a-z]+)?/.exec(text);
  if (amount === null) return 0;
  // A bare number counts days before a time, and seconds at the end.
  const rest = text.slice(amount[0].length);
  const unit = amount[2] === undefined ? (rest.trim() === '' ? 'second' : 'day') : unitOfName.get(amount[2]);
  if (unit === undefined) return 0;
  add(total, unit, Number(amount[1]));
  return amount[0].length;
}

function negated(total: Total): Total {
  return { months: -total.months, days: -total.days, microseconds: -total.microseconds };
}

/** `isSqlStandard`: a sign before the first field, and no other sign, is the sign of all fields. */
function parseTraditional(text: string, isSqlStandard: boolean): Total | undefined {
  if (isSqlStandard && text.startsWith('-') && !/\s[+-]/.test(text)) {
    const positive = parseTraditional(text.slice(1), false);
    return positive === undefined ? undefined : negated(positive);
  }

  const isAgo = /\sago$/.test(text);
  let rest = text
    .replace(/^@\s*/, '')
    .replace(/\sago$/, '')
    .trim();
  if (rest === '') return undefined;
  const total: Total = { months: 0, days: 0, microseconds: 0 };
  while (rest !== '') {
    const length = addField(total, rest);
    if (length === 0) return undefined;
    rest = rest.slice(length).trimStart();
  }
  return isAgo ? negated(total) : total;
}

const INT4_MAX = 2 ** 31 - 1;

/** An interval in any of PostgreSQL's output styles, and with any of its units. */
export function parseInterval(text: string, intervalStyle: string): IntervalValue {
  const trimmed = text.trim().toLowerCase();
  const total =
    parseIso(trimmed) ?? parseTraditional(trimmed, intervalStyle.toLowerCase() === 'sql_standard');
  if (total === undefined) throw invalidInput(Types.interval, text);
  const { months, days, microseconds } = total;
  if (Math.abs(months) > INT4_MAX || Math.abs(days) > INT4_MAX) throw intervalOutOfRange(text);
  if (!Number.isFinite(microseconds) || Math.abs(microseconds) > 9.2e18) throw intervalOutOfRange(text);
  return { months: months + 0, days: days + 0, microseconds: BigInt(Math.round(microseconds)) };
}
