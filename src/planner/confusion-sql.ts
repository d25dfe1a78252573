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

/** Without thresholds: the 0th to 100th percentiles of the positive class's probability. */
const defaultThresholds =
  '(SELECT unnest(list_distinct(quantile_disc(p, list_transform(range(0, 101), lambda "__i": "__i" / CAST(100 AS DOUBLE))))) AS t FROM "__judged")';

/**
 * One row a threshold, falling; a row counts as positive when its probability is at least the threshold. `thresholds`: a
 * SQL expression of a list of numbers. Counting is cumulative over sorted rows, so it costs one sort, not a product.
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
  if (thresholds === undefined) builder.add(defaultThresholds);
  else
    builder
      .add('(SELECT unnest(CAST(')
      .copy(thresholds.text, thresholds.position)
      .add(' AS DOUBLE[])) AS t)', position);
  return builder
    .add(
      ', "__event" AS (SELECT p AS x, 1 AS o, CAST(y AS INTEGER) AS tp, CAST(NOT y AS INTEGER) AS fp FROM "__judged" ',
    )
    .add('UNION ALL SELECT t, 2, 0, 0 FROM "__threshold"), ')
    .add('"__swept" AS (SELECT x, o, sum(tp) OVER w AS tp, sum(fp) OVER w AS fp FROM "__event" ')
    .add('WINDOW w AS (ORDER BY x DESC, o ROWS UNBOUNDED PRECEDING)), ')
    .add(
      '"__all" AS (SELECT count(*) FILTER (y) AS positives, count(*) FILTER (NOT y) AS negatives FROM "__judged") ',
    )
    .add(
      'SELECT x AS threshold, tp / CAST(positives AS DOUBLE) AS recall, fp / CAST(negatives AS DOUBLE) AS false_positive_rate, ',
    )
    .add('CAST(tp AS BIGINT) AS true_positives, CAST(fp AS BIGINT) AS false_positives, ')
    .add(
      'CAST(negatives - fp AS BIGINT) AS true_negatives, CAST(positives - tp AS BIGINT) AS false_negatives ',
    )
    .add('FROM "__swept", "__all" WHERE o = 2 ORDER BY x DESC)')
    .build();
}
