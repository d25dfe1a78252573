/** Values of a column in ascending order, by a radix sort of their bits. */

/** Bits that one round sorts by; six rounds cover 64. */
const DIGIT_BITS: u32 = 11;
const DIGITS: usize = 2048;
const ROUNDS: i32 = 6;

/** Bits of a number, turned so that they are in the order of numbers when read without a sign. */
@inline
function keyOf(value: f64): u64 {
  const bits = reinterpret<u64>(value);
  return bits ^ ((0 - (bits >> 63)) | 0x8000000000000000);
}

@inline
function valueOf(key: u64): f64 {
  return reinterpret<f64>(key ^ (((key >> 63) - 1) | 0x8000000000000000));
}

/**
 * Writes the values of a column that are not NaN and whose row has a weight above 0 to `valuesAt`, ascending; gives how
 * many. Both `valuesAt` and `otherAt` have room for all rows, `countsAt` for 6 × 2,048 counts of 4 bytes.
 */
export function sortColumn(
  numericAt: usize,
  stride: i32,
  rowCount: i32,
  weightAt: usize,
  valuesAt: usize,
  otherAt: usize,
  countsAt: usize,
): i32 {
  memory.fill(countsAt, 0, <usize>ROUNDS * DIGITS * 4);
  const count = collectKeys(numericAt, stride, rowCount, weightAt, valuesAt, countsAt);
  let sourceAt = valuesAt;
  let targetAt = otherAt;
  for (let round = 0; round < ROUNDS; round++) {
    if (!startsOf(countsAt, count)) {
      countsAt += DIGITS * 4;
      continue;
    }
    const shift = <u64>(<u32>round * DIGIT_BITS);
    for (let index = 0; index < count; index++) {
      const key = load<u64>(sourceAt + (<usize>index << 3));
      const at = countsAt + (<usize>((key >> shift) & (DIGITS - 1)) << 2);
      const place = load<u32>(at);
      store<u32>(at, place + 1);
      store<u64>(targetAt + (<usize>place << 3), key);
    }
    const swapped = sourceAt;
    sourceAt = targetAt;
    targetAt = swapped;
    countsAt += DIGITS * 4;
  }
  for (let index = 0; index < count; index++) {
    store<f64>(valuesAt + (<usize>index << 3), valueOf(load<u64>(sourceAt + (<usize>index << 3))));
  }
  return count;
}

/** Keys of the column's values, and how often each digit of each round occurs. */
function collectKeys(
  numericAt: usize,
  stride: i32,
  rowCount: i32,
  weightAt: usize,
  keysAt: usize,
  countsAt: usize,
): i32 {
  let count = 0;
  const rowBytes = <usize>stride << 3;
  for (let row = 0; row < rowCount; row++) {
    const value = load<f64>(numericAt);
    const weight = load<f64>(weightAt);
    numericAt += rowBytes;
    weightAt += 8;
    if (value != value || !(weight > 0)) continue;
    const key = keyOf(value);
    store<u64>(keysAt + (<usize>count << 3), key);
    count++;
    for (let round = 0; round < ROUNDS; round++) {
      const digit = <usize>((key >> (<u64>(<u32>round * DIGIT_BITS))) & (DIGITS - 1));
      const at = countsAt + (((<usize>round * DIGITS) + digit) << 2);
      store<u32>(at, load<u32>(at) + 1);
    }
  }
  return count;
}

/** Turns counts into places; false if all keys have the same digit, so that there is nothing to do. */
function startsOf(countsAt: usize, count: i32): bool {
  let start: u32 = 0;
  for (let digit: usize = 0; digit < DIGITS; digit++) {
    const size = load<u32>(countsAt + (digit << 2));
    if (size == <u32>count) return false;
    store<u32>(countsAt + (digit << 2), start);
    start += size;
  }
  return true;
}
