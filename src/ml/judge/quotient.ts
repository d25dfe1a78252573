/** Division as the database divides, so that a metric is NULL in both ways where it is not defined. */

/** NULL for a division by zero. */
export function quotient(numerator: number, denominator: number): number | null {
  return denominator === 0 ? null : numerator / denominator;
}
