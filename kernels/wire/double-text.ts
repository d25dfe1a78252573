/**
 * Doubles with the shortest digits that read back as the same number. Decimals on the border to a neighbour do not
 * count, as PostgreSQL has it. Source: Giulietti, The Schubfach way to render doubles, 2020; layout: float8out_internal.
 */
import { digitCount, eightDigits, putPadded } from './digits';
import { multiplyHigh } from './multiply';

/** Powers of ten from 10^-292 to 10^324: the upper and the lower half of 128 bits, rounded up. */
const POWER_MIN = -292;
const POWER_COUNT = 617;
const powers = memory.data(POWER_COUNT * 16, 8);

/** Where the caller puts the powers. */
export function powersOfTenAt(): usize {
  return powers;
}

/** A number of 192 bits >> 128, its last bit set if anything was cut off. */
@inline
function roundToOdd(high: u64, middle: u64): u64 {
  return high | u64(middle > 1);
}

/** A number of 192 bits plus g << shift (1 to 5), rounded as by `roundToOdd`. */
@inline
function roundSum(high: u64, middle: u64, low: u64, upper: u64, lower: u64, shift: u64): u64 {
  const carryLow = u64(low + (lower << shift) < low);
  const sum = middle + ((upper << shift) | (lower >> (64 - shift)));
  const total = sum + carryLow;
  const carry = u64(sum < middle) + u64(total < sum);
  return roundToOdd(high + (upper >> (64 - shift)) + carry, total);
}

/** A number of 192 bits minus g << shift. */
@inline
function roundDifference(high: u64, middle: u64, low: u64, upper: u64, lower: u64, shift: u64): u64 {
  const borrowLow = u64(low < lower << shift);
  const less = (upper << shift) | (lower >> (64 - shift));
  const difference = middle - less;
  const total = difference - borrowLow;
  const borrow = u64(middle < less) + u64(difference < borrowLow);
  return roundToOdd(high - (upper >> (64 - shift)) - borrow, total);
}

/** Exponent of ten of the last decimal. */
let decimalExponent: i32 = 0;

/** The digits of the decimal; zeros may end them. */
function shortestDecimal(fraction: u64, biased: i32): u64 {
  let significand = fraction;
  let exponent = -1074;
  if (biased !== 0) {
    significand = fraction | 0x10000000000000;
    exponent = biased - 1075;
    if (exponent <= 0 && exponent > -53 && <i32>ctz(significand) >= -exponent) {
      decimalExponent = 0;
      return significand >> <u64>-exponent;
    }
  }
  const isLowerCloser = fraction === 0 && biased > 1;
  const power = isLowerCloser ? (exponent * 1262611 - 524031) >> 22 : (exponent * 1262611) >> 22;
  const shift = exponent + ((-power * 1741647) >> 19) + 1;
  const at = powers + (<usize>(-power - POWER_MIN) << 4);
  const upper = load<u64>(at);
  const lower = load<u64>(at, 8);
  const multiplier = (4 * significand) << <u64>shift;
  const low = lower * multiplier;
  const product = upper * multiplier;
  const middle = product + multiplyHigh(lower, multiplier);
  const high = multiplyHigh(upper, multiplier) + u64(middle < product);
  const step = <u64>(shift + 1);
  const below = roundDifference(high, middle, low, upper, lower, step - u64(isLowerCloser)) + 1;
  const exact = roundToOdd(high, middle);
  const above = roundSum(high, middle, low, upper, lower, step) - 1;
  const digits = exact / 4;
  decimalExponent = power;
  if (digits >= 10) {
    const shorter = digits / 10;
    const isDownInside = below <= 40 * shorter;
    const isUpInside = 40 * shorter + 40 <= above;
    if (isDownInside !== isUpInside) {
      decimalExponent = power + 1;
      return shorter + u64(isUpInside);
    }
  }
  const isDownInside = below <= 4 * digits;
  const isUpInside = 4 * digits + 4 <= above;
  if (isDownInside !== isUpInside) return digits + u64(isUpInside);
  const half = 4 * digits + 2;
  return digits + u64(exact > half || (exact === half && (digits & 1) !== 0));
}

/** Numbers below 10^11 of at most 4 decimals, so that they have 15 digits at most, are found without powers. */
const FEW_DECIMALS = 4;
const FEW_SCALE: f64 = 10000;
const FEW_MAX: f64 = 1e11;

