/**
 * Classes of statements that read and write rows: SELECT and its kin, WITH, INSERT, UPDATE, DELETE, MERGE.
 */
import { syntaxError } from '../core/index.ts';
import type { StatementClass } from './ast.ts';
import type { Cursor } from './cursor.ts';
import { TokenKind } from './token.ts';

const readWords: ReadonlySet<string> = new Set([
  'SELECT',
  'VALUES',
  'FROM',
  'TABLE',
  'SUMMARIZE',
  'DESCRIBE',
  'DESC',
  'PRAGMA',
  'CALL',
  'EXPLAIN',
  'PIVOT',
  'UNPIVOT',
]);

/** Whether the statement gives rows and changes none, by its first token alone. */
export function classifyRead(cursor: Cursor): boolean {
  return readWords.has(cursor.word()) || cursor.isSymbol('(');
}

/** Tokens of brackets that opens at the cursor are taken, the closing one included. */
export function skipBrackets(cursor: Cursor): void {
  let depth = 0;
  do {
    depth += bracketChange(cursor);
    cursor.index++;
  } while (depth > 0 && cursor.kind() !== TokenKind.end);
}

/** +1 for an opening bracket, -1 for a closing one, else 0. */
export function bracketChange(cursor: Cursor): number {
  if (cursor.kind() !== TokenKind.symbol) return 0;
  const symbol = cursor.text();
  if (symbol === '(' || symbol === '[' || symbol === '{') return 1;
  return symbol === ')' || symbol === ']' || symbol === '}' ? -1 : 0;
}

/** Moves to the next such word outside brackets, if there is one; otherwise the cursor is at the end. */
export function findWord(cursor: Cursor, word: string): boolean {
  let depth = 0;
  while (cursor.kind() !== TokenKind.end) {
    if (depth === 0 && cursor.isWord(word) && !cursor.isSymbol('.', -1)) return true;
    depth += bracketChange(cursor);
    cursor.index++;
  }
  return false;
}

/** write := (INSERT | UPDATE | DELETE | MERGE) … [RETURNING …] */
export function classifyWrite(
  cursor: Cursor,
  kind: 'insert' | 'update' | 'delete' | 'merge',
): StatementClass {
  return { kind, hasReturning: findWord(cursor, 'RETURNING') };
}

/** with := WITH [RECURSIVE] cte {"," cte} statement; the class is the statement's */
export function classifyWith(cursor: Cursor): StatementClass | undefined {
  cursor.acceptWord('RECURSIVE');
  do skipCommonTable(cursor);
  while (cursor.acceptSymbol(','));
  const word = cursor.word();
  if (word === 'CREATE') checkNoModel(cursor);
  switch (word) {
    case 'INSERT':
    case 'UPDATE':
    case 'DELETE':
    case 'MERGE':
      return classifyWrite(cursor, word.toLowerCase() as 'insert' | 'update' | 'delete' | 'merge');
    default:
      return { kind: 'read' };
  }
}

/**
 * cte := name ["(" columns ")"] [USING KEY "(" columns ")"] AS [[NOT] MATERIALIZED] "(" statement ")" [SEARCH
 *   … | CYCLE …]
 */
function skipCommonTable(cursor: Cursor): void {
  cursor.index++;
  if (!findWord(cursor, 'AS')) return;
  cursor.index++;
  cursor.acceptWord('NOT');
  cursor.acceptWord('MATERIALIZED');
  if (cursor.isSymbol('(')) skipBrackets(cursor);
  const isFollowed = cursor.isWord('SEARCH') || cursor.isWord('CYCLE');
  if (isFollowed) skipSearch(cursor);
}

/** search := (SEARCH | CYCLE) … SET name {…}, up to a comma after SET or the statement's first word */
function skipSearch(cursor: Cursor): void {
  if (!findWord(cursor, 'SET')) return;
  cursor.index += 2;
  if (cursor.acceptWord('USING')) cursor.index++;
  if (cursor.isWord('CYCLE')) skipSearch(cursor);
}

function checkNoModel(cursor: Cursor): void {
  let ahead = 1;
  while (['OR', 'REPLACE', 'TEMP', 'TEMPORARY'].includes(cursor.word(ahead))) ahead++;
  if (!cursor.isWord('MODEL', ahead)) return;
  const hint = 'Put it inside the query: CREATE MODEL … AS WITH … SELECT ….';
  throw syntaxError(
    'syntax error at or near "CREATE": WITH cannot stand before CREATE MODEL',
    cursor.start(),
    hint,
  );
}
