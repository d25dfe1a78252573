/**
 * Sorts numbers that are not negative, which their bits order as whole numbers: a radix sort by the upper 32 bits, then
 * the few that agree in those are put in order one by one. Source: Knuth, The Art of Computer Programming 3, 5.2.5.
 */

/** Digits of the upper word: bits, least digit first. */
const DIGIT_BITS = 11;
const DIGIT_MASK = 2 ** DIGIT_BITS - 1;
/** Numbers of fewer are left to a sort by comparison. */
const RADIX_MIN = 256;
/** Steps a number, beyond which the upper words tell too little. */
const STEPS_MAX = 8;

/** Sorted ascending, NaN last; may write into `values` and return another array. */
export function sortNumbers(values: Float64Array): Float64Array {
  if (values.length < RADIX_MIN) return values.sort();
  const words = new Uint32Array(values.buffer, values.byteOffset, 2 * values.length);
  const starts = digitStarts(words);
  if (starts === undefined) return values.sort();
  const other = new Float64Array(values.length);
  const otherWords = new Uint32Array(other.buffer);
  scatter(values, words, 0, starts[0], other);
  scatter(other, otherWords, DIGIT_BITS, starts[1], values);
  scatter(values, words, 2 * DIGIT_BITS, starts[2], other);
  return insertionSort(other) ? other : other.sort();
}

/** Where each digit's numbers begin, for each digit; undefined when a number has its sign bit set. */
function digitStarts(words: Uint32Array): readonly [Int32Array, Int32Array, Int32Array] | undefined {
  const first = new Int32Array(DIGIT_MASK + 1);
  const second = new Int32Array(DIGIT_MASK + 1);
  const third = new Int32Array(DIGIT_MASK + 1);
  let union = 0;
  for (let index = 1; index < words.length; index += 2) {
    const word = words[index]!;
    union |= word;
    first[word & DIGIT_MASK]!++;
    second[(word >>> DIGIT_BITS) & DIGIT_MASK]!++;
    third[word >>> (2 * DIGIT_BITS)]!++;
  }
  if (union < 0) return undefined;
  for (const counts of [first, second, third]) {
    let start = 0;
    for (let digit = 0; digit < counts.length; digit++) {
      const count = counts[digit]!;
      counts[digit] = start;
      start += count;
    }
  }
  return [first, second, third];
}

function scatter(
  source: Float64Array,
  words: Uint32Array,
  shift: number,
  next: Int32Array,
  target: Float64Array,
): void {
  for (let index = 0; index < source.length; index++) {
    const digit = (words[2 * index + 1]! >>> shift) & DIGIT_MASK;
    target[next[digit]!++] = source[index]!;
  }
}

/** Whether the numbers were nearly in order, and are now. NaN, which compares with nothing, is last already. */
function insertionSort(values: Float64Array): boolean {
  let steps = STEPS_MAX * values.length;
  for (let index = 1; index < values.length; index++) {
    const value = values[index]!;
    let place = index - 1;
    if (!(values[place]! > value)) continue;
    while (place >= 0 && values[place]! > value) {
      values[place + 1] = values[place]!;
      place--;
      steps--;
    }
    values[place + 1] = value;
    if (steps < 0) return false;
  }
  return true;
}

/** Arrays one after the other. */
export function concatenated(parts: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let end = 0;
  for (const part of parts) {
    all.set(part, end);
    end += part.length;
  }
  return all;
}

/** Two ascending arrays as one. */
export function mergeSorted(left: Float64Array, right: Float64Array): Float64Array {
  if (left.length === 0) return right;
  if (right.length === 0) return left;
  const merged = new Float64Array(left.length + right.length);
  let [a, b, end] = [0, 0, 0];
  while (a < left.length && b < right.length) {
    const [one, other] = [left[a]!, right[b]!];
    // NaN, which compares with nothing, is last on both sides.
    const step = one <= other || Number.isNaN(other) ? 1 : 0;
    merged[end++] = step === 1 ? one : other;
    a += step;
    b += 1 - step;
  }
  merged.set(left.subarray(a), end);
  merged.set(right.subarray(b), end + left.length - a);
  return merged;
}
