/** Judges a new model on its evaluation rows (its training rows without a split), for the data-less ML functions. */
import { quoteIdentifier, type Schema, type Value } from '../../core/index.ts';
import type { StoredTable } from '../../catalog/index.ts';
import {
  actualClassSql,
  confusionSchema,
  confusionSql,
  generated,
  isBinary,
  metricSchema,
  metricsSql,
  rocSchema,
  rocSql,
  scoreCallSql,
  SCORES,
  type LoadedModel,
  type PhysicalCreateModel,
  type SqlText,
} from '../../planner/index.ts';
import type { ExecutorContext } from '../context.ts';
import type { InputStatistics } from './column-statistics.ts';

async function readTable(schema: Schema, sql: SqlText, context: ExecutorContext): Promise<StoredTable> {
  const rows: readonly (readonly Value[])[] = await context.connection.rows(`SELECT * FROM ${sql.text} AS "__augur_table"`);
  return { schema, rows };
}

/** Scored rows of the training relation. */
function judgedRows(plan: PhysicalCreateModel, loaded: LoadedModel, inputs: readonly InputStatistics[], where: string): SqlText {
  const expressions = new Map(plan.inputs.map(({ input }, index) => [input.name, inputs[index]!.sql]));
  const label = loaded.entry.label;
  const actual = label === undefined ? '' : `y AS "__actual", ${actualClassSql(loaded.entry, 'y', label.type)}, `;
  const call = scoreCallSql(loaded, expressions);
  return generated(`SELECT ${actual}${call} AS ${SCORES} FROM ${quoteIdentifier(plan.relation)} WHERE ${where}`);
}

/** evaluate, and for classifiers confusion_matrix and roc_curve (binary). The model must be in the cache. */
export async function judgeTraining(
  plan: PhysicalCreateModel,
  loaded: LoadedModel,
  inputs: readonly InputStatistics[],
  where: string,
  context: ExecutorContext,
): Promise<Record<string, StoredTable>> {
  const { entry } = loaded;
  const judged = judgedRows(plan, loaded, inputs, where);
  const tables: Record<string, StoredTable> = {
    evaluate: await readTable(metricSchema(entry), metricsSql(loaded, judged, '0.5', 0), context),
  };
  if (entry.task === 'classification') {
    const schema = confusionSchema(entry, entry.label!.type);
    tables['confusion_matrix'] = await readTable(schema, confusionSql(entry, judged, '0.5', 0), context);
  }
  if (isBinary(entry)) {
    tables['roc_curve'] = await readTable(rocSchema, rocSql(judged, undefined, 0), context);
  }
  return tables;
}
