/**
 * The training query as a temporary relation of flat columns:
 *
 *   x0 … xn   inputs (DOUBLE with NaN as good as NULL, VARCHAR, arrays)      y  label      w  row weight
 *   k  initial flag of k-means      s  column that drives a SEQ or CUSTOM split      h  hash of the row, for random splits
 *
 * A query that merely reads a table is a view: it is run whenever its rows are wanted, in one transaction. Any other is
 * run once, into a table.
 */
import { quoteIdentifier } from '../../core/index.ts';
import { isRepeatableQuery } from '../../database/index.ts';
import { SqlTextBuilder, type PhysicalCreateModel } from '../../planner/index.ts';
import type { ExecutorContext } from '../context.ts';
import { runSql } from '../run-sql.ts';

function selectedColumns(plan: PhysicalCreateModel): readonly string[] {
  const columns = plan.inputs.map(({ sql, column, sparse }) => `${sparse?.sql ?? sql} AS ${column}`);
  if (plan.label !== undefined) columns.push(`${quoteIdentifier(plan.label.name)} AS y`);
  if (plan.weight !== undefined) columns.push(`CAST(${quoteIdentifier(plan.weight.name)} AS DOUBLE) AS w`);
  if (plan.initial !== undefined) columns.push(`coalesce(${quoteIdentifier(plan.initial.name)}, FALSE) AS k`);
  if (plan.split.column !== undefined) columns.push(`${quoteIdentifier(plan.split.column.name)} AS s`);
  if (plan.split.method === 'AUTO_SPLIT' || plan.split.method === 'RANDOM') {
    const hashed = [...plan.features, ...(plan.label === undefined ? [] : [plan.label])];
    columns.push(`hash(${hashed.map((column) => quoteIdentifier(column.name)).join(', ')}) AS h`);
  }
  return columns;
}

/** Makes the relation; errors of the query carry positions of the client's text. */
async function makeRelation(
  kind: 'TABLE' | 'VIEW',
  plan: PhysicalCreateModel,
  context: ExecutorContext,
): Promise<void> {
  const sql = new SqlTextBuilder()
    .add(
      `CREATE TEMP ${kind} ${quoteIdentifier(plan.relation)} AS SELECT ${selectedColumns(plan).join(', ')} FROM (`,
    )
    .nest(plan.source)
    .add(') AS "__augur_source"')
    .build();
  await runSql(sql, context, context.parameters, context.parameterTypes);
}

/** Runs a block while the relation is there, whose name is the plan's; afterwards it is gone, whatever happened. */
export async function withTrainingRelation<Result>(
  plan: PhysicalCreateModel,
  context: ExecutorContext,
  block: () => Promise<Result>,
): Promise<Result> {
  const isView =
    context.parameters.length === 0 && (await isRepeatableQuery(context.connection, plan.source.text));
  const kind = isView ? 'VIEW' : 'TABLE';
  const useRelation = async (): Promise<Result> => {
    try {
      await makeRelation(kind, plan, context);
      return await block();
    } finally {
      // In an aborted transaction it goes with the rollback.
      await context.connection
        .run(`DROP ${kind} IF EXISTS ${quoteIdentifier(plan.relation)}`)
        .catch(() => undefined);
    }
  };
  return isView ? context.inTransaction(useRelation) : useRelation();
}
