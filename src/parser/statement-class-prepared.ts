/** Classes of statements prepared in SQL: PREPARE, EXECUTE, DEALLOCATE. */
import type { StatementClass } from './ast.ts';
import type { Cursor } from './cursor.ts';
import { bracketChange } from './statement-class-query.ts';
import { TokenKind } from './token.ts';

/** list := "(" text {"," text} ")", each item as written; undefined if it is not closed */
function readTexts(cursor: Cursor): readonly string[] | undefined {
  const texts: string[] = [];
  cursor.index++;
  if (cursor.acceptSymbol(')')) return texts;
  for (;;) {
    const from = cursor.index;
    let depth = 0;
    while (depth > 0 || !(cursor.isSymbol(',') || cursor.isSymbol(')'))) {
      if (cursor.kind() === TokenKind.end) return undefined;
      depth += bracketChange(cursor);
      cursor.index++;
    }
    texts.push(cursor.textBetween(from, cursor.index));
    if (cursor.acceptSymbol(')')) return texts;
    cursor.index++;
  }
}

/** From the current token to the last one; undefined if there is none. */
export function restSpan(cursor: Cursor): { readonly start: number; readonly end: number } | undefined {
  const from = cursor.index;
  while (cursor.kind() !== TokenKind.end) cursor.index++;
  return cursor.index === from ? undefined : cursor.spanFrom(from);
}

/** prepare := PREPARE name ["(" type {"," type} ")"] AS statement */
export function classifyPrepare(cursor: Cursor): StatementClass | undefined {
  if (!cursor.isName()) return undefined;
  const name = cursor.name('a name');
  const typeNames = cursor.isSymbol('(') ? readTexts(cursor) : [];
  if (typeNames === undefined || !cursor.acceptWord('AS')) return undefined;
  const body = restSpan(cursor);
  return body === undefined ? undefined : { kind: 'prepare', name, typeNames, body };
}

/** execute := EXECUTE name ["(" expression {"," expression} ")"] */
export function classifyExecute(cursor: Cursor): StatementClass | undefined {
  if (!cursor.isName()) return undefined;
  const name = cursor.name('a name');
  const argumentTexts = cursor.isSymbol('(') ? readTexts(cursor) : [];
  if (argumentTexts === undefined || !cursor.isAtEnd()) return undefined;
  return { kind: 'execute', name, argumentTexts };
}

/** deallocate := DEALLOCATE [PREPARE] (name | ALL) */
export function classifyDeallocate(cursor: Cursor): StatementClass | undefined {
  if (cursor.isWord('PREPARE') && cursor.kind(1) !== TokenKind.end) cursor.index++;
  if (cursor.isWord('ALL') && cursor.kind(1) === TokenKind.end)
    return { kind: 'deallocate', name: undefined };
  return cursor.isName() ? { kind: 'deallocate', name: cursor.name('a name') } : undefined;
}
