/** Classes of transaction control: BEGIN, COMMIT, ROLLBACK and savepoints. */
import type { StatementClass } from './ast.ts';
import type { Cursor } from './cursor.ts';
import { TokenKind } from './token.ts';

/**
 * modes := {READ ONLY | READ WRITE | ISOLATION LEVEL … | [NOT] DEFERRABLE}; undefined if none tells of
 *   writing
 */
export function readAccessMode(cursor: Cursor): boolean | undefined {
  let isReadOnly: boolean | undefined;
  while (cursor.kind() !== TokenKind.end) {
    if (cursor.areWords('READ', 'ONLY')) isReadOnly = true;
    else if (cursor.areWords('READ', 'WRITE')) isReadOnly = false;
    cursor.index++;
  }
  return isReadOnly;
}

function skipWork(cursor: Cursor): void {
  if (!cursor.acceptWord('WORK')) cursor.acceptWord('TRANSACTION');
}

/** begin := (BEGIN [WORK | TRANSACTION] | START TRANSACTION) [modes] */
export function classifyBegin(cursor: Cursor): StatementClass {
  skipWork(cursor);
  return { kind: 'begin', isReadOnly: readAccessMode(cursor) === true };
}

/**
 * Whether the end follows, or AND NO CHAIN and the end. AND CHAIN is not known to the database, which says
 * so.
 */
function isPlainEnd(cursor: Cursor): boolean {
  cursor.acceptWords('AND', 'NO', 'CHAIN');
  return cursor.isAtEnd();
}

/** commit := (COMMIT | END) [WORK | TRANSACTION] [AND NO CHAIN] */
export function classifyCommit(cursor: Cursor): StatementClass | undefined {
  skipWork(cursor);
  return isPlainEnd(cursor) ? { kind: 'commit' } : undefined;
}

/** rollback := (ROLLBACK | ABORT) [WORK | TRANSACTION] ([AND NO CHAIN] | TO [SAVEPOINT] name) */
export function classifyRollback(cursor: Cursor): StatementClass | undefined {
  skipWork(cursor);
  if (!cursor.acceptWord('TO')) return isPlainEnd(cursor) ? { kind: 'rollback' } : undefined;
  cursor.acceptWord('SAVEPOINT');
  return savepoint(cursor, 'rollback-to');
}

function savepoint(
  cursor: Cursor,
  verb: 'savepoint' | 'release' | 'rollback-to',
): StatementClass | undefined {
  if (!cursor.isName()) return undefined;
  const name = cursor.name('a savepoint name');
  return cursor.isAtEnd() ? { kind: 'savepoint', verb, name } : undefined;
}

/** savepoint := SAVEPOINT name */
export function classifySavepoint(cursor: Cursor): StatementClass | undefined {
  return savepoint(cursor, 'savepoint');
}

/** release := RELEASE [SAVEPOINT] name */
export function classifyRelease(cursor: Cursor): StatementClass | undefined {
  cursor.acceptWord('SAVEPOINT');
  return savepoint(cursor, 'release');
}
