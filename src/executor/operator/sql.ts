/** Plain SQL, ML calls already in the database's words: rows stream out, changes give a command tag. */
import { unreachable, type QueryResult, type RowsResult } from '../../core/index.ts';
import type { DatabaseResult } from '../../database/index.ts';
import type { PhysicalSql } from '../../planner/index.ts';
import type { ExecutorContext } from '../context.ts';
import { runSql, toSourceError } from '../run-sql.ts';

type StatementClass = PhysicalSql['statement']['class'];

/** PostgreSQL's command tag of a statement that changed rows or definitions. */
function commandTag(statement: StatementClass, rowCount: number): string {
  switch (statement.kind) {
    case 'insert':
      return `INSERT 0 ${rowCount}`;
    case 'update':
    case 'delete':
    case 'merge':
      return `${statement.kind.toUpperCase()} ${rowCount}`;
    case 'create':
      return statement.isCreateAs && statement.object === 'table'
        ? `SELECT ${rowCount}`
        : `CREATE ${statement.object.toUpperCase()}`;
    case 'drop':
    case 'alter':
      return `${statement.kind.toUpperCase()} ${statement.object.toUpperCase()}`;
    case 'other':
      return statement.word === 'TRUNCATE' ? 'TRUNCATE TABLE' : statement.word;
    default:
      return statement.kind.toUpperCase();
  }
}

function rowsTag(statement: StatementClass, rowCount: number): string {
  return statement.kind === 'read' ? `SELECT ${rowCount}` : commandTag(statement, rowCount);
}

/** Errors in mid-stream, too, point into the client's text; the models are held until the last row was read. */
async function* heldBatches(
  result: RowsResult,
  plan: PhysicalSql,
  release: () => void,
): RowsResult['batches'] & AsyncGenerator {
  try {
    yield* result.batches;
  } catch (thrown) {
    throw toSourceError(thrown, plan.sql);
  } finally {
    release();
  }
}

function toResult(result: DatabaseResult, plan: PhysicalSql, release: () => void): QueryResult {
  const statement = plan.statement.class;
  switch (result.kind) {
    case 'changed':
      release();
      return { kind: 'command', tag: commandTag(statement, result.rowCount) };
    case 'rows':
      return {
        kind: 'rows',
        schema: result.schema,
        batches: heldBatches(result, plan, release),
        tag: (rowCount) => rowsTag(statement, rowCount),
      };
    default:
      return unreachable(result);
  }
}

export async function sql(plan: PhysicalSql, context: ExecutorContext): Promise<QueryResult> {
  const release = await context.models.hold(plan.models, context.catalog);
  try {
    const result = await runSql(plan.sql, context, context.parameters, context.parameterTypes);
    return toResult(result, plan, release);
  } catch (thrown) {
    release();
    throw thrown;
  }
}
