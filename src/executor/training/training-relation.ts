/**
 * The training query, run once into a temporary relation of flat columns:
 *
 *   x0 … xn   inputs (DOUBLE, VARCHAR, arrays)      y  label      w  row weight      k  initial flag of k-means
 *   s         column that drives a SEQ or CUSTOM split            h  hash of the row, for random splits
 */
import { quoteIdentifier } from '../../core/index.ts';
import { SqlTextBuilder, type PhysicalCreateModel } from '../../planner/index.ts';
import type { ExecutorContext } from '../context.ts';
import { runSql } from '../run-sql.ts';

function selectedColumns(plan: PhysicalCreateModel): readonly string[] {
  const columns = plan.inputs.map(({ sql, column, sparse, input }) => {
    const expression = sparse?.sql ?? sql;
    // NaN is no number to learn from: it is missing, as NULL is.
    const isFloat = input.kind === 'number';
    return `${isFloat ? `CASE WHEN isnan(${expression}) THEN NULL ELSE ${expression} END` : expression} AS ${column}`;
  });
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

/** Fills the relation; errors of the query carry positions of the client's text. */
export async function materialize(plan: PhysicalCreateModel, context: ExecutorContext): Promise<void> {
  const sql = new SqlTextBuilder()
    .add(
      `CREATE TEMP TABLE ${quoteIdentifier(plan.relation)} AS SELECT ${selectedColumns(plan).join(', ')} FROM (`,
    )
    .nest(plan.source)
    .add(') AS "__augur_source"')
    .build();
  await runSql(sql, context, context.parameters, context.parameterTypes);
}

/** Takes the relation away, whatever happened; in an aborted transaction it goes with the rollback. */
export async function discard(plan: PhysicalCreateModel, context: ExecutorContext): Promise<void> {
  await context.connection
    .run(`DROP TABLE IF EXISTS ${quoteIdentifier(plan.relation)}`)
    .catch(() => undefined);
}
