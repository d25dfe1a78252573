/**
 * Dates, times and timestamps as PostgreSQL prints them in its four styles.
 * Source: EncodeDateOnly, EncodeTimeOnly, EncodeDateTime in PostgreSQL's datetime.c.
 */
import {
  type CivilDate,
  civilFromDays,
  DATE_INFINITY,
  DATE_MINUS_INFINITY,
  infinityText,
  SECONDS_PER_DAY,
  splitTimestamp,
} from './calendar.ts';
import { dateStyleOf, type DateStyle, type FieldOrder, type TextSettings } from './text-settings.ts';
import { timeZoneOf, type TimeZone } from './time-zone.ts';

const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const two = (value: number): string => (value < 10 ? `0${value}` : String(value));

/** Years before 1 are written without their sign; ` BC` follows the whole. */
function yearText(year: number): string {
  return String(year > 0 ? year : 1 - year).padStart(4, '0');
}

function eraText(year: number): string {
  return year > 0 ? '' : ' BC';
}

function dayText(date: CivilDate, style: DateStyle, order: FieldOrder): string {
  const year = yearText(date.year);
  const month = two(date.month);
  const day = two(date.day);
  if (style === 'iso') return `${year}-${month}-${day}`;
  if (style === 'german') return `${day}.${month}.${year}`;
  const separator = style === 'sql' ? '/' : '-';
  const front = order === 'dmy' ? `${day}${separator}${month}` : `${month}${separator}${day}`;
  return `${front}${separator}${year}`;
}

function fractionText(microseconds: number): string {
  if (microseconds === 0) return '';
  return `.${String(microseconds).padStart(6, '0').replace(/0+$/, '')}`;
}

/** Microseconds since midnight as `HH:MM:SS[.ffffff]`; 24:00:00 is a time too. */
export function timeText(microseconds: number): string {
  const seconds = Math.floor(microseconds / 1e6);
  const minutes = Math.floor(seconds / 60);
  const clock = `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}:${two(seconds % 60)}`;
  return clock + fractionText(microseconds - seconds * 1e6);
}

/** An offset from UTC: `+02`, `-05:30`, `+00:53:28`. */
function offsetText(seconds: number): string {
  const magnitude = Math.abs(seconds);
  const sign = seconds < 0 ? '-' : '+';
  const hours = two(Math.floor(magnitude / 3600));
  const minutes = two(Math.floor(magnitude / 60) % 60);
  if (magnitude % 60 !== 0) return `${sign}${hours}:${minutes}:${two(magnitude % 60)}`;
  return minutes === '00' ? sign + hours : `${sign}${hours}:${minutes}`;
}

/**
 * How dates (days since 1970-01-01) print; neighbouring rows often have the same day, so the last one is
 * kept.
 */
export function dateFormatter(settings: TextSettings): (days: number) => string {
  const { style, order } = dateStyleOf(settings.dateStyle);
  let lastDays = Number.NaN;
  let lastText = '';
  return (days) => {
    if (days === lastDays) return lastText;
    lastDays = days;
    if (days === DATE_INFINITY) return (lastText = 'infinity');
    if (days <= DATE_MINUS_INFINITY) return (lastText = '-infinity');
    const date = civilFromDays(days);
    lastText = dayText(date, style, order) + eraText(date.year);
    return lastText;
  };
}

/** Writes a local day and time with its zone, which is empty for a timestamp without one. */
type LocalFormatter = (days: number, time: number, zone: string) => string;

/** Neighbouring rows often have the same day, so the text of the last one is kept. */
function localFormatter(style: DateStyle, order: FieldOrder): LocalFormatter {
  let lastDays = Number.NaN;
  let front = '';
  let year = '';
  let era = '';
  return (days, time, zone) => {
    if (days !== lastDays) {
      lastDays = days;
      const date = civilFromDays(days);
      const isYearLast = style === 'postgres';
      front = isYearLast ? postgresDayText(date, days, order) : dayText(date, style, order);
      year = isYearLast ? ` ${yearText(date.year)}` : '';
      era = eraText(date.year);
    }
    return `${front} ${timeText(time)}${year}${zone}${era}`;
  };
}

/** `Mon Jan 01`, without the year, which follows the time. */
function postgresDayText(date: CivilDate, days: number, order: FieldOrder): string {
  const month = months[date.month - 1]!;
  const weekday = weekdays[(((days + 4) % 7) + 7) % 7]!;
  return order === 'dmy' ? `${weekday} ${two(date.day)} ${month}` : `${weekday} ${month} ${two(date.day)}`;
}

/** How timestamps without a zone (microseconds since 1970-01-01) print. */
export function timestampFormatter(settings: TextSettings): (microseconds: bigint) => string {
  const { style, order } = dateStyleOf(settings.dateStyle);
  const format = localFormatter(style, order);
  return (microseconds) => {
    const infinity = infinityText(microseconds);
    if (infinity !== undefined) return infinity;
    const { days, time } = splitTimestamp(microseconds);
    return format(days, time, '');
  };
}

/**
 * ISO has the offset; the other styles an abbreviation, which is the offset for places that have no other.
 */
function zoneText(style: DateStyle, zone: TimeZone, second: number, offset: number): string {
  if (style === 'iso') return offsetText(offset);
  const abbreviation = zone.abbreviationAt(second);
  return ` ${abbreviation ?? offsetText(offset).replaceAll(':', '')}`;
}

/** How timestamps with a zone (microseconds since 1970-01-01 UTC) print in the session's zone. */
export function timestamptzFormatter(settings: TextSettings): (microseconds: bigint) => string {
  const { style, order } = dateStyleOf(settings.dateStyle);
  const zone = timeZoneOf(settings.timeZone);
  const format = localFormatter(style, order);
  return (microseconds) => {
    const infinity = infinityText(microseconds);
    if (infinity !== undefined) return infinity;
    const { days, time } = splitTimestamp(microseconds);
    const second = days * SECONDS_PER_DAY + Math.floor(time / 1e6);
    const offset = zone.offsetAt(second);
    const local = second + offset;
    const localDays = Math.floor(local / SECONDS_PER_DAY);
    const localTime = (local - localDays * SECONDS_PER_DAY) * 1e6 + (time % 1e6);
    return format(localDays, localTime, zoneText(style, zone, second, offset));
  };
}
