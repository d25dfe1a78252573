/**
 * Floating-point numbers as PostgreSQL prints them: the shortest digits that read back as the same number,
 * scientific from 1e15 (real: 1e6) and below 1e-4, at least two digits of exponent.
 *
 * JavaScript prints the shortest digits too, with one difference: where the shortest decimal lies exactly
 * between two numbers, PostgreSQL does not trust the reader to round to even and prints another digit (1e23
 * is 9.999999999999999e+22). Source: PostgreSQL's src/common/d2s.c (`acceptBounds`), after Adams, Ryu, 2018.
 */

/** From here on a short decimal can lie exactly between two doubles; at the second bound it no longer can. */
const TIE_MIN = 2 ** 53;
const TIE_MAX = 1e42;
const FLOAT4_NORMAL_MIN = 2 ** -126;

/** `1.5e+20`, `1.5e-5` as PostgreSQL writes them, without zeros at the end of the digits. */
function scientific(exponential: string): string {
  const [digits, exponent] = exponential.split('e') as [string, string];
  const trimmed = digits.includes('.') ? digits.replace(/\.?0+$/, '') : digits;
  return `${trimmed}e${exponent[0]}${exponent.slice(1).padStart(2, '0')}`;
}

/** Not finite, or zero: the same for both widths. */
function specialText(value: number): string | undefined {
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  if (Number.isFinite(value)) return undefined;
  return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity';
}

/** Half the distance from the double to its neighbour above or below, times four, so that it is whole. */
function halfGapTimesFour(magnitude: number, isBelow: boolean): bigint {
  const bits = new BigUint64Array(new Float64Array([magnitude]).buffer)[0]!;
  const gap = 1n << ((bits >> 52n) - 1075n);
  const isPowerOfTwo = (bits & 0xfffffffffffffn) === 0n;
  return isBelow && isPowerOfTwo ? gap : gap * 2n;
}

/**
 * Whether the decimal lies exactly between the double `magnitude` (at least TIE_MIN) and one of its
 * neighbours.
 */
function isTie(magnitude: number, exponential: string): boolean {
  const [digits, exponent] = exponential.split('e') as [string, string];
  const fraction = digits.length > 1 ? digits.length - 2 : 0;
  const shift = Number(exponent) - fraction;
  if (shift < 0) return false;
  const difference = BigInt(digits.replace('.', '')) * 10n ** BigInt(shift) - BigInt(magnitude);
  const isBelow = difference < 0n;
  return (isBelow ? -difference : difference) * 4n === halfGapTimesFour(magnitude, isBelow);
}

function shortestLarge(magnitude: number): string {
  let exponential = magnitude.toExponential();
  if (magnitude < TIE_MIN || magnitude >= TIE_MAX || !isTie(magnitude, exponential)) return exponential;
  const written = exponential.indexOf('e') - (exponential.includes('.') ? 2 : 1);
  for (let fraction = written + 1; fraction <= 16; fraction++) {
    exponential = magnitude.toExponential(fraction);
    if (Number(exponential) === magnitude && !isTie(magnitude, exponential)) break;
  }
  return exponential;
}

/** A double with the shortest digits that read back as itself. */
export function float8Text(value: number): string {
  const magnitude = Math.abs(value);
  if (magnitude >= 1e-4 && magnitude < 1e15) return String(value);
  return specialText(value) ?? (value < 0 ? '-' : '') + scientific(shortestLarge(magnitude));
}

/** Digits after which an exact decimal expansion is known to be a tie, for numbers of so few digits. */
const EXACT_DIGITS = 40;

/** `toExponential`, but a decimal exactly between two others is rounded to the even one, as C does. */
function exponentialHalfEven(magnitude: number, fraction: number): string {
  const rounded = magnitude.toExponential(fraction);
  const [digits] = magnitude.toExponential(fraction + 1).split('e') as [string];
  if (!digits.endsWith('5')) return rounded;
  const [exact, exponent] = magnitude.toExponential(fraction + EXACT_DIGITS).split('e') as [string, string];
  const kept = digits.slice(0, -1).replace(/\.$/, '');
  const isHalf = exact.startsWith(digits) && /^0*$/.test(exact.slice(digits.length));
  return isHalf && /[02468]$/.test(kept) ? `${kept}e${exponent}` : rounded;
}

