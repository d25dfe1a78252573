/** Decimal digits of whole numbers. Each function gives the address after what it wrote. */

/** The digits of 00 to 99. In static memory: what is allocated would lie where the caller puts rows. */
const pairs = memory.data(200, 8);
for (let pair = 0; pair < 100; pair++) {
  store<u16>(pairs + (<usize>pair << 1), <u16>((0x30 + pair / 10) | ((0x30 + (pair % 10)) << 8)));
}

/** Two digits. */
@inline
export function putPair(at: usize, pair: u32): void {
  store<u16>(at, load<u16>(pairs + (<usize>pair << 1)));
}

@inline
export function digitCount(value: u32): u32 {
  if (value < 10000) {
    if (value < 100) return value < 10 ? 1 : 2;
    return value < 1000 ? 3 : 4;
  }
  if (value < 1000000) return value < 100000 ? 5 : 6;
  if (value < 100000000) return value < 10000000 ? 7 : 8;
  return value < 1000000000 ? 9 : 10;
}

/** So many digits, zeros in front. */
@inline
export function putPadded(at: usize, value: u32, count: u32): void {
  let end = at + count;
  while (end >= at + 2) {
    const rest = value / 100;
    end -= 2;
    putPair(end, value - rest * 100);
    value = rest;
  }
  if (end > at) store<u8>(at, 0x30 + (value % 10));
}

/** The code of `0` in each of eight bytes. */
const ZEROS: u64 = 0x3030303030303030;

/**
 * The digits of a number below 10^8, a byte each, the first one lowest: split by 10,000, both halves by 100, all quarters
 * by 10. Quotients are products with rounded reciprocals, exact for what lanes hold. Source: Khuong, How to print integers
 * really fast, 2017.
 */
@inline
export function eightDigits(value: u32): u64 {
  const upper = value / 10000;
  const halves = <u64>upper | (<u64>(value - upper * 10000) << 32);
  const hundreds = ((halves * 10486) >> 20) & 0x7f0000007f;
  const quarters = hundreds | ((halves - hundreds * 100) << 16);
  const tens = ((quarters * 103) >> 10) & 0x000f000f000f000f;
  return tens | ((quarters - tens * 10) << 8);
}

/** Eight digits, zeros in front. */
@inline
function putEight(at: usize, value: u32): void {
  store<u64>(at, eightDigits(value) | ZEROS);
}

/** A number below 10^8; up to 7 bytes behind it are written, too. */
@inline
function putShort(at: usize, value: u32): usize {
  const digits = eightDigits(value);
  const zeroCount = ctz(digits | (1 << 56)) >> 3;
  store<u64>(at, (digits | ZEROS) >> (zeroCount << 3));
  return at + 8 - <usize>zeroCount;
}

/** Up to 7 bytes behind the number are written, too. */
export function putU32(at: usize, value: u32): usize {
  if (value < 100000000) return putShort(at, value);
  const upper = value / 100000000;
  at = putShort(at, upper);
  putEight(at, value - upper * 100000000);
  return at + 8;
}

/** Up to 7 bytes behind the number are written, too. */
export function putU64(at: usize, value: u64): usize {
  if (value < 100000000) return putShort(at, <u32>value);
  const upper = value / 100000000;
  at = upper < 100000000 ? putShort(at, <u32>upper) : putU64(at, upper);
  putEight(at, <u32>(value - upper * 100000000));
  return at + 8;
}

@inline
export function putI32(at: usize, value: i32): usize {
  if (value >= 0) return putU32(at, value);
  store<u8>(at, 0x2d);
  return putU32(at + 1, <u32>-value);
}

@inline
export function putI64(at: usize, value: i64): usize {
  if (value >= 0) return putU64(at, value);
  store<u8>(at, 0x2d);
  return putU64(at + 1, <u64>-value);
}
