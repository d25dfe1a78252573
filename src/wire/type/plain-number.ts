/** Decimals as clients mostly write them, `-12.5`, read from their bytes without a text between. */

const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;

/** Digits of a whole number that a double always holds exactly. */
const EXACT_DIGITS = 15;
/** Digits before and after the point of what can neither become infinite nor, unless it is zero, zero. */
const WHOLE_DIGITS_MAX = 15;
const FRACTION_DIGITS_MAX = 20;

const powersOfTen = Float64Array.from({ length: EXACT_DIGITS + 1 }, (_, power) => Number(`1e${power}`));

/**
 * The double nearest to the decimal in bytes `start` up to `end`; undefined for zero and for what is written in any other
 * way, which may be a number all the same.
 */
export function plainNumber(bytes: Buffer, start: number, end: number): number | undefined {
  const first = bytes[start] === MINUS ? start + 1 : start;
  let digits = 0;
  let point = end;
  for (let at = first; at < end; at++) {
    const digit = bytes[at]! - ZERO;
    if (digit >= 0 && digit <= 9) digits = digits * 10 + digit;
    else if (bytes[at] === POINT && point === end) point = at;
    else return undefined;
  }
  const whole = point - first;
  const fraction = Math.max(0, end - point - 1);
  const isPlain = whole > 0 && whole <= WHOLE_DIGITS_MAX && fraction <= FRACTION_DIGITS_MAX;
  if (!isPlain || digits === 0 || point === end - 1) return undefined;
  // Both exact: their quotient is the nearest double.
  if (whole + fraction <= EXACT_DIGITS) return (first > start ? -digits : digits) / powersOfTen[fraction]!;
  return Number(bytes.toString('latin1', start, end));
}
