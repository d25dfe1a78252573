/** A table of 10 columns of the types that results are made of. */
import { RandomSql } from './random-sql.mjs';

/** The table's columns, as both servers create it. */
export const transferColumns =
  'id bigint, quantity integer, price double precision, discount double precision, weight double precision,' +
  ' customer text, note text, day date, moment timestamp, paid boolean';

export function transferSql({ first, count }) {
  const random = new RandomSql(20260101);
  return `
    SELECT i AS id, floor(1000 * ${random.uniform()})::INTEGER AS quantity, round(500 * ${random.uniform()}, 2) AS price,
           ${random.uniform()} AS discount, ${random.normal()} AS weight,
           'customer ' || floor(100000 * ${random.uniform()})::INTEGER AS customer,
           CASE WHEN ${random.uniform()} < 0.9 THEN md5(i::VARCHAR) END AS note,
           DATE '2020-01-01' + floor(2000 * ${random.uniform()})::INTEGER AS day,
           TIMESTAMP '2020-01-01' + to_seconds(floor(1e8 * ${random.uniform()})::BIGINT) AS moment,
           ${random.uniform()} < 0.7 AS paid
    FROM range(${first}, ${first + count}) AS t(i)`;
}
