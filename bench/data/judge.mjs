/** One judge for all: predictions, whoever made them, are measured here against the table's labels. */
import { literal, queryDuckDb } from './database.mjs';

/** Ties count half: the mean rank of equal predictions. */
const aucSql = (joined) => `
  WITH ranked AS (SELECT label, rank() OVER (ORDER BY prediction) + (count(*) OVER (PARTITION BY prediction) - 1) / 2.0
                         AS place FROM (${joined})),
  counted AS (SELECT sum(label)::DOUBLE AS positives, count(*) - sum(label)::DOUBLE AS negatives,
                     sum(place) FILTER (label = 1) AS places FROM ranked)
  SELECT (places - positives * (positives + 1) / 2) / (positives * negatives) AS quality FROM counted`;

const logLossSql = (joined) => `
  SELECT -avg(ln(greatest(1e-15, CASE WHEN label = 1 THEN prediction ELSE 1 - prediction END))) AS quality FROM (${joined})`;

const rmseSql = (joined) =>
  `SELECT sqrt(avg((prediction - label) * (prediction - label))) AS quality FROM (${joined})`;

const qualitySql = { auc: aucSql, logLoss: logLossSql, rmse: rmseSql };

/**
 * Quality of the predictions in `output` (id, prediction) for the rows of `table`; every row must be there.
 */
export async function judge(quality, output, table, label) {
  const joined = `
    SELECT prediction::DOUBLE AS prediction, ${label}::DOUBLE AS label
    FROM read_parquet(${literal(table)}) JOIN read_parquet(${literal(output)}) USING (id)`;
  const [counts] = await queryDuckDb(`
    SELECT (SELECT count(*) FROM (${joined})) AS judged, (SELECT count(*) FROM read_parquet(${literal(table)})) AS wanted`);
  if (counts.judged !== counts.wanted) {
    throw new Error(`${output}: ${counts.judged} of ${counts.wanted} rows have a prediction`);
  }
  const [row] = await queryDuckDb(qualitySql[quality](joined));
  return row.quality;
}

/** What no model can beat on a table, from the probabilities that its labels were drawn with. */
export async function bestPossible(table) {
  const [{ quality }] = await queryDuckDb(
    aucSql(`SELECT signal AS prediction, label FROM read_parquet(${literal(table)})`),
  );
  return quality;
}
