/**
 * Dates and timestamps in ISO style. Source: Neri and Schneider, Euclidean affine functions and their application to
 * calendar algorithms, 2023.
 */
import { eightDigits, putPadded, putPair, putU32 } from './digits';

const MICROSECONDS_PER_DAY: i64 = 86400000000;

function putInfinity(at: usize, isNegative: bool): usize {
  if (isNegative) store<u8>(at++, 0x2d);
  store<u64>(at, 0x7974696e69666e69);
  return at + 8;
}

/** Whether the day that was written last is before year 1: ` BC` is to follow. */
let isBeforeChrist: bool = false;

/** Days from 0000-03-01 to 1970-01-01, and of 400 years. */
const EPOCH_DAYS: i32 = 719468;
const ERA_DAYS: i32 = 146097;
/** Days up to so many before and after the epoch are counted from this many times 400 years before it, in 32 bits. */
const NEAR_DAYS: i32 = 500000000;
const ERAS: i32 = 3700;

/** `2024-02-29`, without the era. Up to 2 bytes behind it are written, too. */
function putNewDay(at: usize, days: i32): usize {
  let eras = 0;
  if (days > NEAR_DAYS || days < -NEAR_DAYS) {
    eras = days / ERA_DAYS;
    days -= eras * ERA_DAYS;
  }
  const quarters = <u32>(days + EPOCH_DAYS + ERA_DAYS * ERAS) * 4 + 3;
  const century = quarters / <u32>ERA_DAYS;
  const dayOfCentury = (quarters - century * <u32>ERA_DAYS) >> 2;
  const product = <u64>(dayOfCentury * 4 + 3) * 2939745;
  const yearOfCentury = <u32>(product >> 32);
  const dayOfYear = (<u32>product / 2939745) >> 2;
  const monthAndDay = 2141 * dayOfYear + 197913;
  const isNextYear = dayOfYear >= 306;
  const month = (monthAndDay >> 16) - (isNextYear ? 12 : 0);
  const day = (monthAndDay & 0xffff) / 2141 + 1;
  const year = <i32>(100 * century + yearOfCentury) + i32(isNextYear) + 400 * (eras - ERAS);
  isBeforeChrist = year <= 0;
  const shown = <u32>(year > 0 ? year : 1 - year);
  if (shown < 10000) {
    const digits = eightDigits(shown * 10000 + month * 100 + day) | 0x3030303030303030;
    store<u64>(at, digits);
    store<u64>(at + 4, 0x2d00002d | ((digits >> 24) & 0xffff00) | ((digits >> 48) << 32));
    return at + 10;
  }
  at = putU32(at, shown);
  store<u8>(at, 0x2d);
  putPair(at + 1, month);
  store<u8>(at + 3, 0x2d);
  putPair(at + 4, day);
  return at + 6;
}

/**
 * The days that were written last, by the lower bits of their numbers: the number, and ten characters. Only years of four
 * digits after the year 1 are kept.
 */
const KEPT_DAYS = 4096;
const KEPT_BYTES = 16;
const kept = memory.data(KEPT_DAYS * KEPT_BYTES, 16);

/** Up to 6 bytes behind the day are written, too. */
@inline
function putDay(at: usize, days: i32): usize {
  const entry = kept + <usize>(days & (KEPT_DAYS - 1)) * KEPT_BYTES;
  if (load<i32>(entry, 12) !== days || load<u8>(entry) === 0) return keepDay(at, days, entry);
  v128.store(at, v128.load(entry));
  isBeforeChrist = false;
  return at + 10;
}

function keepDay(at: usize, days: i32, entry: usize): usize {
  const end = putNewDay(at, days);
  if (end - at === 10 && !isBeforeChrist) {
    v128.store(entry, v128.load(at));
    store<i32>(entry, days, 12);
  }
  return end;
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

/** Microseconds since midnight, at most a day, as `HH:MM:SS[.ffffff]`. */
export function putTime(at: usize, microseconds: i64): usize {
  // A second has 15625 × 2^6 microseconds; what is divided is below 2^32.
  const seconds = <u32>(microseconds >> 6) / 15625;
  const fraction = <u32>microseconds - seconds * 1000000;
  const minutes = seconds / 60;
  const hours = minutes / 60;
  const digits = eightDigits(hours * 1000000 + (minutes - hours * 60) * 1000 + (seconds - minutes * 60));
  store<u64>(at, digits | 0x30303a30303a3030);
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
  const days = <i32>(floor / MICROSECONDS_PER_DAY);
  at = putDay(at, days);
  store<u8>(at, 0x20);
  at = putTime(at + 1, microseconds - <i64>days * MICROSECONDS_PER_DAY);
  if (isUtc) {
    store<u8>(at, 0x2b);
    store<u16>(at + 1, 0x3030);
    at += 3;
  }
  return putEra(at);
}
