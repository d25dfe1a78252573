/**
 * Values from their commonest text. What is written in any other way is not refused here: it `isOther`, and the
 * database reads it. Each function leaves the address after what it read in `parsedTo`.
 */
import { nearestDouble } from './double-parse';

export let parsedTo: usize = 0;
export let isOther: bool = false;

/** A decimal of more digits than a double keeps: the caller reads it as JavaScript does, which is exact too. */
@external('env', 'longDouble')
declare function longDouble(at: usize, length: usize): f64;

export function clearOther(): void {
  isOther = false;
}

@inline
function digitAt(at: usize): u32 {
  return <u32>load<u8>(at) - 0x30;
}

/** A whole number from `least` up to `greatest`. */
export function parseWhole(at: usize, least: i64, greatest: i64): i64 {
  const isNegative = load<u8>(at) === 0x2d;
  if (isNegative) at++;
  const start = at;
  let magnitude: u64 = 0;
  let digit = digitAt(at);
  while (digit < 10) {
    magnitude = magnitude * 10 + digit;
    digit = digitAt(++at);
  }
  parsedTo = at;
  const count = at - start;
  if (count === 0 || count > 19 || magnitude > <u64>i64.MAX_VALUE + u64(isNegative)) {
    isOther = true;
    return 0;
  }
  const value = isNegative ? -(<i64>magnitude) : <i64>magnitude;
  if (value < least || value > greatest) isOther = true;
  return value;
}

/** `NaN`, `Infinity`, `-Infinity`. */
function parseSpecial(at: usize): f64 {
  if (load<u16>(at) === 0x614e && load<u8>(at, 2) === 0x4e) {
    parsedTo = at + 3;
    return NaN;
  }
  const isNegative = load<u8>(at) === 0x2d;
  if (isNegative) at++;
  if (load<u64>(at) === 0x7974696e69666e49) {
    parsedTo = at + 8;
    return isNegative ? -Infinity : Infinity;
  }
  isOther = true;
  return 0;
}

/** The exponent after an `e` at `at`; the address after it in `parsedTo`. */
@inline
function parseExponent(at: usize): i32 {
  at++;
  const isNegative = load<u8>(at) === 0x2d;
  if (isNegative || load<u8>(at) === 0x2b) at++;
  const start = at;
  let exponent = 0;
  let digit = digitAt(at);
  while (digit < 10) {
    if (exponent < 10000) exponent = exponent * 10 + digit;
    digit = digitAt(++at);
  }
  if (at === start) isOther = true;
  parsedTo = at;
  return isNegative ? -exponent : exponent;
}

export function parseDouble(start: usize): f64 {
  let at = start;
  const isNegative = load<u8>(at) === 0x2d;
  if (isNegative) at++;
  const first = at;
  let significand: u64 = 0;
  let power: i32 = 0;
  let digit = digitAt(at);
  while (digit < 10) {
    significand = significand * 10 + digit;
    digit = digitAt(++at);
  }
  let count = at - first;
  if (load<u8>(at) === 0x2e) {
    const point = ++at;
    digit = digitAt(at);
    while (digit < 10) {
      significand = significand * 10 + digit;
      digit = digitAt(++at);
    }
    power = -(<i32>(at - point));
    count += at - point;
    if (at === point) isOther = true;
  }
  if (count === 0) return parseSpecial(start);
  if ((load<u8>(at) | 0x20) === 0x65) {
    power += parseExponent(at);
    at = parsedTo;
  } else parsedTo = at;
  // Zeros in front are no digits of the significand; a number of more than 19 digits does not fit it.
  let zeroAt = first;
  while (load<u8>(zeroAt) === 0x30 || load<u8>(zeroAt) === 0x2e) {
    if (load<u8>(zeroAt) === 0x30) count--;
    zeroAt++;
  }
  const magnitude =
    <isize>count > 19 ? longDouble(first, at - first) : nearestDouble(significand, power);
  if (!isFinite(magnitude)) isOther = true;
  return isNegative ? -magnitude : magnitude;
}

@inline
function pairAt(at: usize): u32 {
  const tens = digitAt(at);
  const ones = digitAt(at + 1);
  return tens < 10 && ones < 10 ? tens * 10 + ones : 100;
}

@inline
function daysInMonth(year: i32, month: i32): i32 {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** `YYYY-MM-DD` as days since 1970-01-01. */
export function parseDate(at: usize): i32 {
  const century = pairAt(at);
  const month = <i32>pairAt(at + 5);
  const day = <i32>pairAt(at + 8);
  const year = <i32>(century * 100 + pairAt(at + 2));
  parsedTo = at + 10;
  const isMarked = load<u8>(at, 4) === 0x2d && load<u8>(at, 7) === 0x2d;
  if (!isMarked || pairAt(at + 2) > 99 || century > 99 || year < 1 || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) {
    isOther = true;
    return 0;
  }
  const marchYear = month <= 2 ? year - 1 : year;
  const era = marchYear / 400;
  const yearOfEra = marchYear - era * 400;
  const dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  return era * 146097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719468;
}

/** `HH:MM:SS[.ffffff]` as microseconds since midnight. */
export function parseTime(at: usize): i64 {
  const hours = pairAt(at);
  const minutes = pairAt(at + 3);
  const seconds = pairAt(at + 6);
  if (hours > 23 || minutes > 59 || seconds > 59 || load<u8>(at, 2) !== 0x3a || load<u8>(at, 5) !== 0x3a) {
    isOther = true;
    return 0;
  }
  at += 8;
  let fraction: i64 = 0;
  if (load<u8>(at) === 0x2e) {
    const start = ++at;
    let digit = digitAt(at);
    while (digit < 10 && at - start < 6) {
      fraction = fraction * 10 + digit;
      digit = digitAt(++at);
    }
    if (at === start) isOther = true;
    for (let count = at - start; count < 6; count++) fraction *= 10;
  }
  parsedTo = at;
  return <i64>((hours * 60 + minutes) * 60 + seconds) * 1000000 + fraction;
}

/** `YYYY-MM-DD HH:MM:SS[.ffffff]`, of an instant with `+00` behind it, as microseconds since 1970-01-01. */
export function parseTimestamp(at: usize, isUtc: bool): i64 {
  const days = parseDate(at);
  if (isOther || load<u8>(at, 10) !== 0x20) {
    isOther = true;
    return 0;
  }
  const time = parseTime(at + 11);
  if (isUtc && !isOther) {
    if (load<u8>(parsedTo) !== 0x2b || load<u16>(parsedTo + 1) !== 0x3030) isOther = true;
    parsedTo += 3;
  }
  return <i64>days * 86400000000 + time;
}

/** `t`, `f`, `true`, `false`. */
export function parseBoolean(at: usize): u8 {
  const letter = load<u8>(at);
  const isLong = load<u8>(at, 1) === (letter === 0x74 ? 0x72 : 0x61);
  if (letter === 0x74) {
    if (isLong && load<u32>(at) !== 0x65757274) isOther = true;
    parsedTo = at + (isLong ? 4 : 1);
    return 1;
  }
  if (letter !== 0x66 || (isLong && (load<u32>(at) !== 0x736c6166 || load<u8>(at, 4) !== 0x65))) isOther = true;
  parsedTo = at + (isLong ? 5 : 1);
  return 0;
}
