/** A table of short texts of common words; some words speak for the label and some against it. */
import { RandomSql } from './random-sql.mjs';

const WORDS = 150;
const LENGTH = 8;

/** A weight of deviation about .5 that belongs to a word. */
const weight = (word) =>
  `(1.7 * ((hash(${word} * 7919 + 11::BIGINT) >> 11)::DOUBLE / 9007199254740992 - 0.5))`;

/** SELECT of rows [first, first + count): id, words (text, separated by spaces), label, signal. */
export function textSql({ first, count }) {
  const random = new RandomSql(20010911);
  const names = Array.from({ length: LENGTH }, (_, index) => `w${index + 1}`);
  const drawn = names.map((name) => `floor(${WORDS} * pow(${random.uniform()}, 1.5))::BIGINT AS ${name}`);
  const words = names.map((name) => `'word' || ${name}`).join(` || ' ' || `);
  return `
    WITH drawn AS (SELECT i, ${drawn.join(', ')} FROM range(${first}, ${first + count}) AS t(i)),
    signalled AS (SELECT *, 1 / (1 + exp(-(${names.map(weight).join(' + ')}))) AS signal FROM drawn)
    SELECT i AS id, ${words} AS words, (${random.uniform()} < signal)::INTEGER AS label, signal FROM signalled`;
}
