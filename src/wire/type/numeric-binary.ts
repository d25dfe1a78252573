/**
 * PostgreSQL's binary form of numeric: 16-bit count of digits, weight of the first, sign, digits after the
 * point, and the digits in base 10000. Source: numeric_send and numeric_recv in numeric.c.
 */
import { engineError, SqlState } from '../../core/index.ts';
import type { BinaryReader } from './binary-reader.ts';

const SIGN_POSITIVE = 0x0000;
const SIGN_NEGATIVE = 0x4000;
const SIGN_NAN = 0xc000;
const SIGN_INFINITY = 0xd000;
const SIGN_MINUS_INFINITY = 0xf000;
const SCALE_MAX = 0x3fff;

const specialSigns: Readonly<Record<string, number>> = {
  NaN: SIGN_NAN,
  Infinity: SIGN_INFINITY,
  '-Infinity': SIGN_MINUS_INFINITY,
};

function assemble(digits: readonly number[], weight: number, sign: number, scale: number): Uint8Array {
  const bytes = new Uint8Array(8 + digits.length * 2);
  const view = new DataView(bytes.buffer);
  view.setInt16(0, digits.length);
  view.setInt16(2, weight);
  view.setUint16(4, sign);
  view.setUint16(6, scale);
  digits.forEach((digit, index) => view.setInt16(8 + index * 2, digit));
  return bytes;
}

/** The binary form of a decimal text without exponent, or of NaN, Infinity, -Infinity. */
export function numericBytes(text: string): Uint8Array {
  const special = specialSigns[text];
  if (special !== undefined) return assemble([], 0, special, 0);
  const isNegative = text.startsWith('-');
  const unsigned = /^[+-]/.test(text) ? text.slice(1) : text;
  const [whole, fraction = ''] = unsigned.split('.') as [string, string?];
  const wholeDigits = whole.padStart(Math.ceil(whole.length / 4) * 4, '0');
  const allDigits = wholeDigits + fraction.padEnd(Math.ceil(fraction.length / 4) * 4, '0');
  const digits: number[] = [];
  for (let start = 0; start < allDigits.length; start += 4)
    digits.push(Number(allDigits.slice(start, start + 4)));
  let first = 0;
  while (first < digits.length && digits[first] === 0) first++;
  let end = digits.length;
  while (end > first && digits[end - 1] === 0) end--;
  const weight = first === end ? 0 : wholeDigits.length / 4 - 1 - first;
  const sign = isNegative && first < end ? SIGN_NEGATIVE : SIGN_POSITIVE;
  return assemble(digits.slice(first, end), weight, sign, fraction.length);
}

function invalid(part: string): never {
  throw engineError(SqlState.invalidBinaryRepresentation, `invalid ${part} in external "numeric" value`);
}

function specialText(sign: number): string | undefined {
  return Object.keys(specialSigns).find((name) => specialSigns[name] === sign);
}

function groupText(digits: readonly number[], index: number): string {
  return String(digits[index] ?? 0).padStart(4, '0');
}

/** The decimal text of a binary numeric, with as many digits after the point as its scale says. */
export function numericTextOf(reader: BinaryReader): string {
  const count = reader.int16();
  const weight = reader.int16();
  const sign = reader.int16() & 0xffff;
  const scale = reader.int16() & 0xffff;
  if (count < 0) invalid('length');
  if (scale > SCALE_MAX) invalid('scale');
  const digits: number[] = [];
  for (let index = 0; index < count; index++) {
    const digit = reader.int16();
    if (digit < 0 || digit > 9999) invalid('digit');
    digits.push(digit);
  }
  const special = specialText(sign);
  if (special !== undefined) return special;
  if (sign !== SIGN_POSITIVE && sign !== SIGN_NEGATIVE) invalid('sign');
  let whole = '';
  for (let index = 0; index <= weight; index++) whole += groupText(digits, index);
  let fraction = '';
  for (let index = weight + 1; fraction.length < scale; index++) fraction += groupText(digits, index);
  const text = whole.replace(/^0+(?=\d)/, '') || '0';
  const decimals = scale === 0 ? '' : `.${fraction.slice(0, scale)}`;
  const isZero = !/[1-9]/.test(text + decimals);
  return (sign === SIGN_NEGATIVE && !isZero ? '-' : '') + text + decimals;
}