/**
 * The fewest digits, correctly rounded, that read back as the same float32 and lie on no boundary. PostgreSQL
 * prints a digit less for three powers of two (2^-96, 2^87, 2^90), where a decimal that is not the nearest
 * reads back as well.
 */
function shortestFloat4(magnitude: number): string {
  for (let fraction = magnitude < FLOAT4_NORMAL_MIN ? 0 : 5; fraction < 8; fraction++) {
    const decimal = Number(magnitude.toExponential(fraction));
    const mirrored = 2 * decimal - magnitude;
    const isBoundary = decimal !== magnitude && Math.fround(mirrored) === mirrored;
    if (Math.fround(decimal) === magnitude && !isBoundary) return exponentialHalfEven(magnitude, fraction);
  }
  return magnitude.toExponential(8);
}

/**
 * Decimals with so many digits after the point are scaled without error: 24 bits of a float32 and 27 of 1e8.
 */
const EXACT_PLACES_MAX = 8;
const powersOfTen: readonly number[] = Array.from(
  { length: EXACT_PLACES_MAX + 1 },
  (_, places) => 10 ** places,
);

/**
 * `shortestFloat4` by arithmetic, for numbers that print without exponent: the decimal with the fewest
 * places, at least six digits before zeros are left out, that reads back; undefined when more than
 * EXACT_PLACES_MAX places are needed.
 */
function plainFloat4(magnitude: number): number | undefined {
  const wholeDigits = magnitude < 1 ? 0 : Math.floor(Math.log10(magnitude)) + 1;
  for (let places = Math.max(0, 6 - wholeDigits); places <= EXACT_PLACES_MAX; places++) {
    const power = powersOfTen[places]!;
    const scaled = magnitude * power;
    const floor = Math.floor(scaled);
    const isUp = scaled - floor > 0.5 || (scaled - floor === 0.5 && floor % 2 === 1);
    const decimal = (isUp ? floor + 1 : floor) / power;
    if (Math.fround(decimal) !== magnitude) continue;
    const mirrored = 2 * decimal - magnitude;
    if (decimal === magnitude || Math.fround(mirrored) !== mirrored) return decimal;
  }
  return undefined;
}

/** A float32 with the shortest digits that read back as itself. */
export function float4Text(value: number): string {
  const single = Math.fround(value);
  const magnitude = Math.abs(single);
  if (magnitude >= 1e-3 && magnitude < 999_999) {
    const plain = plainFloat4(magnitude);
    if (plain !== undefined) return String(single < 0 ? -plain : plain);
  }
  const special = specialText(single);
  if (special !== undefined) return special;
  const exponential = shortestFloat4(Math.abs(single));
  const exponent = Number(exponential.slice(exponential.indexOf('e') + 1));
  const sign = single < 0 ? '-' : '';
  return sign + (exponent >= -4 && exponent < 6 ? String(Number(exponential)) : scientific(exponential));
}

/** A number with a fixed count of significant digits, as C's `%.*g` prints it. */
function fixedDigitsText(value: number, digits: number): string {
  const special = specialText(value);
  if (special !== undefined) return special;
  const exponential = exponentialHalfEven(Math.abs(value), digits - 1);
  const exponent = Number(exponential.slice(exponential.indexOf('e') + 1));
  const sign = value < 0 ? '-' : '';
  if (exponent < -4 || exponent >= digits) return sign + scientific(exponential);
  // The digits are few enough that the number nearest to them prints as them.
  return sign + String(Number(exponential));
}

const DOUBLE_DIGITS = 15;
const SINGLE_DIGITS = 6;

/** How floats of a width print under a setting of extra_float_digits. */
export function floatFormatter(
  kind: 'float4' | 'float8',
  extraFloatDigits: number,
): (value: number) => string {
  if (extraFloatDigits > 0) return kind === 'float4' ? float4Text : float8Text;
  const digits = Math.max(1, (kind === 'float4' ? SINGLE_DIGITS : DOUBLE_DIGITS) + extraFloatDigits);
  return (value) => fixedDigitsText(kind === 'float4' ? Math.fround(value) : value, digits);
}
