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

export function putU32(at: usize, value: u32): usize {
  const count = digitCount(value);
  putPadded(at, value, count);
  return at + count;
}

export function putU64(at: usize, value: u64): usize {
  if (value <= 0xffffffff) return putU32(at, <u32>value);
  const upper = value / 100000000;
  const end = putU64(at, upper);
  putPadded(end, <u32>(value - upper * 100000000), 8);
  return end + 8;
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
