/**
 * Metrics of a judged relation as SQL: `(WITH "__judged" AS … SELECT metrics)`. Sums are compensated (fsum) so that
 * parallel scans do not show in the printed digits. Source: functions reference, 2.2 to 2.4.
 */
import type { ModelEntry } from '../catalog/index.ts';
import { quoteIdentifier, Types, type Schema } from '../core/index.ts';
import { ACTUAL_CLASS } from './judged-sql.ts';
import { isBinary } from './prediction-sql.ts';
import { SCORES } from './score-sql.ts';
import { SqlTextBuilder, type SqlText } from './sql-text.ts';

/** Least probability that a log loss sees, so that one wrong certainty does not make it infinite. */
const PROBABILITY_MIN = '2.220446049250313e-16';

interface Metric {
  readonly name: string;
  readonly sql: string;
}

const mean = (sql: string): string => `fsum(${sql}) / count(*)`;

const regressionMetrics: readonly Metric[] = [
  { name: 'mean_absolute_error', sql: mean('abs(y - p)') },
  { name: 'mean_squared_error', sql: mean('(y - p) * (y - p)') },
  {
    name: 'mean_squared_log_error',
    sql: mean(
      `CASE WHEN y > -1 AND p > -1 THEN pow(ln(1 + y) - ln(1 + p), 2) ELSE CAST('NaN' AS DOUBLE) END`,
    ),
  },
  { name: 'median_absolute_error', sql: 'quantile_disc(abs(y - p), 0.5)' },
  { name: 'r2_score', sql: '1 - fsum((y - p) * (y - p)) / fsum((y - m) * (y - m))' },
  {
    name: 'explained_variance',
    sql: '1 - (fsum((y - p) * (y - p)) / count(*) - pow(fsum(y - p) / count(*), 2)) / (fsum((y - m) * (y - m)) / count(*))',
  },
];

function regressionSql(judged: SqlText, position: number): SqlText {
  const selected = regressionMetrics.map((metric) => `${metric.sql} AS ${quoteIdentifier(metric.name)}`);
  return new SqlTextBuilder()
    .add('(WITH "__judged" AS MATERIALIZED (SELECT CAST("__actual" AS DOUBLE) AS y, ', position)
    .add(`${SCORES}[1] AS p FROM (`)
    .nest(judged)
    .add(') AS "__j"), "__mean" AS (SELECT fsum(y) / count(*) AS m FROM "__judged") ', position)
    .add(`SELECT ${selected.join(', ')} FROM "__judged", "__mean")`)
    .build();
}

const classificationNames = ['precision', 'recall', 'accuracy', 'f1_score', 'log_loss', 'roc_auc'] as const;

/** Mann–Whitney: the share of (positive, negative) pairs that the score orders rightly, ties counting half. */
const areaSql = (rankSum: string, positives: string, negatives: string): string =>
  `(${rankSum} - ${positives} * (${positives} + 1) / CAST(2 AS DOUBLE)) / (CAST(${positives} AS DOUBLE) * ${negatives})`;

/** Mid-rank of a row by its score, within `partition` (a PARTITION BY clause); both windows share one sort. */
function rankSql(partition: string, score: string): string {
  const order = `${partition} ORDER BY ${score}`;
  const peers = `count(*) OVER (${order} RANGE BETWEEN CURRENT ROW AND CURRENT ROW)`;
  return `rank() OVER (${order}) + (${peers} - 1) / CAST(2 AS DOUBLE)`;
}

/** A label that is no class of the model is never right; loss and area leave it out. */
function binarySql(judged: SqlText, threshold: string, position: number): SqlText {
  const precision =
    "(CASE WHEN tp + fp = 0 THEN CAST('NaN' AS DOUBLE) ELSE tp / CAST(tp + fp AS DOUBLE) END)";
  const recall =
    "(CASE WHEN positives = 0 THEN CAST('NaN' AS DOUBLE) ELSE tp / CAST(positives AS DOUBLE) END)";
  return new SqlTextBuilder()
    .add(
      `(WITH "__judged" AS MATERIALIZED (SELECT ${ACTUAL_CLASS} = 2 AS y, ${SCORES}[2] AS p FROM (`,
      position,
    )
    .nest(judged)
    .add(') AS "__j"), "__ranked" AS (SELECT y, p, ', position)
    .add(
      `${rankSql('PARTITION BY y IS NULL', 'p')} AS r FROM "__judged"), "__counted" AS (SELECT count(*) AS n, `,
    )
    .add(
      `count(*) FILTER (y AND p > ${threshold}) AS tp, count(*) FILTER (y IS NOT TRUE AND p > ${threshold}) AS fp, `,
    )
    .add(`count(*) FILTER (NOT y AND NOT p > ${threshold}) AS tn, `)
    .add('count(*) FILTER (y) AS positives, count(*) FILTER (NOT y) AS negatives, ')
    .add(
      `fsum(-ln(greatest(CASE WHEN y THEN p ELSE 1 - p END, ${PROBABILITY_MIN}))) FILTER (y IS NOT NULL) AS loss, `,
    )
    .add('coalesce(sum(r) FILTER (y), 0) AS ranks FROM "__ranked") ')
    .add(`SELECT ${precision} AS "precision", ${recall} AS "recall", `)
    .add('(tp + tn) / CAST(n AS DOUBLE) AS "accuracy", ')
    .add(`2 * ${precision} * ${recall} / (${precision} + ${recall}) AS "f1_score", `)
    .add('loss / (positives + negatives) AS "log_loss", ')
    .add(`${areaSql('ranks', 'positives', 'negatives')} AS "roc_auc" FROM "__counted" WHERE n > 0)`)
    .build();
}

