/** The rows that judging functions look at: actual label and scores, rows with a NULL label left out. */
import type { ModelEntry } from '../catalog/index.ts';
import {
  isNumeric,
  listOf,
  quoteIdentifier,
  sqlTypeText,
  undefinedColumn,
  type Schema,
  type SqlType,
} from '../core/index.ts';
import type { LoadedModel } from './context.ts';
import { findColumn, SCORES, scoredSql } from './score-sql.ts';
import { SqlTextBuilder, type SqlText } from './sql-text.ts';
import { valueSql } from './value-sql.ts';

/** Column of judged rows: which class the actual label is, counted from 1; NULL when it is none of the model's. */
export const ACTUAL_CLASS = '"__class"';

/**
 * That column of a classifier's label. Labels that come in another type than at training are compared as numbers, or
 * converted; a regressor has no classes.
 */
export function actualClassSql(entry: ModelEntry, actual: string, type: SqlType): string {
  if (entry.task !== 'classification') return `NULL AS ${ACTUAL_CLASS}`;
  const { classes, type: labelType } = entry.label!;
  const list = valueSql(classes, listOf(labelType));
  const position =
    sqlTypeText(type) === sqlTypeText(labelType)
      ? `list_position(${list}, ${actual})`
      : isNumeric(type) && isNumeric(labelType)
        ? `list_position(CAST(${list} AS DOUBLE[]), CAST(${actual} AS DOUBLE))`
        : `list_position(${list}, TRY_CAST(${actual} AS ${sqlTypeText(labelType)}))`;
  return `nullif(${position}, 0) AS ${ACTUAL_CLASS}`;
}

/** `SELECT "__actual", "__class", scores`: the label column under its training name, compared in the type of the input. */
export function judgedSql(loaded: LoadedModel, input: SqlText, schema: Schema, position: number): SqlText {
  if (loaded.entry.label === undefined) return scoredSql(loaded, input, schema, position);
  const label = findColumn(schema, loaded.entry.label.name);
  if (label === undefined) {
    throw undefinedColumn(
      `the input lacks the label column "${loaded.entry.label.name}" of model "${loaded.entry.name}"`,
      position,
      'Judging a model needs the label under the name it was trained with.',
    );
  }
  const reference = quoteIdentifier(label.name);
  return new SqlTextBuilder()
    .add(
      `SELECT ${reference} AS "__actual", ${actualClassSql(loaded.entry, reference, label.type)}, ${SCORES} FROM (`,
      position,
    )
    .nest(scoredSql(loaded, input, schema, position))
    .add(`) AS "__augur_scored" WHERE ${reference} IS NOT NULL`, position)
    .build();
}
