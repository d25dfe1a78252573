/** The confusion matrix and the ROC curve of a judged relation as SQL. Source: functions reference, 3.1 and 3.2. */
import type { ModelEntry } from '../catalog/index.ts';
import { quoteIdentifier, Types, type Schema, type SqlType, type Value } from '../core/index.ts';
import { ACTUAL_CLASS } from './judged-sql.ts';
import { predictedClassSql } from './prediction-sql.ts';
import { SCORES } from './score-sql.ts';
import { SqlTextBuilder, type SqlText } from './sql-text.ts';
import { valueSql } from './value-sql.ts';

/** A label as a column name: verbatim, `_` before a leading digit, a number after a name that is taken. */
function confusionColumnNames(classes: readonly Value[]): readonly string[] {
  const taken = new Set(['expected_label']);
  return classes.map((label) => {
    const text = String(label);
    const base = /^[0-9]/.test(text) ? `_${text}` : text === '' ? '_' : text;
    let name = base;
    for (let suffix = 1; taken.has(name.toLowerCase()); suffix++) name = `${base}_${suffix}`;
    taken.add(name.toLowerCase());
    return name;
  });
}

/** Columns: the actual label, then one count for each training class, ascending. */
export function confusionSchema(entry: ModelEntry, actualType: SqlType): Schema {
  const counts = confusionColumnNames(entry.label!.classes).map((name) => ({ name, type: Types.int8 }));
  return [{ name: 'expected_label', type: actualType }, ...counts];
}

/** One row a distinct actual label, ascending. */
export function confusionSql(
  entry: ModelEntry,
  judged: SqlText,
  threshold: string,
  position: number,
): SqlText {
  const { classes, type } = entry.label!;
  const names = confusionColumnNames(classes);
  const counts = classes.map(
    (label, index) => `count(*) FILTER (c = ${valueSql(label, type)}) AS ${quoteIdentifier(names[index]!)}`,
  );
  return new SqlTextBuilder()
    .add(`(SELECT "__actual" AS expected_label, ${counts.join(', ')} FROM (`, position)
    .add(`SELECT "__actual", ${predictedClassSql(entry, threshold)} AS c FROM (`)
    .nest(judged)
    .add(') AS "__j") AS "__p" GROUP BY "__actual" ORDER BY "__actual")', position)
    .build();
}

/** Columns of ML.ROC_CURVE. */
export const rocSchema: Schema = [
  { name: 'threshold', type: Types.float8 },
  { name: 'recall', type: Types.float8 },
  { name: 'false_positive_rate', type: Types.float8 },
  { name: 'true_positives', type: Types.int8 },
  { name: 'false_positives', type: Types.int8 },
  { name: 'true_negatives', type: Types.int8 },
  { name: 'false_negatives', type: Types.int8 },
];

/** Ranks of the 0th to 100th percentiles among n rows, from 1, rounded as quantile_disc rounds. */
const percentileRanks =
  'list_transform(range(0, 101), lambda "__i": greatest(1, n - CAST(floor(n - "__i" / CAST(100 AS DOUBLE) * n) AS BIGINT)))';

/**
 * Without thresholds: the 0th to 100th percentiles of the positive class's probability. One sort, where a list of
 * quantiles would select 101 times.
 */
const defaultThresholds =
  '(SELECT DISTINCT p AS t FROM (SELECT p, row_number() OVER (ORDER BY p) AS r FROM "__judged") ' +
  `SEMI JOIN (SELECT unnest(${percentileRanks}) AS r FROM (SELECT count(*) AS n FROM "__judged")) USING (r))`;

/**
 * Rows at or above each of different thresholds, without NULL and NaN: a search among them a row. The greatest
 * threshold is the first bin, because a bin counts what is not above it.
 */
const countedByBin =
  '"__bins" AS (SELECT list(-t) AS b FROM "__threshold"), ' +
  '"__hits" AS (SELECT histogram(-p, b) FILTER (y) AS tp, histogram(-p, b) FILTER (NOT y) AS fp FROM "__judged", "__bins"), ' +
  '"__counted" AS (SELECT t AS x, CAST(sum(coalesce(tp[-t], 0)) OVER w AS BIGINT) AS tp, ' +
  'CAST(sum(coalesce(fp[-t], 0)) OVER w AS BIGINT) AS fp ' +
  'FROM "__threshold", "__hits" WINDOW w AS (ORDER BY t DESC ROWS UNBOUNDED PRECEDING))';

/** The same of any thresholds: counting is cumulative over sorted rows, so it costs one sort, not a product. */
const countedBySweep =
  '"__event" AS (SELECT p AS x, 1 AS o, CAST(y AS INTEGER) AS tp, CAST(NOT y AS INTEGER) AS fp FROM "__judged" ' +
  'UNION ALL SELECT t, 2, 0, 0 FROM "__threshold"), ' +
  '"__swept" AS (SELECT x, o, sum(tp) OVER w AS tp, sum(fp) OVER w AS fp FROM "__event" ' +
  'WINDOW w AS (ORDER BY x DESC, o ROWS UNBOUNDED PRECEDING)), ' +
  '"__counted" AS (SELECT x, CAST(tp AS BIGINT) AS tp, CAST(fp AS BIGINT) AS fp FROM "__swept" WHERE o = 2)';

/**
 * One row a threshold, falling; a row counts as positive when its probability is at least the threshold. `thresholds`: a
 * SQL expression of a list of numbers.
 */
export function rocSql(
  judged: SqlText,
  thresholds: { readonly text: string; readonly position: number } | undefined,
  position: number,
): SqlText {
  const builder = new SqlTextBuilder()
    .add(
      `(WITH "__judged" AS MATERIALIZED (SELECT ${ACTUAL_CLASS} = 2 AS y, ${SCORES}[2] AS p FROM (`,
      position,
    )
    .nest(judged)
    .add(') AS "__j"), "__threshold" AS MATERIALIZED ', position);
  if (thresholds === undefined) builder.add(`${defaultThresholds}, ${countedByBin}, `);
  else
    builder
      .add('(SELECT unnest(CAST(')
      .copy(thresholds.text, thresholds.position)
      .add(` AS DOUBLE[])) AS t), ${countedBySweep}, `, position);
  return builder
    .add(
      '"__all" AS (SELECT count(*) FILTER (y) AS positives, count(*) FILTER (NOT y) AS negatives FROM "__judged") ',
    )
    .add(
      'SELECT x AS threshold, tp / CAST(positives AS DOUBLE) AS recall, fp / CAST(negatives AS DOUBLE) AS false_positive_rate, ',
    )
    .add('tp AS true_positives, fp AS false_positives, ')
    .add('negatives - fp AS true_negatives, positives - tp AS false_negatives ')
    .add('FROM "__counted", "__all" ORDER BY x DESC)')
    .build();
}
