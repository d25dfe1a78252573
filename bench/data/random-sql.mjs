/** Random numbers in SQL that depend on seed, row and stream alone: any part of a table can be made again. */

/** Streams of one row; a column of random numbers takes one, a normal one two. */
const STREAMS = 128;

export class RandomSql {
  #seed;
  #next = 0;

  constructor(seed) {
    this.#seed = seed;
  }

  /** A number evenly spread over [0, 1). */
  uniform() {
    const stream = this.#next++;
    if (stream >= STREAMS) throw new Error('a row has no more streams of random numbers');
    return `((hash(i * ${STREAMS} + ${stream} + ${this.#seed} * 1000000007::BIGINT) >> 11)::DOUBLE / 9007199254740992)`;
  }

  /** A standard normal number, by Box and Muller's transform. */
  normal() {
    return `(sqrt(-2 * ln(1 - ${this.uniform()})) * cos(2 * pi() * ${this.uniform()}))`;
  }
}
