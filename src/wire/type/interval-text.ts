/**
 * Intervals as PostgreSQL prints them in its four styles. Source: EncodeInterval in PostgreSQL's datetime.c.
 */
import type { IntervalValue } from '../../core/index.ts';

/** The fields that are printed, each with its own sign. */
interface IntervalParts {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly fraction: number;
}

function partsOf(value: IntervalValue): IntervalParts {
  const { months, days, microseconds } = value;
  return {
    year: Math.trunc(months / 12),
    month: months % 12,
    day: days,
    hour: Number(microseconds / 3_600_000_000n),
    minute: Number((microseconds / 60_000_000n) % 60n),
    second: Number((microseconds / 1_000_000n) % 60n),
    fraction: Number(microseconds % 1_000_000n),
  };
}

const two = (value: number): string => String(Math.abs(value)).padStart(2, '0');

function secondsText(parts: IntervalParts, isPadded: boolean): string {
  const whole = isPadded ? two(parts.second) : String(Math.abs(parts.second));
  if (parts.fraction === 0) return whole;
  return `${whole}.${String(Math.abs(parts.fraction)).padStart(6, '0').replace(/0+$/, '')}`;
}

const isTimeNegative = (parts: IntervalParts): boolean =>
  parts.hour < 0 || parts.minute < 0 || parts.second < 0 || parts.fraction < 0;
const hasTime = (parts: IntervalParts): boolean =>
  parts.hour !== 0 || parts.minute !== 0 || parts.second !== 0 || parts.fraction !== 0;

/** `1 year 2 mons -3 days +04:05:06`. */
function postgresText(parts: IntervalParts): string {
  const words: string[] = [];
  let isBeforeNegative = false;
  for (const [value, unit] of [
    [parts.year, 'year'],
    [parts.month, 'mon'],
    [parts.day, 'day'],
  ] as const) {
    if (value === 0) continue;
    words.push(`${isBeforeNegative && value > 0 ? '+' : ''}${value} ${unit}${value === 1 ? '' : 's'}`);
    isBeforeNegative = value < 0;
  }
  if (words.length === 0 || hasTime(parts)) {
    const sign = isTimeNegative(parts) ? '-' : isBeforeNegative ? '+' : '';
    words.push(`${sign}${two(parts.hour)}:${two(parts.minute)}:${secondsText(parts, true)}`);
  }
  return words.join(' ');
}

/**
 * `@ 1 year 2 mons ago`: the sign of the first field is the sign of all; others are negated where they
 * differ.
 */
function verboseText(parts: IntervalParts): string {
  const words = ['@'];
  let isNegative: boolean | undefined;
  for (const [value, unit] of [
    [parts.year, 'year'],
    [parts.month, 'mon'],
    [parts.day, 'day'],
    [parts.hour, 'hour'],
    [parts.minute, 'min'],
  ] as const) {
    if (value === 0) continue;
    isNegative ??= value < 0;
    const shown = isNegative ? -value : value;
    words.push(`${shown} ${unit}${shown === 1 ? '' : 's'}`);
  }
  if (parts.second !== 0 || parts.fraction !== 0) {
    const isSecondNegative = parts.second < 0 || parts.fraction < 0;
    isNegative ??= isSecondNegative;
    const isSingular = Math.abs(parts.second) === 1 && parts.fraction === 0;
    words.push(
      `${isSecondNegative === isNegative ? '' : '-'}${secondsText(parts, false)} sec${isSingular ? '' : 's'}`,
    );
  }
  if (isNegative === undefined) words.push('0');
  if (isNegative === true) words.push('ago');
  return words.join(' ');
}

/** `P1Y2M-3DT4H5M6.5S`. */
function isoText(parts: IntervalParts): string {
  const part = (value: number, unit: string): string => (value === 0 ? '' : `${value}${unit}`);
  const date = part(parts.year, 'Y') + part(parts.month, 'M') + part(parts.day, 'D');
  if (!hasTime(parts)) return date === '' ? 'PT0S' : `P${date}`;
  const sign = parts.second < 0 || parts.fraction < 0 ? '-' : '';
  const hasSeconds = parts.second !== 0 || parts.fraction !== 0;
  const seconds = hasSeconds ? `${sign}${secondsText(parts, false)}S` : '';
  return `P${date}T${part(parts.hour, 'H')}${part(parts.minute, 'M')}${seconds}`;
}

/** `1-2`, `-3 4:05:06`, or `+1-2 -3 +4:05:06` where the standard has no form. */
function sqlStandardText(parts: IntervalParts): string {
  const values = Object.values(parts) as number[];
  const hasNegative = values.some((value) => value < 0);
  const hasPositive = values.some((value) => value > 0);
  if (!hasNegative && !hasPositive) return '0';
  const hasMonths = parts.year !== 0 || parts.month !== 0;
  const hasDays = parts.day !== 0 || hasTime(parts);
  const clock = `${Math.abs(parts.hour)}:${two(parts.minute)}:${secondsText(parts, true)}`;
  const yearMonth = `${Math.abs(parts.year)}-${Math.abs(parts.month)}`;
  const day = Math.abs(parts.day);
  if ((hasNegative && hasPositive) || (hasMonths && hasDays)) {
    const sign = (isNegative: boolean): string => (isNegative ? '-' : '+');
    const front = sign(parts.year < 0 || parts.month < 0) + yearMonth;
    return `${front} ${sign(parts.day < 0)}${day} ${sign(isTimeNegative(parts))}${clock}`;
  }
  const sign = hasNegative ? '-' : '';
  if (hasMonths) return sign + yearMonth;
  return sign + (parts.day === 0 ? clock : `${day} ${clock}`);
}

/** How intervals print under a setting of IntervalStyle. */
export function intervalFormatter(intervalStyle: string): (value: IntervalValue) => string {
  const style = intervalStyle.toLowerCase();
  if (style === 'postgres_verbose') return (value) => verboseText(partsOf(value));
  if (style === 'iso_8601') return (value) => isoText(partsOf(value));
  if (style === 'sql_standard') return (value) => sqlStandardText(partsOf(value));
  return (value) => postgresText(partsOf(value));
}
