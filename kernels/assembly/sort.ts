/** Values of a column in ascending order, by a radix sort of their bits. */

/** Bits that one round sorts by; six rounds cover 64. */
const DIGIT_BITS: u32 = 11;
const DIGITS: usize = 2048;
const ROUNDS: i32 = 6;
/** The round that sorts by the first bits that are not sorted by exchanging neighbours. */
const TOP_ROUND: i32 = 3;
/** Steps a value, on average, after which exchanging neighbours is given up. */
const STEPS_MAX: i32 = 4;

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
 * many. Both `valuesAt` and `otherAt` have room for all rows, `countsAt` for 6 × 2,048 counts of 4 bytes. Sign, exponent
 * and the first bits of the mantissa tell most values apart: sorting by them leaves little for exchanging neighbours.
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
  const count = collectKeys(numericAt, stride, rowCount, weightAt, valuesAt);
  let sortedAt = sortKeys(valuesAt, otherAt, count, TOP_ROUND, countsAt);
  if (!settleNeighbours(sortedAt, count)) {
    const emptyAt = sortedAt == valuesAt ? otherAt : valuesAt;
    sortedAt = sortKeys(sortedAt, emptyAt, count, 0, countsAt);
  }
  for (let index = 0; index < count; index++) {
    store<f64>(valuesAt + (<usize>index << 3), valueOf(load<u64>(sortedAt + (<usize>index << 3))));
  }
  return count;
}

/** Keys of the column's values. */
function collectKeys(numericAt: usize, stride: i32, rowCount: i32, weightAt: usize, keysAt: usize): i32 {
  let count = 0;
  const rowBytes = <usize>stride << 3;
  for (let row = 0; row < rowCount; row++) {
    const value = load<f64>(numericAt);
    const weight = load<f64>(weightAt);
    numericAt += rowBytes;
    weightAt += 8;
    store<u64>(keysAt + (<usize>count << 3), keyOf(value));
    count += <i32>(value == value) & <i32>(weight > 0);
  }
  return count;
}

/** Sorts keys by their digits from one on; gives in which of the two places they are then. */
function sortKeys(keysAt: usize, otherAt: usize, count: i32, firstRound: i32, countsAt: usize): usize {
  countDigits(keysAt, count, firstRound, countsAt);
  for (let round = firstRound; round < ROUNDS; round++) {
    const startsAt = countsAt + <usize>round * DIGITS * 4;
    if (!startsOf(startsAt, count)) continue;
    const shift = <u64>(<u32>round * DIGIT_BITS);
    for (let index = 0; index < count; index++) {
      const key = load<u64>(keysAt + (<usize>index << 3));
      const at = startsAt + (<usize>((key >> shift) & (DIGITS - 1)) << 2);
      const place = load<u32>(at);
      store<u32>(at, place + 1);
      store<u64>(otherAt + (<usize>place << 3), key);
    }
    const swapped = keysAt;
    keysAt = otherAt;
    otherAt = swapped;
  }
  return keysAt;
}

/** How often each digit of each round occurs. */
function countDigits(keysAt: usize, count: i32, firstRound: i32, countsAt: usize): void {
  memory.fill(countsAt, 0, <usize>ROUNDS * DIGITS * 4);
  for (let index = 0; index < count; index++) {
    const key = load<u64>(keysAt + (<usize>index << 3));
    for (let round = firstRound; round < ROUNDS; round++) {
      const digit = <usize>((key >> (<u64>(<u32>round * DIGIT_BITS))) & (DIGITS - 1));
      const at = countsAt + ((<usize>round * DIGITS + digit) << 2);
      store<u32>(at, load<u32>(at) + 1);
    }
  }
}

/** Moves each key before the greater ones in front of it; false when that takes too many steps. */
function settleNeighbours(keysAt: usize, count: i32): bool {
  let steps = count * STEPS_MAX;
  for (let index = 1; index < count; index++) {
    let at = keysAt + (<usize>index << 3);
    const key = load<u64>(at);
    while (at > keysAt && load<u64>(at - 8) > key) {
      if (steps == 0) {
        store<u64>(at, key);
        return false;
      }
      steps--;
      store<u64>(at, load<u64>(at - 8));
      at -= 8;
    }
    store<u64>(at, key);
  }
  return true;
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
