/**
 * Tail of the normal distribution to full precision: a Taylor series near 0, Lentz's continued fraction
 * beyond. Source: Abramowitz and Stegun, Handbook of Mathematical Functions, 7.1.6 and 7.1.14.
 */

const SERIES_LIMIT = 2;

/** erfc(x) for x >= 0. */
export function complementaryError(x: number): number {
  return x < SERIES_LIMIT ? 1 - errorSeries(x) : errorFraction(x);
}

function errorSeries(x: number): number {
  let term = x;
  let sum = x;
  for (let order = 1; Math.abs(term) > 1e-18 * sum; order++) {
    term *= (2 * x * x) / (2 * order + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

/** e^(-x²)/√π · 1/(x + (1/2)/(x + 1/(x + (3/2)/(x + …)))), evaluated from the inside. */
function errorFraction(x: number): number {
  let fraction = x;
  for (let order = 80; order >= 1; order--) fraction = x + order / 2 / fraction;
  return Math.exp(-x * x) / (Math.sqrt(Math.PI) * fraction);
}

/** Probability that a standard normal number is at least |z| away from 0. */
export function normalTwoSided(z: number): number {
  return Number.isNaN(z) ? Number.NaN : complementaryError(Math.abs(z) / Math.SQRT2);
}
