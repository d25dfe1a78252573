/** Numbers and booleans from text, as PostgreSQL's input functions read them. */
import { type SqlType, Types } from '../../core/index.ts';
import { floatOutOfRange, integerOutOfRange, invalidInput, numericOverflow } from './input-error.ts';

/** Blanks as C's isspace has them; JavaScript's trim takes more. */
function trimBlanks(text: string): string {
  return text.replace(/^[ \t\n\v\f\r]+|[ \t\n\v\f\r]+$/g, '');
}

/** t, true, y, yes, on, 1 and their opposites, in any case; also shortened as long as it is clear. */
export function parseBoolean(text: string): boolean {
  const word = trimBlanks(text).toLowerCase();
  if (word !== '' && ('true'.startsWith(word) || 'yes'.startsWith(word) || word === 'on' || word === '1'))
    return true;
  const isFalse =
    'false'.startsWith(word) || 'no'.startsWith(word) || word === 'of' || word === 'off' || word === '0';
  if (word !== '' && isFalse) return false;
  throw invalidInput(Types.boolean, text);
}

const integerBits = { int2: 16n, int4: 32n, int8: 64n } as const;

/** A whole number of the type's width. */
export function parseInteger(
  type: SqlType & { readonly kind: 'int2' | 'int4' | 'int8' },
  text: string,
): bigint {
  const digits = trimBlanks(text);
  if (!/^[+-]?\d+$/.test(digits)) throw invalidInput(type, text);
  const bits = integerBits[type.kind];
  // No number of the type has this many digits, leading zeros aside: no need to compute it.
  const isLong = digits.replace(/^[+-]?0*/, '').length > 19;
  const value = isLong ? 0n : BigInt(digits.startsWith('+') ? digits.slice(1) : digits);
  if (isLong || BigInt.asIntN(Number(bits), value) !== value) throw integerOutOfRange(type, text);
  return value;
}

const specialNumbers: Readonly<Record<string, number>> = {
  nan: Number.NaN,
  infinity: Infinity,
  '+infinity': Infinity,
  '-infinity': -Infinity,
  inf: Infinity,
  '+inf': Infinity,
  '-inf': -Infinity,
};

const decimalPattern = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/** What needs no more than reading: few digits, no exponent, no blank. */
const plainPattern = /^-?\d{1,15}(?:\.\d{1,20})?$/;

/** A floating-point number; one that would become infinite or zero is out of range. */
export function parseFloatingPoint(
  type: SqlType & { readonly kind: 'float4' | 'float8' },
  text: string,
): number {
  if (type.kind === 'float8' && plainPattern.test(text)) {
    const plain = Number(text);
    if (plain !== 0) return plain;
  }
  const written = trimBlanks(text);
  const special = specialNumbers[written.toLowerCase()];
  if (special !== undefined) return special;
  if (!decimalPattern.test(written)) throw invalidInput(type, text);
  const exact = Number(written);
  const value = type.kind === 'float4' ? Math.fround(exact) : exact;
  const isLost = value === 0 && /[1-9]/.test(written.replace(/e.*/i, ''));
  if (!Number.isFinite(value) || isLost) throw floatOutOfRange(type, written);
  return value;
}

/** Digits that a numeric may have before and after its point. */
const WHOLE_DIGITS_MAX = 131_072;
const FRACTION_DIGITS_MAX = 16_383;

/** A decimal number as plain text: no exponent, no sign of plus, no needless zeros before it. */
export function parseNumeric(text: string): string {
  const written = trimBlanks(text);
  const special = specialNumbers[written.toLowerCase()];
  if (special !== undefined) return String(special);
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d{1,9}))?$/i.exec(written);
  if (match === null || !decimalPattern.test(written))
    throw invalidInput({ kind: 'numeric', precision: 0, scale: 0 }, text);
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  const shift = Number(exponent);
  if (Math.abs(shift) > WHOLE_DIGITS_MAX) throw numericOverflow();
  const plain = shiftPoint(whole, fraction, shift);
  return sign === '-' && /[1-9]/.test(plain) ? `-${plain}` : plain;
}

/** Digits with their point moved to the right by `shift`. */
function shiftPoint(whole: string, fraction: string, shift: number): string {
  const digits = whole + fraction;
  const point = whole.length + shift;
  const front = point <= 0 ? '' : digits.slice(0, point).padEnd(point, '0');
  const back = point <= 0 ? '0'.repeat(-point) + digits : digits.slice(point);
  const plain = front.replace(/^0+(?=\d)/, '') || '0';
  if (plain.length > WHOLE_DIGITS_MAX || back.length > FRACTION_DIGITS_MAX) throw numericOverflow();
  return back === '' ? plain : `${plain}.${back}`;
}
