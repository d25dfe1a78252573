/**
 * A table of 10 numbers and 6 categoricals of 3 to 10,000 levels, some frequent and most rare; every level
 * has its effect.
 */
import { RandomSql } from './random-sql.mjs';

const levelCounts = [3, 12, 60, 400, 2_000, 10_000];

export const mixedNumbers = Array.from({ length: 10 }, (_, index) => `n${index + 1}`);
export const mixedCategories = levelCounts.map((_, index) => `c${index + 1}`);

/** A number of deviation about 1 that belongs to a level of a column. */
const effect = (column, level) =>
  `(3.46 * ((hash(${level} * 977 + ${column + 1} * 1000003::BIGINT) >> 11)::DOUBLE / 9007199254740992 - 0.5))`;

/** SELECT of rows [first, first + count): id, 10 numbers, 6 categoricals as text, label, signal. */
export function mixedSql({ first, count }) {
  const random = new RandomSql(19700101);
  const numbers = mixedNumbers.map((name) => `${random.normal()} AS ${name}`);
  const levels = levelCounts.map(
    (levelCount, index) => `floor(${levelCount} * pow(${random.uniform()}, 2))::BIGINT AS l${index + 1}`,
  );
  const effects = levelCounts.map((_, index) => effect(index, `l${index + 1}`));
  const logit = `0.6 * (${effects.join(' + ')}) + 0.7 * n1 - 0.5 * n2 * (l1 = 0)::INTEGER + 0.4 * sin(2 * n3) + 0.3 * n4 * n5`;
  const texts = mixedCategories.map((name, index) => `'${name}_' || l${index + 1} AS ${name}`);
  return `
    WITH drawn AS (SELECT i, ${numbers.join(', ')}, ${levels.join(', ')} FROM range(${first}, ${first + count}) AS t(i)),
    signalled AS (SELECT *, 1 / (1 + exp(-(${logit}))) AS signal FROM drawn)
    SELECT i AS id, ${mixedNumbers.join(', ')}, ${texts.join(', ')}, (${random.uniform()} < signal)::INTEGER AS label, signal
    FROM signalled`;
}
