/** The metrics of a regression out of its sums. Source: functions reference, 2.2. */
import { quantileRank, valueAtRank } from './order-statistic.ts';
import { quotient } from './quotient.ts';
import type { RegressionPartial } from './regression-pass.ts';

/** Mean absolute, squared and squared log error, median absolute error, R², explained variance; the last two NULL for a constant label. */
export function regressionMetrics(sums: RegressionPartial): readonly (number | null)[] {
  const { count, error, absoluteError, squaredError, squaredLogError, labelSpread, absoluteErrors } = sums;
  const meanSquaredError = squaredError / count;
  const unexplained = quotient(squaredError, labelSpread);
  const varying = quotient(meanSquaredError - (error / count) ** 2, labelSpread / count);
  return [
    absoluteError / count,
    meanSquaredError,
    squaredLogError / count,
    valueAtRank(absoluteErrors, quantileRank(0.5, count))!,
    unexplained === null ? null : 1 - unexplained,
    varying === null ? null : 1 - varying,
  ];
}
