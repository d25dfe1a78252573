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
  const rows: readonly (readonly Value[])[] = await context.connection.rows(
    `SELECT * FROM ${sql.text} AS "__augur_table"`,
  );
  return { schema, rows };
}

/** Scores the rows of the training relation once, into a temporary relation that all judging reads. */
async function scoreRelation(
  plan: PhysicalCreateModel,
  loaded: LoadedModel,
  inputs: readonly InputStatistics[],
  where: string,
  context: ExecutorContext,
): Promise<string> {
  const expressions = new Map(plan.inputs.map(({ input }, index) => [input.name, inputs[index]!.sql]));
  const label = loaded.entry.label;
  const actual =
    label === undefined ? '' : `y AS "__actual", ${actualClassSql(loaded.entry, 'y', label.type)}, `;
  const relation = quoteIdentifier(`${plan.relation}_scored`);
  await context.connection.run(
    `CREATE TEMP TABLE ${relation} AS SELECT ${actual}${scoreCallSql(loaded, expressions)} AS ${SCORES} ` +
      `FROM ${quoteIdentifier(plan.relation)} WHERE ${where}`,
  );
  return relation;
}

async function judgeRelation(
  loaded: LoadedModel,
  judged: SqlText,
  context: ExecutorContext,
): Promise<Record<string, StoredTable>> {
  const { entry } = loaded;
  const tables: Record<string, StoredTable> = {
    evaluate: await readTable(metricSchema(entry), metricsSql(loaded, judged, '0.5', 0), context),
  };
  if (entry.task === 'classification') {
    const schema = confusionSchema(entry, entry.label!.type);
    tables['confusion_matrix'] = await readTable(schema, confusionSql(entry, judged, '0.5', 0), context);
  }
  if (isBinary(entry))
    tables['roc_curve'] = await readTable(rocSchema, rocSql(judged, undefined, 0), context);
  return tables;
}

/** evaluate, and for classifiers confusion_matrix and roc_curve (binary). The model must be in the cache. */
export async function judgeTraining(
  plan: PhysicalCreateModel,
  loaded: LoadedModel,
  inputs: readonly InputStatistics[],
  where: string,
  context: ExecutorContext,
): Promise<Record<string, StoredTable>> {
  const relation = await scoreRelation(plan, loaded, inputs, where, context);
  try {
    return await judgeRelation(loaded, generated(`SELECT * FROM ${relation}`), context);
  } finally {
    await context.connection.run(`DROP TABLE IF EXISTS ${relation}`).catch(() => undefined);
  }
}
