/** Dates and timestamps in ISO style. Source: Hinnant, chrono-Compatible Low-Level Date Algorithms, 2013. */
import { putPadded, putPair, putU32 } from './digits';

const MICROSECONDS_PER_DAY: i64 = 86400000000;

function putInfinity(at: usize, isNegative: bool): usize {
  if (isNegative) store<u8>(at++, 0x2d);
  store<u64>(at, 0x7974696e69666e69);
  return at + 8;
}

/** Whether the day that was written last is before year 1: ` BC` is to follow. */
let isBeforeChrist: bool = false;

/** `2024-02-29`, without the era. */
function putDay(at: usize, days: i64): usize {
  const shifted = days + 719468;
  const era = <i32>((shifted >= 0 ? shifted : shifted - 146096) / 146097);
  const dayOfEra = <i32>(shifted - <i64>era * 146097);
  const yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146096) / 365;
  const dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
  const marchMonth = (5 * dayOfYear + 2) / 153;
  const day = dayOfYear - (153 * marchMonth + 2) / 5 + 1;
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  const year = yearOfEra + era * 400 + i32(month <= 2);
  isBeforeChrist = year <= 0;
  const shown = <u32>(year > 0 ? year : 1 - year);
  if (shown < 10000) {
    putPadded(at, shown, 4);
    at += 4;
  } else at = putU32(at, shown);
  store<u8>(at, 0x2d);
  putPair(at + 1, month);
  store<u8>(at + 3, 0x2d);
  putPair(at + 4, day);
  return at + 6;
}

@inline
function putEra(at: usize): usize {
  if (!isBeforeChrist) return at;
  store<u8>(at, 0x20);
  store<u16>(at + 1, 0x4342);
  return at + 3;
}

/** Days since 1970-01-01; both ends of the range, and what is below, are infinite. */
export function putDate(at: usize, days: i32): usize {
  if (days === i32.MAX_VALUE) return putInfinity(at, false);
  if (days <= -i32.MAX_VALUE) return putInfinity(at, true);
  return putEra(putDay(at, days));
}

/** Microseconds since midnight as `HH:MM:SS[.ffffff]`. */
export function putTime(at: usize, microseconds: i64): usize {
  const seconds = <u32>(microseconds / 1000000);
  let fraction = <u32>(microseconds - <i64>seconds * 1000000);
  const minutes = seconds / 60;
  const hours = minutes / 60;
  putPair(at, hours);
  store<u8>(at + 2, 0x3a);
  putPair(at + 3, minutes - hours * 60);
  store<u8>(at + 5, 0x3a);
  putPair(at + 6, seconds - minutes * 60);
  at += 8;
  if (fraction === 0) return at;
  store<u8>(at, 0x2e);
  putPadded(at + 1, fraction, 6);
  at += 7;
  while (load<u8>(at - 1) === 0x30) at--;
  return at;
}

/** Microseconds since 1970-01-01; `isUtc`: with the offset `+00`. */
export function putTimestamp(at: usize, microseconds: i64, isUtc: bool): usize {
  if (microseconds === i64.MAX_VALUE) return putInfinity(at, false);
  if (microseconds <= -i64.MAX_VALUE) return putInfinity(at, true);
  const floor = microseconds >= 0 ? microseconds : microseconds - (MICROSECONDS_PER_DAY - 1);
  const days = floor / MICROSECONDS_PER_DAY;
  at = putDay(at, days);
  store<u8>(at, 0x20);
  at = putTime(at + 1, microseconds - days * MICROSECONDS_PER_DAY);
  if (isUtc) {
    store<u8>(at, 0x2b);
    store<u16>(at + 1, 0x3030);
    at += 3;
  }
  return putEra(at);
}
