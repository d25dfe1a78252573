/**
 * Classes of statements about the session: SET, RESET, SHOW, DISCARD. Names of settings are given in lower
 * case.
 */
import type { StatementClass } from './ast.ts';
import type { Cursor } from './cursor.ts';
import { readAccessMode } from './statement-class-transaction.ts';
import { decodeName, decodeString } from './string-value.ts';
import { TokenKind } from './token.ts';

/** Words of SHOW that list objects instead of showing a setting. */
const listings: ReadonlySet<string> = new Set([
  'TABLES',
  'DATABASES',
  'SCHEMAS',
  'VARIABLES',
  'FUNCTIONS',
  'VIEWS',
]);

/** Forms of SET that are about other things than settings, left to the database. */
const otherSets: ReadonlySet<string> = new Set(['VARIABLE', 'CONSTRAINTS', 'GLOBAL']);

/** set := SET [SESSION | LOCAL] (name (TO | "=") value | special) | SET transaction */
export function classifySet(cursor: Cursor): StatementClass | undefined {
  if (otherSets.has(cursor.word()) && !isAssignment(cursor)) return undefined;
  if (
    cursor.acceptWords('SESSION', 'CHARACTERISTICS', 'AS', 'TRANSACTION') ||
    cursor.acceptWord('TRANSACTION')
  ) {
    return { kind: 'set-transaction', isReadOnly: readAccessMode(cursor) };
  }
  const isLocal = cursor.isWord('LOCAL') && !isAssignment(cursor);
  const hasScope =
    isLocal || (cursor.isWord('SESSION') && !cursor.isWord('AUTHORIZATION', 1) && !isAssignment(cursor));
  if (hasScope) cursor.index++;
  const name = specialName(cursor) ?? assignedName(cursor);
  if (name === undefined || cursor.isAtEnd()) return undefined;
  return { kind: 'set', name, value: readValue(cursor), isLocal };
}

/** Whether the current token is the name in `name =` or `name TO`. */
function isAssignment(cursor: Cursor): boolean {
  return cursor.isSymbol('=', 1) || cursor.isWord('TO', 1);
}

/** special := TIME ZONE | NAMES | SCHEMA | ROLE | SESSION AUTHORIZATION, each followed by its value */
function specialName(cursor: Cursor): string | undefined {
  if (cursor.acceptWords('TIME', 'ZONE')) return 'timezone';
  if (cursor.acceptWords('SESSION', 'AUTHORIZATION')) return 'session_authorization';
  if (isAssignment(cursor)) return undefined;
  if (cursor.acceptWord('NAMES')) return 'client_encoding';
  if (cursor.acceptWord('SCHEMA')) return 'search_path';
  return cursor.acceptWord('ROLE') ? 'role' : undefined;
}

function settingName(cursor: Cursor): string | undefined {
  if (!cursor.isName()) return undefined;
  return cursor.path('a setting').parts.join('.').toLowerCase();
}

function assignedName(cursor: Cursor): string | undefined {
  const name = settingName(cursor);
  return cursor.acceptSymbol('=') || cursor.acceptWord('TO') ? name : undefined;
}

/** value := item {"," item}, quotes taken away; DEFAULT and (for TIME ZONE) LOCAL are undefined */
function readValue(cursor: Cursor): string | undefined {
  const isDefault = (cursor.isWord('DEFAULT') || cursor.isWord('LOCAL')) && cursor.kind(1) === TokenKind.end;
  if (isDefault) return undefined;
  const items: string[] = [];
  do items.push(readItem(cursor));
  while (cursor.acceptSymbol(','));
  return items.join(', ');
}

function readItem(cursor: Cursor): string {
  const from = cursor.index;
  while (cursor.kind() !== TokenKind.end && !cursor.isSymbol(',')) cursor.index++;
  if (cursor.index !== from + 1) return cursor.textBetween(from, cursor.index);
  const kind = cursor.kind(-1);
  const text = cursor.text(-1);
  if (kind === TokenKind.string) return decodeString(text, cursor.table.mode);
  return kind === TokenKind.quotedName ? decodeName(text) : text;
}

/** reset := RESET (name | ALL | TIME ZONE | SESSION AUTHORIZATION) */
export function classifyReset(cursor: Cursor): StatementClass | undefined {
  const name = cursor.acceptWord('ALL') ? 'all' : (specialName(cursor) ?? settingName(cursor));
  if (name === undefined || !cursor.isAtEnd()) return undefined;
  return { kind: 'set', name, value: undefined, isLocal: false };
}

/**
 * show := SHOW (name | ALL | TIME ZONE | SESSION AUTHORIZATION | TRANSACTION ISOLATION LEVEL) | SHOW listing
 */
export function classifyShow(cursor: Cursor): StatementClass {
  const read: StatementClass = { kind: 'read' };
  if (listings.has(cursor.word())) return read;
  let name: string | undefined;
  if (cursor.acceptWord('ALL')) name = 'all';
  else if (cursor.acceptWords('TRANSACTION', 'ISOLATION', 'LEVEL')) name = 'transaction_isolation';
  else if (cursor.acceptWords('TIME', 'ZONE')) name = 'timezone';
  else if (cursor.acceptWords('SESSION', 'AUTHORIZATION')) name = 'session_authorization';
  else name = settingName(cursor);
  return name === undefined || !cursor.isAtEnd() ? read : { kind: 'show', name };
}

/** discard := DISCARD (ALL | PLANS | SEQUENCES | TEMP | TEMPORARY) */
export function classifyDiscard(cursor: Cursor): StatementClass | undefined {
  const what = cursor.word().toLowerCase();
  return what === '' ? undefined : { kind: 'discard', what: what === 'temporary' ? 'temp' : what };
}
