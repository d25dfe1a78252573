/** BEGIN, COMMIT, ROLLBACK and savepoints, with PostgreSQL's warnings where there is nothing to do. */
import { SqlState, unsupported, type QueryResult } from '../core/index.ts';
import type { PlainStatement } from '../parser/index.ts';
import type { SessionParts } from './session-parts.ts';

/** Runs a transaction statement; undefined for any other. Allowed in an aborted block, too. */
export async function transactionStatement(
  statement: PlainStatement,
  { transaction, notice }: SessionParts,
): Promise<QueryResult | undefined> {
  const { class: kind } = statement;
  const warn = (state: string, message: string): void => notice({ severity: 'WARNING', state, message });
  switch (kind.kind) {
    case 'begin':
      if (transaction.status === 'failed') return undefined;
      if (transaction.status === 'transaction')
        warn(SqlState.activeSqlTransaction, 'there is already a transaction in progress');
      else await transaction.begin(kind.isReadOnly);
      return { kind: 'command', tag: 'BEGIN' };
    case 'commit':
      if (transaction.status !== 'idle' || transaction.isOpen)
        return { kind: 'command', tag: await transaction.commit() };
      warn(SqlState.noActiveSqlTransaction, 'there is no transaction in progress');
      return { kind: 'command', tag: 'COMMIT' };
    case 'rollback':
      if (transaction.status === 'idle' && !transaction.isOpen) {
        warn(SqlState.noActiveSqlTransaction, 'there is no transaction in progress');
      }
      await transaction.rollback();
      return { kind: 'command', tag: 'ROLLBACK' };
    case 'savepoint':
      transaction.refuseIfFailed();
      throw unsupported(
        'a savepoint',
        statement.span.start,
        'The embedded database has none; end the transaction instead.',
      );
    default:
      return undefined;
  }
}
