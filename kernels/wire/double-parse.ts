/**
 * Decimals as the nearest double. Source: Lemire, Number parsing at a gigabyte per second, 2021, with the bounds of
 * Mushtak and Lemire, Fast number parsing without fallback, 2023.
 */
import { multiply, productHigh } from './multiply';

/** Powers of five from 5^-342 to 5^308, 128 bits each, the highest bit set: the upper half and the lower. */
const POWER_MIN = -342;
const POWER_MAX = 308;
const powers = memory.data(651 * 16, 8);
const exactPowers = memory.data<f64>([
  1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
  1e21, 1e22,
]);

/** Where the caller puts the powers. */
export function powersOfFiveAt(): usize {
  return powers;
}

/** significand × 10^power; NaN where that is too large, too small, or not a normal number. */
export function nearestDouble(significand: u64, power: i32): f64 {
  if (significand === 0) return 0;
  if (significand < 0x20000000000000 && power >= -22 && power <= 22) {
    const exact = load<f64>(exactPowers + (<usize>abs(power) << 3));
    return power < 0 ? f64(significand) / exact : f64(significand) * exact;
  }
  if (power < POWER_MIN || power > POWER_MAX) return NaN;
  const zeros = <i32>clz(significand);
  const shifted = significand << <u64>zeros;
  const at = powers + (<usize>(power - POWER_MIN) << 4);
  let low = multiply(shifted, load<u64>(at));
  let high = productHigh;
  if ((high & 0x1ff) === 0x1ff) {
    multiply(shifted, load<u64>(at, 8));
    const carry = productHigh;
    low += carry;
    if (carry > low) high++;
  }
  const upperBit = <i32>(high >> 63);
  const shift = <u64>(upperBit + 9);
  let mantissa = high >> shift;
  let exponent = ((217706 * power) >> 16) + 63 + upperBit - zeros + 1023;
  if (exponent <= 0) return NaN;
  if (low <= 1 && power >= -4 && power <= 23 && (mantissa & 3) === 1 && mantissa << shift === high) mantissa &= ~1;
  mantissa = (mantissa + (mantissa & 1)) >> 1;
  if (mantissa >= 0x20000000000000) {
    mantissa = 0x10000000000000;
    exponent++;
  }
  if (exponent >= 0x7ff) return NaN;
  return reinterpret<f64>((<u64>exponent << 52) | (mantissa & 0xfffffffffffff));
}
