/** Products of 128 bits. */

/** The upper half of the last product. */
export let productHigh: u64 = 0;

/** The lower half of a × b; the upper one is left in `productHigh`. */
@inline
export function multiply(a: u64, b: u64): u64 {
  productHigh = multiplyHigh(a, b);
  return a * b;
}

/** The upper half of a × b. */
@inline
export function multiplyHigh(a: u64, b: u64): u64 {
  const aLow = a & 0xffffffff;
  const aHigh = a >> 32;
  const bLow = b & 0xffffffff;
  const bHigh = b >> 32;
  const middle = aHigh * bLow + ((aLow * bLow) >> 32);
  const cross = aLow * bHigh + (middle & 0xffffffff);
  return aHigh * bHigh + (middle >> 32) + (cross >> 32);
}
