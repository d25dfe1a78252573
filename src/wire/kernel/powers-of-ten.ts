/**
 * 10^-292 to 10^324 as 128-bit integers, scaled by a power of two so that the highest bit is set, and rounded up:
 * Schubfach's table. Source: Giulietti, The Schubfach way to render doubles, 2020, section 9.
 */
const EXPONENT_MIN = -292;
const EXPONENT_MAX = 324;
const BITS = 128;

const bitLength = (value: bigint): number => value.toString(16).length * 4 - leadingZeros(value);

/** Zero bits before the first one in the number's first hexadecimal digit. */
function leadingZeros(value: bigint): number {
  return Math.clz32(Number.parseInt(value.toString(16)[0]!, 16)) - 28;
}

function scaled(exponent: number): bigint {
  const power = 10n ** BigInt(Math.abs(exponent));
  const length = bitLength(power);
  if (exponent < 0) return (1n << BigInt(BITS - 1 + length)) / power + 1n;
  return length <= BITS ? power << BigInt(BITS - length) : (power >> BigInt(length - BITS)) + 1n;
}

/** The upper and the lower half of each, little-endian. */
export function powersOfTen(): Uint8Array {
  const count = EXPONENT_MAX - EXPONENT_MIN + 1;
  const words = new BigUint64Array(2 * count);
  for (let index = 0; index < count; index++) {
    const power = scaled(EXPONENT_MIN + index);
    words[2 * index] = power >> 64n;
    words[2 * index + 1] = BigInt.asUintN(64, power);
  }
  return new Uint8Array(words.buffer);
}
