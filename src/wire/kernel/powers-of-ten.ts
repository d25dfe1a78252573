/**
 * Powers that the kernel reads and writes doubles with. `powersOfTen`: 10^-292 to 10^324 as 128-bit integers, scaled by a power of two so that the highest bit is set, and rounded up:
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
function halves(powers: readonly bigint[]): Uint8Array {
  const words = new BigUint64Array(2 * powers.length);
  powers.forEach((power, index) => {
    words[2 * index] = power >> 64n;
    words[2 * index + 1] = BigInt.asUintN(64, power);
  });
  return new Uint8Array(words.buffer);
}

export function powersOfTen(): Uint8Array {
  const count = EXPONENT_MAX - EXPONENT_MIN + 1;
  return halves(Array.from({ length: count }, (_, index) => scaled(EXPONENT_MIN + index)));
}

const FIVE_MIN = -342;
const FIVE_MAX = 308;

function scaledFive(exponent: number): bigint {
  const power = 5n ** BigInt(Math.abs(exponent));
  const length = bitLength(power);
  if (exponent >= 0) {
    return length <= BITS ? power << BigInt(BITS - length) : power >> BigInt(length - BITS);
  }
  const reciprocal = (1n << BigInt(2 * length + BITS)) / power + 1n;
  return reciprocal >> BigInt(bitLength(reciprocal) - BITS);
}

/**
 * 5^-342 to 5^308, cut off; reciprocals rounded up before. Source: Lemire, Number parsing at a gigabyte per second,
 * 2021, section 5.
 */
export function powersOfFive(): Uint8Array {
  return halves(Array.from({ length: FIVE_MAX - FIVE_MIN + 1 }, (_, index) => scaledFive(FIVE_MIN + index)));
}
