/** default_transaction_read_only: while it is on, statements that write are refused, as in PostgreSQL. */
import { engineError, SqlState } from '../core/index.ts';
import type { Statement } from '../parser/index.ts';
import type { Settings } from './setting.ts';

/** What a statement that writes is called in the message; undefined for one that only reads. */
function writingVerb(statement: Statement): string | undefined {
  switch (statement.kind) {
    case 'create-model':
      return 'CREATE MODEL';
    case 'drop-model':
      return 'DROP MODEL';
    case 'alter-model':
      return 'ALTER MODEL';
    case 'explain-model':
      return statement.isAnalyze ? 'EXPLAIN ANALYZE CREATE MODEL' : undefined;
    case 'plain':
      return plainVerb(statement.class);
    default:
      return undefined;
  }
}

function plainVerb(kind: Extract<Statement, { kind: 'plain' }>['class']): string | undefined {
  switch (kind.kind) {
    case 'insert':
    case 'update':
    case 'delete':
    case 'merge':
      return kind.kind.toUpperCase();
    case 'create':
      return kind.isTemporary === true ? undefined : `CREATE ${kind.object.toUpperCase()}`;
    case 'drop':
    case 'alter':
      return `${kind.kind.toUpperCase()} ${kind.object.toUpperCase()}`;
    case 'copy':
      return kind.copy.direction === 'from' ? 'COPY FROM' : undefined;
    case 'other':
      return ['TRUNCATE', 'COMMENT'].includes(kind.word) ? kind.word : undefined;
    default:
      return undefined;
  }
}

/** Throws 25006 for a statement that writes while the session reads only. */
export function refuseWriting(statement: Statement, settings: Settings): void {
  if (settings.get('default_transaction_read_only') !== 'on') return;
  const verb = writingVerb(statement);
  if (verb === undefined) return;
  throw engineError(SqlState.readOnlySqlTransaction, `cannot execute ${verb} in a read-only transaction`, {
    position: statement.span.start,
    hint: 'The setting default_transaction_read_only is on.',
  });
}
