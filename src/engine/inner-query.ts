/** The statement within COPY (…) and DECLARE … CURSOR FOR: it must give rows, whatever else it would do. */
import { engineError, SqlState, type Span } from '../core/index.ts';
import type { Statement, StatementClass } from '../parser/index.ts';

function givesRows(kind: StatementClass): boolean {
  return kind.kind === 'read' || ('hasReturning' in kind && kind.hasReturning);
}

/** The class of the one statement in `span` of the text; 42601, named `what`, unless it gives rows. */
export function innerQueryClass(
  text: string,
  span: Span,
  what: string,
  parse: (text: string) => readonly Statement[],
): StatementClass {
  const [statement, next] = parse(text.slice(span.start, span.end));
  if (statement?.kind === 'plain' && next === undefined && givesRows(statement.class)) return statement.class;
  throw engineError(SqlState.syntaxError, `${what} needs a query that returns rows`, {
    position: span.start,
  });
}
