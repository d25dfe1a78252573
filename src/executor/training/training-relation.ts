/**
 * The training query as a temporary relation of flat columns:
 *
 *   x0 … xn   inputs (DOUBLE with NaN as good as NULL, VARCHAR, arrays)      y  label      w  row weight
 *   k  initial flag of k-means      s  column that drives a SEQ or CUSTOM split      h  hash of the row, for random splits
 *
 * A query that merely reads a table is a view: it is run whenever its rows are wanted, in one transaction. Any other is
 * run once, into a table. Where rows can be told apart by numbers that ascend in the query's order, the relation has
 * a column of them too.
 */
import { quoteIdentifier } from '../../core/index.ts';
import { isRepeatableQuery, ROW_COLUMN, withRowNumbers } from '../../database/index.ts';
import { generated, SqlTextBuilder, type PhysicalCreateModel, type SqlText } from '../../planner/index.ts';
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

/** How the relation is made. */
interface RelationForm {
  readonly kind: 'TABLE' | 'VIEW';
  readonly source: SqlText;
  /** The column of row numbers. */
  readonly rowColumn: string | undefined;
}

async function relationForm(
  { source }: PhysicalCreateModel,
  { connection, parameters }: ExecutorContext,
): Promise<RelationForm> {
  if (parameters.length === 0) {
    const numbered = await withRowNumbers(connection, source.text);
    if (numbered !== undefined) return { kind: 'VIEW', source: generated(numbered), rowColumn: ROW_COLUMN };
    if (await isRepeatableQuery(connection, source.text)) {
      return { kind: 'VIEW', source, rowColumn: undefined };
    }
  }
  return { kind: 'TABLE', source, rowColumn: 'rowid' };
}

/** Makes the relation; errors of the query carry positions of the client's text. */
async function makeRelation(
  { kind, source, rowColumn }: RelationForm,
  plan: PhysicalCreateModel,
  context: ExecutorContext,
): Promise<void> {
  const columns = [...selectedColumns(plan)];
  if (kind === 'VIEW' && rowColumn !== undefined) columns.push(rowColumn);
  const sql = new SqlTextBuilder()
    .add(`CREATE TEMP ${kind} ${quoteIdentifier(plan.relation)} AS SELECT ${columns.join(', ')} FROM (`)
    .nest(source)
    .add(') AS "__augur_source"')
    .build();
  await runSql(sql, context, context.parameters, context.parameterTypes);
}

/**
 * Runs a block while the relation is there, whose name is the plan's; afterwards it is gone, whatever happened. The
 * block is told the column of row numbers.
 */
export async function withTrainingRelation<Result>(
  plan: PhysicalCreateModel,
  context: ExecutorContext,
  block: (rowColumn: string | undefined) => Promise<Result>,
): Promise<Result> {
  const form = await relationForm(plan, context);
  const useRelation = async (): Promise<Result> => {
    try {
      await makeRelation(form, plan, context);
      return await block(form.rowColumn);
    } finally {
      // In an aborted transaction it goes with the rollback.
      await context.connection
        .run(`DROP ${form.kind} IF EXISTS ${quoteIdentifier(plan.relation)}`)
        .catch(() => undefined);
    }
  };
  return form.kind === 'VIEW' ? context.inTransaction(useRelation) : useRelation();
}
