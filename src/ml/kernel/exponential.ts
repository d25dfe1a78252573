/**
 * The exponential of numbers <= 0, the same to the bit as in the compiled kernel (kernels/assembly/objective.ts), which
 * a library's would not be. Source: argument reduction of Cody and Waite, Software Manual for the Elementary Functions
 * (1980), chapter 6; then the Taylor polynomial of degree 13 in two halves. Error below 2 units in the last place.
 */
const ROUND = 6755399441055744;
const LOG2_E = 1.4426950408889634;
const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;
/** Smaller arguments give the exponential of this one. */
const ARGUMENT_MIN = -700;
const POWER_MIN = -1020;
const powers = Float64Array.from({ length: 1 - POWER_MIN }, (_, index) => 2 ** (index + POWER_MIN));

export function exponential(value: number): number {
  const x = Math.max(value, ARGUMENT_MIN);
  const n = x * LOG2_E + ROUND - ROUND;
  const r = x - n * LN2_HIGH - n * LN2_LOW;
  const s = r * r;
  let even = 1 / 479001600;
  even = even * s + 1 / 3628800;
  even = even * s + 1 / 40320;
  even = even * s + 1 / 720;
  even = even * s + 1 / 24;
  even = even * s + 0.5;
  even = even * s + 1;
  let odd = 1 / 6227020800;
  odd = odd * s + 1 / 39916800;
  odd = odd * s + 1 / 362880;
  odd = odd * s + 1 / 5040;
  odd = odd * s + 1 / 120;
  odd = odd * s + 1 / 6;
  odd = odd * s + 1;
  return (even + r * odd) * (powers[n - POWER_MIN] ?? Number.NaN);
}
