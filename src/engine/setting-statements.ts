/** SET, RESET, SHOW and DISCARD. Settings that are not ours go to the database, screened. */
import {
  batchOf,
  engineError,
  SqlState,
  Types,
  type Batch,
  type QueryResult,
  type Schema,
  type Value,
} from '../core/index.ts';
import type { PlainStatement, StatementClass } from '../parser/index.ts';
import type { SessionParts } from './session-parts.ts';

export type SetClass = StatementClass & { kind: 'set' | 'set-transaction' | 'discard' };

function setOne(kind: StatementClass & { kind: 'set' }, parts: SessionParts): void {
  const name = kind.name.toLowerCase();
  if (name === 'all' && kind.value === undefined) {
    parts.settings.reset();
    return;
  }
  if (name === 'session_authorization' || name === 'role') {
    const user = kind.value?.toLowerCase();
    if (
      user === undefined ||
      user === 'default' ||
      user === 'none' ||
      user === parts.request.user.toLowerCase()
    )
      return;
    throw engineError(SqlState.undefinedObject, `role "${kind.value}" does not exist`);
  }
  if (!kind.isLocal) parts.settings.set(name, kind.value);
  else if (parts.transaction.isOpen) parts.settings.setLocal(name, kind.value);
  else {
    const message = 'SET LOCAL can only be used in transaction blocks';
    parts.notice({ severity: 'WARNING', state: SqlState.noActiveSqlTransaction, message });
  }
}

/** Changes the session's settings; the database is told of them afterwards. */
export function setStatement(kind: SetClass, parts: SessionParts): QueryResult {
  switch (kind.kind) {
    case 'set':
      setOne(kind, parts);
      return { kind: 'command', tag: kind.value === undefined ? 'RESET' : 'SET' };
    case 'set-transaction':
      if (kind.isReadOnly === true && parts.transaction.isOpen) {
        throw engineError(SqlState.featureNotSupported, 'SET TRANSACTION READ ONLY is not supported', {
          hint: 'Write BEGIN READ ONLY.',
        });
      }
      return { kind: 'command', tag: 'SET' };
    case 'discard':
      parts.settings.reset();
      return {
        kind: 'command',
        tag: kind.what.toUpperCase() === 'ALL' ? 'DISCARD ALL' : `DISCARD ${kind.what.toUpperCase()}`,
      };
  }
}

function textRows(schema: Schema, rows: readonly (readonly Value[])[]): QueryResult {
  async function* batches(): AsyncGenerator<Batch> {
    yield batchOf(schema, rows);
  }
  return { kind: 'rows', schema, batches: batches(), tag: () => 'SHOW' };
}

const spelled: Readonly<Record<string, string>> = {
  datestyle: 'DateStyle',
  intervalstyle: 'IntervalStyle',
  timezone: 'TimeZone',
};

export function showStatement(
  kind: StatementClass & { kind: 'show' },
  statement: PlainStatement,
  { settings }: SessionParts,
): QueryResult {
  const name = kind.name.toLowerCase();
  if (name === 'all') {
    const schema = ['name', 'setting', 'description'].map((column) => ({ name: column, type: Types.text }));
    return textRows(
      schema,
      [...settings.entries()].map(([key, value]) => [spelled[key] ?? key, settings.shown(key) ?? value, '']),
    );
  }
  const value = settings.shown(name);
  if (value === undefined) {
    throw engineError(SqlState.undefinedObject, `unrecognized configuration parameter "${kind.name}"`, {
      position: statement.span.start,
    });
  }
  return textRows([{ name: spelled[name] ?? name, type: Types.text }], [[value]]);
}
