/**
 * Sums that do not depend on their order: every addend is rounded to a multiple of a power of two that is so coarse
 * that no sum over all rows needs more than the 53 bits of a float64. So adding is exact, whichever threads add and
 * whether in float64 or in whole numbers.
 */

/** Bits of the sum of all gradients. */
const GRADIENT_BITS = 51;
/** Bits of a compiled kernel's 64-bit sums that hessians and the count of rows share. */
const PACKED_BITS = 61;
/** Bits of one row's gradient or hessian, where they are bounded. */
const ROW_BITS = 30;
/** Adding and taking away 1.5 × 2^52 rounds to a whole number, halves to even, below 2^51. */
const ROUND = 6755399441055744;
/** Powers of two beyond these would make the unit or its inverse overflow. */
const EXPONENT_MAX = 1000;

/** Units of gradients and hessians. */
export interface FixedPoint {
  /** Power of two: gradients are multiples of 1 / gradientScale. */
  readonly gradientScale: number;
  /** Power of two: hessians are multiples of 1 / hessianScale. */
  readonly hessianScale: number;
  /** Bits that a count of all rows takes. */
  readonly countBits: number;
}

/**
 * Units for sums of at most so many rows, of absolute gradients and of hessians up to these bounds. With bounds of a
 * single row's, too, each is a whole number of 32 bits.
 */
export function fixedPoint(
  rowCount: number,
  gradientBound: number,
  hessianBound: number,
  ofRow: { readonly gradient: number; readonly hessian: number } = { gradient: 0, hessian: 0 },
): FixedPoint {
  const countBits = Math.ceil(Math.log2(rowCount + 1));
  const hessianBits = Math.min(GRADIENT_BITS, PACKED_BITS - countBits);
  return {
    gradientScale: Math.min(scaleOf(gradientBound, GRADIENT_BITS), rowScale(ofRow.gradient)),
    hessianScale: Math.min(scaleOf(hessianBound, hessianBits), rowScale(ofRow.hessian)),
    countBits,
  };
}

function rowScale(bound: number): number {
  return bound > 0 ? scaleOf(bound, ROW_BITS) : Infinity;
}

function scaleOf(bound: number, bits: number): number {
  const exponent = bits - Math.ceil(Math.log2(bound));
  if (Number.isNaN(exponent)) return 1;
  return 2 ** Math.max(-EXPONENT_MAX, Math.min(EXPONENT_MAX, exponent));
}

/** The nearest multiple of 1 / scale. */
export function roundTo(value: number, scale: number): number {
  return (value * scale + ROUND - ROUND) * (1 / scale);
}