/** Macro averages over the classes seen or predicted; the loss is a mean over classes of class means. */
function multiclassSql(entry: ModelEntry, judged: SqlText, position: number): SqlText {
  const { classes } = entry.label!;
  return new SqlTextBuilder()
    .add(`(WITH "__judged" AS MATERIALIZED (SELECT coalesce(${ACTUAL_CLASS}, 0) AS y, `, position)
    .add(`list_position(${SCORES}, list_max(${SCORES})) AS c, ${SCORES} AS s FROM (`)
    .nest(judged)
    .add(`) AS "__j"), "__class" AS (SELECT unnest(range(1, ${classes.length + 1})) AS k), `, position)
    .add(
      '"__per" AS (SELECT k, count(*) FILTER (y = k AND c = k) AS tp, count(*) FILTER (c = k) AS predicted, ',
    )
    .add('count(*) FILTER (y = k) AS actual, ')
    .add(`fsum(CASE WHEN y = k THEN -ln(greatest(s[k], ${PROBABILITY_MIN})) ELSE 0 END) AS loss `)
    .add('FROM "__class", "__judged" GROUP BY k), ')
    .add(
      `"__ranked" AS (SELECT k, y = k AS hit, ${rankSql('PARTITION BY k', 's[k]')} AS r FROM "__class", "__judged"), `,
    )
    .add(
      '"__area" AS (SELECT k, count(*) FILTER (hit) AS positives, count(*) FILTER (NOT hit) AS negatives, sum(r) FILTER (hit) AS ranks FROM "__ranked" GROUP BY k) ',
    )
    .add(
      'SELECT avg(CASE WHEN tp = 0 THEN 0 ELSE tp / CAST(predicted AS DOUBLE) END) FILTER (predicted + actual > 0) AS "precision", ',
    )
    .add(
      'avg(CASE WHEN tp = 0 THEN 0 ELSE tp / CAST(actual AS DOUBLE) END) FILTER (predicted + actual > 0) AS "recall", ',
    )
    .add('(SELECT count(*) FILTER (y = c) / CAST(count(*) AS DOUBLE) FROM "__judged") AS "accuracy", ')
    .add(
      'avg(CASE WHEN tp = 0 THEN 0 ELSE 2 * tp / CAST(predicted + actual AS DOUBLE) END) FILTER (predicted + actual > 0) AS "f1_score", ',
    )
    .add('avg(loss / actual) FILTER (actual > 0) AS "log_loss", ')
    .add(
      `(SELECT avg(${areaSql('ranks', 'positives', 'negatives')}) FROM "__area" WHERE positives > 0 AND negatives > 0) AS "roc_auc" `,
    )
    .add('FROM "__per" HAVING (SELECT count(*) FROM "__judged") > 0)')
    .build();
}

/** Columns of ML.EVALUATE for a model. */
export function metricSchema(entry: ModelEntry): Schema {
  const names =
    entry.task === 'regression'
      ? regressionMetrics.map((metric) => metric.name)
      : entry.task === 'classification'
        ? classificationNames
        : ['davies_bouldin_index', 'mean_squared_distance'];
  return names.map((name) => ({ name, type: Types.float8 }));
}

/** The metrics of a supervised model over judged rows. */
export function supervisedMetricSql(
  entry: ModelEntry,
  judged: SqlText,
  threshold: string,
  position: number,
): SqlText {
  if (entry.task === 'regression') return regressionSql(judged, position);
  return isBinary(entry) ? binarySql(judged, threshold, position) : multiclassSql(entry, judged, position);
}

/**
 * The metrics of a clustering over scored rows. `centroidDistances` is the matrix of distances between centroids, k x k.
 * Scatter of a cluster is the root mean square distance of its rows (functions reference, 2.4).
 */
export function clusteringMetricSql(
  scored: SqlText,
  centroidDistances: readonly (readonly number[])[],
  position: number,
): SqlText {
  const matrix = `[${centroidDistances.map((row) => `[${row.map((distance) => `CAST('${distance}' AS DOUBLE)`).join(', ')}]`).join(', ')}]`;
  return new SqlTextBuilder()
    .add(
      `(WITH "__assigned" AS MATERIALIZED (SELECT list_min(${SCORES}) AS d, list_position(${SCORES}, list_min(${SCORES})) AS c FROM (`,
      position,
    )
    .nest(scored)
    .add(
      ') AS "__j"), "__scatter" AS (SELECT c, sqrt(fsum(d * d) / count(*)) AS s FROM "__assigned" GROUP BY c), ',
      position,
    )
    .add(
      `"__worst" AS (SELECT a.c, max((a.s + b.s) / (${matrix})[a.c][b.c]) AS m FROM "__scatter" a JOIN "__scatter" b ON a.c <> b.c GROUP BY a.c) `,
    )
    .add(
      'SELECT (SELECT avg(m) FROM "__worst") AS "davies_bouldin_index", fsum(d * d) / count(*) AS "mean_squared_distance" FROM "__assigned")',
    )
    .build();
}
