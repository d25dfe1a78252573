/**
 * Calendar parts of a timestamp (UTC), without allocation. Source: H. Hinnant, chrono-compatible low-level
 * date algorithms (civil_from_days); parts as in the statements reference, 3.2.
 */

/** One calendar part that a timestamp expands to. */
export interface CalendarPart {
  /** Prefix of `processed_input`. */
  readonly prefix: string;
  /** Smallest value; the categories run from it to `last`. */
  readonly first: number;
  readonly last: number;
}

/** The parts with a fixed range, in the order in which they are encoded; the year follows them. */
export const calendarParts: readonly CalendarPart[] = [
  { prefix: '_TS_DOM_', first: 1, last: 31 },
  { prefix: '_TS_DOW_', first: 1, last: 7 },
  { prefix: '_TS_MOY_', first: 1, last: 12 },
  { prefix: '_TS_HOD_', first: 0, last: 23 },
  { prefix: '_TS_MOH_', first: 0, last: 59 },
  { prefix: '_TS_WOY_', first: 0, last: 53 },
];

export const YEAR_PREFIX = '_TS_YEAR_';

/** Parts a timestamp has, year included. */
export const CALENDAR_PART_COUNT = 7;

const SECONDS_PER_DAY = 86_400;
/** Days from 0000-03-01, where the algorithm's eras begin, to 1970-01-01. */
const EPOCH_SHIFT = 719_468;
const DAYS_PER_ERA = 146_097;

/**
 * Writes day of month, day of week (Sunday is 1), month, hour, minute, week of year (weeks begin on Sunday;
 * days before the first Sunday are week 0) and year of `seconds` since 1970-01-01 into the first seven places
 * of `parts`.
 */
export function calendarPartsOf(seconds: number, parts: Float64Array): void {
  const days = Math.floor(seconds / SECONDS_PER_DAY);
  const secondOfDay = Math.floor(seconds - days * SECONDS_PER_DAY);
  const shifted = days + EPOCH_SHIFT;
  const era = Math.floor(shifted / DAYS_PER_ERA);
  const dayOfEra = shifted - era * DAYS_PER_ERA;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfMarchYear =
    dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const marchMonth = Math.floor((5 * dayOfMarchYear + 2) / 153);
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 1 : 0;
  const dayOfYear = dayOfMarchYear < 306 ? dayOfMarchYear + 59 + leap : dayOfMarchYear - 306;
  const weekday = (((days + 4) % 7) + 7) % 7;
  parts[0] = dayOfMarchYear - Math.floor((153 * marchMonth + 2) / 5) + 1;
  parts[1] = weekday + 1;
  parts[2] = month;
  parts[3] = Math.floor(secondOfDay / 3600);
  parts[4] = Math.floor((secondOfDay % 3600) / 60);
  parts[5] = Math.floor((dayOfYear + 7 - weekday) / 7);
  parts[6] = year;
}
