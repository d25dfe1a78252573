/** COPY with the client's end of the connection: FROM STDIN appends, TO STDOUT reads. */
import {
  internalError,
  quoteIdentifier,
  resolveCopyFormat,
  toEngineError,
  type QueryResult,
} from '../core/index.ts';
import type { CopyClause, PlainStatement, SqlFragment } from '../parser/index.ts';
import { checkReadOnlyTarget } from './copy-target.ts';
import { innerQueryClass } from './inner-query.ts';
import { screenStatement } from './screen-statement.ts';
import type { SessionParts, StatementScope } from './session-parts.ts';

function written(copy: CopyClause): Parameters<typeof resolveCopyFormat>[0] {
  return copy.options.map(({ name, value, span }) => ({ name, value, position: span.start }));
}

async function copyIn(copy: CopyClause, parts: SessionParts): Promise<QueryResult> {
  const format = resolveCopyFormat(written(copy));
  await checkReadOnlyTarget(copy.table!, parts);
  const { transaction, connection } = parts;
  const isOwn = !transaction.isOpen;
  if (isOwn) await transaction.beginImplicit();
  try {
    const appender = await connection.append(copy.table!.parts, copy.columns);
    return {
      kind: 'copy-in',
      schema: appender.schema,
      format,
      write: (rows) => appender.appendText(rows),
      isPlain: appender.isPlain,
      writeBatch: (batch) => appender.appendParsed(batch),
      finish: async () => {
        try {
          const rowCount = await appender.finish();
          if (isOwn) await transaction.commit();
          return rowCount;
        } catch (thrown) {
          await transaction.fail();
          throw toEngineError(thrown);
        }
      },
      abort: async () => {
        await appender.abort();
        await transaction.fail();
      },
    };
  } catch (thrown) {
    if (isOwn) await transaction.rollback();
    throw thrown;
  }
}

/** The query that COPY TO reads: as written, or all of a table's columns. */
function sourceFragment(copy: CopyClause, statement: PlainStatement): SqlFragment {
  if (copy.query !== undefined) return copy.query;
  const columns = copy.columns === undefined ? '*' : copy.columns.map(quoteIdentifier).join(', ');
  const table = copy.table!.parts.map(quoteIdentifier).join('.');
  return {
    text: `SELECT ${columns} FROM ${table}`,
    span: { start: statement.span.start, end: statement.span.start },
    islands: [],
  };
}

async function copyOut(
  copy: CopyClause,
  statement: PlainStatement,
  scope: StatementScope,
  parts: SessionParts,
): Promise<QueryResult> {
  const format = resolveCopyFormat(written(copy));
  const fragment = sourceFragment(copy, statement);
  const kind =
    copy.query === undefined
      ? ({ kind: 'read' } as const)
      : innerQueryClass(scope.text, copy.query.span, 'COPY', parts.parse);
  const query: PlainStatement = { ...statement, fragment, class: kind };
  // Once more, as a statement of its own: inside the brackets its first word was not seen.
  screenStatement(query, parts.connection);
  const result = await parts.execute(await parts.plan(query, scope.text, scope.parameterTypes), scope);
  if (result.kind !== 'rows') throw internalError('COPY TO reads a query');
  return { kind: 'copy-out', schema: result.schema, format, batches: result.batches };
}

/** COPY … FROM STDIN or TO STDOUT. */
export async function copyStatement(
  copy: CopyClause,
  statement: PlainStatement,
  scope: StatementScope,
  parts: SessionParts,
): Promise<QueryResult> {
  screenStatement(statement, parts.connection);
  return copy.direction === 'from' ? copyIn(copy, parts) : copyOut(copy, statement, scope, parts);
}
