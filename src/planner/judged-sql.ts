/** The rows that judging functions look at: actual label and scores, rows with a NULL label left out. */
import { quoteIdentifier, undefinedColumn, type Schema } from '../core/index.ts';
import type { LoadedModel } from './context.ts';
import { findColumn, SCORES, scoredSql } from './score-sql.ts';
import { SqlTextBuilder, type SqlText } from './sql-text.ts';

/** `SELECT "__actual", scores`: the label column under its training name, compared in the type of the input. */
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
    .add(`SELECT ${reference} AS "__actual", ${SCORES} FROM (`, position)
    .nest(scoredSql(loaded, input, schema, position))
    .add(`) AS "__augur_scored" WHERE ${reference} IS NOT NULL`, position)
    .build();
}
