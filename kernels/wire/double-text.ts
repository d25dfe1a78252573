/**
 * Doubles with the shortest digits that read back as the same number. Decimals on the border to a neighbour do not
 * count, as PostgreSQL has it. Source: Giulietti, The Schubfach way to render doubles, 2020; layout: float8out_internal.
 */
import { digitCount, putPadded, putU64 } from './digits';
import { multiply, productHigh } from './multiply';

/** Powers of ten from 10^-292 to 10^324: the upper and the lower half of 128 bits, rounded up. */
const POWER_MIN = -292;
const POWER_COUNT = 617;
const powers = memory.data(POWER_COUNT * 16, 8);
const scratch = memory.data(40, 8);

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
  const low = multiply(lower, multiplier);
  const carried = productHigh;
  const product = multiply(upper, multiplier);
  const middle = product + carried;
  const high = productHigh + u64(middle < product);
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

/** Copies up to 24 digits; what follows the digits is copied, too, and overwritten later. */
@inline
function copyDigits(target: usize, source: usize, count: i32): usize {
  v128.store(target, v128.load(source));
  store<u64>(target, load<u64>(source, 16), 16);
  return target + count;
}

/** Up to 16 zeros. */
@inline
function putZeros(at: usize, count: i32): usize {
  v128.store(at, i8x16.splat(0x30));
  return at + count;
}

/** `1.5e+20`: at least two digits of exponent. */
function putScientific(at: usize, digitsAt: usize, count: i32, exponent: i32): usize {
  store<u8>(at++, load<u8>(digitsAt));
  if (count > 1) {
    store<u8>(at++, 0x2e);
    at = copyDigits(at, digitsAt + 1, count - 1);
  }
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

export function putDouble(at: usize, value: f64): usize {
  const bits = reinterpret<u64>(value);
  const isNegative = bits >> 63 !== 0;
  const fraction = bits & 0xfffffffffffff;
  const biased = <i32>((bits >> 52) & 0x7ff);
  if (biased === 0x7ff) return putSpecial(at, isNegative, fraction !== 0);
  if (isNegative) store<u8>(at++, 0x2d);
  if ((bits << 1) === 0) {
    store<u8>(at, 0x30);
    return at + 1;
  }
  const digits = shortestDecimal(fraction, biased);
  let end = putU64(scratch, digits);
  const whole = <i32>(end - scratch) + decimalExponent;
  while (load<u8>(end - 1) === 0x30) end--;
  const count = <i32>(end - scratch);
  if (whole < -3 || whole > 15) return putScientific(at, scratch, count, whole - 1);
  if (whole <= 0) {
    store<u16>(at, 0x2e30);
    return copyDigits(putZeros(at + 2, -whole), scratch, count);
  }
  if (count <= whole) return putZeros(copyDigits(at, scratch, count), whole - count);
  at = copyDigits(at, scratch, whole);
  store<u8>(at, 0x2e);
  return copyDigits(at + 1, scratch + whole, count - whole);
}
