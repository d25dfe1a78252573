/**
 * Days since 1970-01-01 and the proleptic Gregorian calendar. Years are astronomical: 0 is 1 BC.
 * Source: Hinnant, chrono-Compatible Low-Level Date Algorithms, 2013.
 */

export interface CivilDate {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
}

export const SECONDS_PER_DAY = 86_400;
export const MICROSECONDS_PER_DAY = 86_400_000_000;
/** Days and microseconds from 1970-01-01, our epoch, to 2000-01-01, PostgreSQL's. */
export const POSTGRES_EPOCH_DAYS = 10_957;
export const POSTGRES_EPOCH_MICROSECONDS = 946_684_800_000_000n;

/** Dates that stand for infinity; the smaller one is written in two ways. */
export const DATE_INFINITY = 2_147_483_647;
export const DATE_MINUS_INFINITY: number = -2_147_483_647;
export const TIMESTAMP_INFINITY: bigint = 2n ** 63n - 1n;
export const TIMESTAMP_MINUS_INFINITY: bigint = -TIMESTAMP_INFINITY;

const DAYS_PER_ERA = 146_097;
const DAYS_TO_1970 = 719_468;

export function civilFromDays(days: number): CivilDate {
  const shifted = days + DAYS_TO_1970;
  const era = Math.floor(shifted / DAYS_PER_ERA);
  const dayOfEra = shifted - era * DAYS_PER_ERA;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1;
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day };
}

export function daysFromCivil(year: number, month: number, day: number): number {
  const marchYear = month <= 2 ? year - 1 : year;
  const era = Math.floor(marchYear / 400);
  const yearOfEra = marchYear - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * DAYS_PER_ERA + dayOfEra - DAYS_TO_1970;
}

export function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** `infinity`, `-infinity`, or undefined for any other timestamp. */
export function infinityText(microseconds: bigint): string | undefined {
  if (microseconds === TIMESTAMP_INFINITY) return 'infinity';
  return microseconds <= TIMESTAMP_MINUS_INFINITY ? '-infinity' : undefined;
}

/** A timestamp as whole days and the microseconds since that day's midnight. */
export function splitTimestamp(microseconds: bigint): { readonly days: number; readonly time: number } {
  const near = Number(microseconds);
  if (Number.isSafeInteger(near)) {
    const days = Math.floor(near / MICROSECONDS_PER_DAY);
    return { days, time: near - days * MICROSECONDS_PER_DAY };
  }
  const perDay = BigInt(MICROSECONDS_PER_DAY);
  const time = ((microseconds % perDay) + perDay) % perDay;
  return { days: Number((microseconds - time) / perDay), time: Number(time) };
}

/** The timestamp of days and microseconds of the day. */
export function joinTimestamp(days: number, time: number): bigint {
  return BigInt(days) * BigInt(MICROSECONDS_PER_DAY) + BigInt(time);
}
