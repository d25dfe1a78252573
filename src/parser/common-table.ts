/** The WITH lists around an ML call: which common tables the relation in its arguments may name. */
import type { CommonTables } from './ast.ts';
import { Cursor } from './cursor.ts';
import { TokenKind } from './token.ts';

/**
 * Whether the WITH at the current token begins a list of common tables, and is no WITH ORDINALITY and no
 * options.
 */
export function startsCommonTables(cursor: Cursor): boolean {
  const ahead = cursor.isWord('RECURSIVE', 1) && !cursor.isWord('AS', 2) ? 2 : 1;
  if (!cursor.isName(ahead)) return false;
  if (cursor.isSymbol('(', ahead + 1)) return true;
  const isBody = cursor.isSymbol('(', ahead + 2) || ['MATERIALIZED', 'NOT'].includes(cursor.word(ahead + 2));
  return cursor.isWord('AS', ahead + 1) && isBody;
}

/** One WITH list, read as far as its tables are complete; each token of it is read a few times at most. */
export class CommonTableList {
  readonly #isRecursive: boolean;
  /** Token of the first table's name. */
  readonly #from: number;
  /** Token where the next table would begin; undefined after the last one. */
  #next: number | undefined;
  #tables: CommonTables | undefined;

  /** The list of the WITH at the current token. */
  constructor(cursor: Cursor) {
    this.#isRecursive = cursor.isWord('RECURSIVE', 1) && !cursor.isWord('AS', 2);
    this.#from = cursor.index + (this.#isRecursive ? 2 : 1);
    this.#next = this.#from;
  }

  /** The tables complete so far; undefined if none is. */
  get tables(): CommonTables | undefined {
    return this.#tables;
  }

  /** To be called after each bracket that closes at the level of the WITH: a table may have ended with it. */
  advance(cursor: Cursor): void {
    if (this.#next === undefined) return;
    const list = new Cursor(cursor.table, this.#next, cursor.index);
    if (!skipCommonTable(list)) return;
    const { table } = cursor;
    this.#tables = {
      isRecursive: this.#isRecursive,
      span: { start: table.start(this.#from), end: table.end(list.index - 1) },
    };
    this.#next = cursor.isSymbol(',') ? cursor.index + 1 : undefined;
  }
}

/**
 * common_table := name ["(" columns ")"] [USING KEY "(" columns ")"] AS [[NOT] MATERIALIZED] "(" query ")"
 */
function skipCommonTable(list: Cursor): boolean {
  if (!list.isName()) return false;
  list.index++;
  if (list.isSymbol('(') && !skipBrackets(list)) return false;
  if (list.acceptWords('USING', 'KEY') && !skipBrackets(list)) return false;
  if (!list.acceptWord('AS')) return false;
  list.acceptWord('NOT');
  list.acceptWord('MATERIALIZED');
  return skipBrackets(list);
}

/** Takes an opening bracket and everything up to the one that closes it; false when that does not come. */
function skipBrackets(list: Cursor): boolean {
  let depth = 0;
  do {
    if (list.kind() === TokenKind.end) return false;
    if (list.isSymbol('(') || list.isSymbol('[') || list.isSymbol('{')) depth++;
    if (list.isSymbol(')') || list.isSymbol(']') || list.isSymbol('}')) depth--;
    list.index++;
  } while (depth > 0);
  return true;
}