/**
 * The digits of a positive number. A decimal of at most 15 digits that reads back as the number is the only such one, and
 * so the shortest: no two have the same nearest double.
 */
@inline
function digitsOf(value: f64, fraction: u64, biased: i32): u64 {
  if (value < FEW_MAX) {
    const scaled = nearest(value * FEW_SCALE);
    if (scaled / FEW_SCALE === value) {
      decimalExponent = -FEW_DECIMALS;
      return <u64>scaled;
    }
  }
  return shortestDecimal(fraction, biased);
}

/** An exponent, of at least two digits. */
function putExponent(at: usize, exponent: i32): usize {
  store<u8>(at, 0x65);
  store<u8>(at + 1, exponent < 0 ? 0x2d : 0x2b);
  const magnitude = <u32>abs(exponent);
  const width = max(2, digitCount(magnitude));
  putPadded(at + 2, magnitude, width);
  return at + 2 + width;
}

function putSpecial(at: usize, isNegative: bool, isNaN: bool): usize {
  if (isNaN) {
    store<u8>(at, 0x4e);
    store<u16>(at + 1, 0x4e61);
    return at + 3;
  }
  if (isNegative) store<u8>(at++, 0x2d);
  store<u64>(at, 0x7974696e69666e49);
  return at + 8;
}

const lanes = i8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);

/** So many digits, of which 16 are in lanes, with a point behind `whole` of them (0 to 15). */
@inline
function putDigits(at: usize, digits: v128, last: u8, count: i32, whole: i32): usize {
  v128.store(at, digits);
  if (count <= whole) return at + whole;
  store<u8>(at + whole, 0x2e);
  v128.store(at + whole + 1, i8x16.swizzle(digits, i8x16.add(lanes, i8x16.splat(<i8>whole))));
  store<u8>(at + 17, last);
  return at + count + 1;
}

/**
 * Up to 17 digits, not all zero, times 10^exponent: the first 16 as a vector, from which zeros are dropped at both ends.
 * Whole vectors are written, up to 33 bytes behind the number.
 */
@inline
function putDecimal(at: usize, decimal: u64, exponent: i32): usize {
  const upper = decimal / 100000000;
  const low = eightDigits(<u32>(decimal - upper * 100000000));
  const first = upper / 100000000;
  const high = eightDigits(<u32>(upper - first * 100000000));
  const eights = i64x2.replace_lane(i64x2.splat(<i64>high), 1, <i64>low);
  let count = 17 - <i32>(low !== 0 ? clz(low) >> 3 : 8 + (clz(high) >> 3));
  let whole = 17 + exponent;
  let digits = i8x16.swizzle(eights, i8x16.sub(lanes, i8x16.splat(1)));
  if (first !== 0) digits = i8x16.replace_lane(digits, 0, <i8>first);
  else {
    const zeroCount = <i32>(high !== 0 ? ctz(high) >> 3 : 8 + (ctz(low) >> 3));
    count -= zeroCount + 1;
    whole -= zeroCount + 1;
    digits = i8x16.swizzle(eights, i8x16.add(lanes, i8x16.splat(<i8>zeroCount)));
  }
  digits = v128.or(digits, i8x16.splat(0x30));
  const last = <u8>(0x30 | (low >> 56));
  if (whole > 15 || whole < -3) return putExponent(putDigits(at, digits, last, count, 1), whole - 1);
  if (whole > 0) return putDigits(at, digits, last, count, whole);
  store<u64>(at, 0x3030303030302e30);
  at += 2 - whole;
  v128.store(at, digits);
  store<u8>(at + 16, last);
  return at + count;
}

/** Up to 33 bytes behind the number are written, too. */
export function putDouble(at: usize, value: f64): usize {
  const bits = reinterpret<u64>(value);
  const isNegative = bits >> 63 !== 0;
  const fraction = bits & 0xfffffffffffff;
  const biased = <i32>((bits >> 52) & 0x7ff);
  if (biased === 0x7ff) return putSpecial(at, isNegative, fraction !== 0);
  store<u8>(at, 0x2d);
  at += usize(isNegative);
  if ((bits << 1) === 0) {
    store<u8>(at, 0x30);
    return at + 1;
  }
  const decimal = digitsOf(abs(value), fraction, biased);
  return putDecimal(at, decimal, decimalExponent);
}
