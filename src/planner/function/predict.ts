/** ML.PREDICT: prediction columns, then every input column. Source: functions reference, 1. */
import { invalidOption, quoteIdentifier } from '../../core/index.ts';
import type { MlFunction } from '../ml-call.ts';
import { numberSetting } from '../literal.ts';
import { isBinary, predictionColumns, predictionExpressions } from '../prediction-sql.ts';
import { SCORES, scoredSql } from '../score-sql.ts';
import { SqlTextBuilder } from '../sql-text.ts';

/** The threshold setting as SQL; only binary classifiers have one. */
export function thresholdOf(
  call: { readonly name: string },
  given: Parameters<MlFunction['bind']>[1],
): string {
  const literal = given.settings.get('threshold');
  if (literal !== undefined && !isBinary(given.model.entry)) {
    throw invalidOption(
      `${call.name}: the setting threshold is only for binary classifiers; model "${given.model.entry.name}" is a ${describeTask(given)}`,
      literal.span.start,
    );
  }
  return numberSetting(literal, 'threshold', [0, 1], 0.5);
}

function describeTask(given: Parameters<MlFunction['bind']>[1]): string {
  const { task, label, modelType } = given.model.entry;
  return task === 'classification' ? `classifier of ${label!.classes.length} classes` : `${modelType} model`;
}

export const predictFunction: MlFunction = {
  name: 'ML.PREDICT',
  settings: ['threshold', 'trial_id', 'keep_original_columns'],
  relation: 'required',
  takesValue: false,
  async bind(call, given) {
    const { entry } = given.model;
    const relation = given.relation!;
    for (const name of ['trial_id', 'keep_original_columns']) {
      const literal = given.settings.get(name);
      if (literal !== undefined) {
        throw invalidOption(
          `${call.name}: the setting ${name} does not apply to model "${entry.name}"`,
          literal.span.start,
        );
      }
    }
    const columns = predictionColumns(entry);
    const expressions = predictionExpressions(entry, thresholdOf(call, given));
    const selected = columns.map(
      (column, index) => `${expressions[index]!} AS ${quoteIdentifier(column.name)}`,
    );
    const position = call.nameSpan.start;
    const sql = new SqlTextBuilder()
      .add(`(SELECT ${selected.join(', ')}, * EXCLUDE (${SCORES}) FROM (`, position)
      .nest(scoredSql(given.model, relation.sql, relation.schema, position))
      .add(') AS "__augur_scored")', position)
      .build();
    return { schema: [...columns, ...relation.schema], sql };
  },
};
