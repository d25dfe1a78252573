/** Classes of statements about cursors: DECLARE, FETCH, MOVE, CLOSE. */
import { unsupported } from '../core/index.ts';
import type { StatementClass } from './ast.ts';
import type { Cursor } from './cursor.ts';
import { restSpan } from './statement-class-prepared.ts';
import { TokenKind } from './token.ts';

const cursorOptions: ReadonlySet<string> = new Set(['BINARY', 'ASENSITIVE', 'INSENSITIVE', 'NO', 'SCROLL']);
const unsupportedDirections: ReadonlySet<string> = new Set([
  'PRIOR',
  'FIRST',
  'LAST',
  'ABSOLUTE',
  'RELATIVE',
  'BACKWARD',
]);

/** declare := DECLARE name {option} CURSOR [(WITH | WITHOUT) HOLD] FOR query */
export function classifyDeclare(cursor: Cursor): StatementClass | undefined {
  if (!cursor.isName()) return undefined;
  const name = cursor.name('a cursor name');
  while (cursorOptions.has(cursor.word())) cursor.index++;
  if (!cursor.acceptWord('CURSOR')) return undefined;
  const isHold = cursor.acceptWords('WITH', 'HOLD');
  cursor.acceptWords('WITHOUT', 'HOLD');
  if (!cursor.acceptWord('FOR')) return undefined;
  const query = restSpan(cursor);
  return query === undefined ? undefined : { kind: 'declare-cursor', name, isHold, query };
}

/**
 * fetch := (FETCH | MOVE) [NEXT | [FORWARD] (count | ALL) | FORWARD] [FROM | IN] name; other directions are
 *   refused
 */
export function classifyFetch(cursor: Cursor, isMove: boolean): StatementClass | undefined {
  const isNameOnly = cursor.kind(1) === TokenKind.end;
  const count = isNameOnly ? 1 : readCount(cursor);
  if (!cursor.acceptWord('FROM')) cursor.acceptWord('IN');
  if (count === undefined || !cursor.isName()) return undefined;
  const name = cursor.name('a cursor name');
  return cursor.isAtEnd() ? { kind: 'fetch', name, count, isMove } : undefined;
}

function readCount(cursor: Cursor): number | 'all' | undefined {
  const isBackward = unsupportedDirections.has(cursor.word()) || cursor.isSymbol('-');
  if (isBackward) {
    const direction = cursor.isSymbol('-') ? 'a negative count' : cursor.word();
    throw unsupported(`FETCH or MOVE with ${direction}`, cursor.start(), 'Cursors move forward only.');
  }
  if (cursor.acceptWord('NEXT')) return 1;
  cursor.acceptWord('FORWARD');
  if (cursor.acceptWord('ALL')) return 'all';
  if (cursor.kind() !== TokenKind.number) return 1;
  cursor.index++;
  const count = Number(cursor.text(-1));
  return Number.isSafeInteger(count) ? count : undefined;
}

/** close := CLOSE (name | ALL) */
export function classifyClose(cursor: Cursor): StatementClass | undefined {
  if (cursor.isWord('ALL') && cursor.kind(1) === TokenKind.end)
    return { kind: 'close-cursor', name: undefined };
  if (!cursor.isName()) return undefined;
  const name = cursor.name('a cursor name');
  return cursor.isAtEnd() ? { kind: 'close-cursor', name } : undefined;
}
