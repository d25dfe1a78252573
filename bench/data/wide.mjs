/** A table of 1,000 numbers, of which the first ones tell most of the label and the target. */
import { RandomSql } from './random-sql.mjs';

export const wideFeatures = Array.from({ length: 1_000 }, (_, index) => `x${index + 1}`);

/** A number of deviation 1 for each feature: hashing one stream a feature, in rows of its own. */
const uniform = (index) =>
  `(3.46 * ((hash(i * 1024 + ${index} + 19990101 * 1000000007::BIGINT) >> 11)::DOUBLE / 9007199254740992 - 0.5))`;

/** SELECT of rows [first, first + count): id, 1,000 features, label, target. */
export function wideSql({ first, count }) {
  const random = new RandomSql(19991231);
  const features = wideFeatures.map((name, index) => `${uniform(index)} AS ${name}`);
  return `
    WITH drawn AS (SELECT i, ${features.join(', ')} FROM range(${first}, ${first + count}) AS t(i)),
    signalled AS (SELECT *, x1 - 0.5 * x2 + 0.5 * x3 * x4 + 0.3 * sin(3 * x5) AS mean FROM drawn)
    SELECT i AS id, ${wideFeatures.join(', ')}, (${random.uniform()} < 1 / (1 + exp(-mean)))::INTEGER AS label,
           mean + ${random.normal()} AS target
    FROM signalled`;
}
