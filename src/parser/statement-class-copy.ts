/** The class of COPY, with both of PostgreSQL's option syntaxes brought to one form. */
import type { CopyClause, Path, SqlFragment, StatementClass } from './ast.ts';
import type { Cursor } from './cursor.ts';
import { narrowed } from './parse-query.ts';
import { skipBrackets } from './statement-class-query.ts';
import { decodeName, decodeString } from './string-value.ts';
import { TokenKind } from './token.ts';

type Option = CopyClause['options'][number];
type Source = Pick<CopyClause, 'table' | 'columns' | 'query'>;

/**
 * copy := COPY (table ["(" columns ")"] | "(" query ")") (FROM | TO) end [[WITH] "(" option {"," option} ")"
 *   | [WITH] legacy]
 */
export function classifyCopy(cursor: Cursor, fragment: SqlFragment): StatementClass | undefined {
  const options: Option[] = [];
  if (cursor.isWord('BINARY') && cursor.isName(1)) options.push(takeFlag(cursor, 'format', 'binary'));
  const source = cursor.isSymbol('(') ? readQuery(cursor, fragment) : readTable(cursor);
  const direction = cursor.word();
  if (source === undefined || (direction !== 'FROM' && direction !== 'TO')) return undefined;
  cursor.index++;
  const end = readEnd(cursor);
  const rest = end === undefined ? undefined : readOptions(cursor);
  if (end === undefined || rest === undefined || !cursor.isAtEnd()) return undefined;
  const copy = {
    ...source,
    direction: direction === 'FROM' ? 'from' : 'to',
    end,
    options: [...options, ...rest],
  } as const;
  return { kind: 'copy', copy };
}

function readQuery(cursor: Cursor, fragment: SqlFragment): Source | undefined {
  const from = cursor.index;
  skipBrackets(cursor);
  if (cursor.index - from < 3) return undefined;
  const span = { start: cursor.table.start(from + 1), end: cursor.table.end(cursor.index - 2) };
  return { table: undefined, columns: undefined, query: narrowed(fragment, span) };
}

function readTable(cursor: Cursor): Source | undefined {
  if (!cursor.isName()) return undefined;
  const table: Path = cursor.path('a table name');
  if (!cursor.isSymbol('(')) return { table, columns: undefined, query: undefined };
  const columns = readColumns(cursor);
  return columns === undefined ? undefined : { table, columns, query: undefined };
}

/** columns := "(" name {"," name} ")" */
function readColumns(cursor: Cursor): readonly string[] | undefined {
  const columns: string[] = [];
  cursor.index++;
  do {
    if (!isWordOrName(cursor)) return undefined;
    columns.push(takeName(cursor));
  } while (cursor.acceptSymbol(','));
  return cursor.acceptSymbol(')') ? columns : undefined;
}

function isWordOrName(cursor: Cursor): boolean {
  return cursor.kind() === TokenKind.word || cursor.kind() === TokenKind.quotedName;
}

function takeName(cursor: Cursor): string {
  cursor.index++;
  return decodeName(cursor.text(-1));
}

function takeString(cursor: Cursor): string | undefined {
  if (cursor.kind() !== TokenKind.string) return undefined;
  cursor.index++;
  return decodeString(cursor.text(-1), cursor.table.mode);
}

/** end := STDIN | STDOUT | string | PROGRAM string */
function readEnd(cursor: Cursor): CopyClause['end'] | undefined {
  if (cursor.acceptWord('STDIN') || cursor.acceptWord('STDOUT')) return { kind: 'stdio' };
  if (cursor.acceptWord('PROGRAM')) return takeString(cursor) === undefined ? undefined : { kind: 'program' };
  const path = takeString(cursor);
  return path === undefined ? undefined : { kind: 'file', path };
}

function readOptions(cursor: Cursor): readonly Option[] | undefined {
  cursor.acceptWord('WITH');
  return cursor.isSymbol('(') ? readList(cursor) : readLegacy(cursor);
}

/** list := "(" name [value] {"," name [value]} ")"; names in lower case */
function readList(cursor: Cursor): readonly Option[] | undefined {
  const options: Option[] = [];
  cursor.index++;
  do {
    if (!isWordOrName(cursor)) return undefined;
    const from = cursor.index;
    const name = takeName(cursor).toLowerCase();
    const value = readValue(cursor);
    options.push({ name, value, span: cursor.spanFrom(from) });
  } while (cursor.acceptSymbol(','));
  return cursor.acceptSymbol(')') ? options : undefined;
}

/**
 * value := string | word | number | "*" | "(" item {"," item} ")", quotes taken away; undefined if there is
 *   none
 */
function readValue(cursor: Cursor): string | readonly string[] | undefined {
  if (cursor.isSymbol('(')) return readColumns(cursor);
  const from = cursor.index;
  while (!cursor.isSymbol(',') && !cursor.isSymbol(')') && !cursor.isAtEnd()) {
    if (cursor.isSymbol('(') || cursor.isSymbol('[') || cursor.isSymbol('{')) skipBrackets(cursor);
    else cursor.index++;
  }
  if (cursor.index === from) return undefined;
  if (cursor.index > from + 1) return cursor.textBetween(from, cursor.index);
  if (cursor.kind(-1) === TokenKind.string) return decodeString(cursor.text(-1), cursor.table.mode);
  return cursor.kind(-1) === TokenKind.quotedName ? decodeName(cursor.text(-1)) : cursor.text(-1);
}

/**
 * legacy := {CSV | BINARY | HEADER | FREEZE | (DELIMITER | NULL | QUOTE | ESCAPE | ENCODING) [AS] string |
 *   FORCE …}
 */
function readLegacy(cursor: Cursor): readonly Option[] | undefined {
  const options: Option[] = [];
  while (!cursor.isAtEnd()) {
    const option = readLegacyOption(cursor);
    if (option === undefined) return undefined;
    options.push(option);
  }
  return options;
}

function readLegacyOption(cursor: Cursor): Option | undefined {
  const word = cursor.word();
  switch (word) {
    case 'CSV':
    case 'BINARY':
      return takeFlag(cursor, 'format', word.toLowerCase());
    case 'HEADER':
    case 'FREEZE':
      return takeFlag(cursor, word.toLowerCase(), undefined);
    case 'DELIMITER':
    case 'DELIMITERS':
    case 'NULL':
    case 'QUOTE':
    case 'ESCAPE':
    case 'ENCODING':
      return readLegacyString(cursor, word === 'DELIMITERS' ? 'delimiter' : word.toLowerCase());
    case 'FORCE':
      return readForce(cursor);
    default:
      return undefined;
  }
}

function takeFlag(cursor: Cursor, name: string, value: string | undefined): Option {
  cursor.index++;
  return { name, value, span: cursor.spanFrom(cursor.index - 1) };
}

function readLegacyString(cursor: Cursor, name: string): Option | undefined {
  const from = cursor.index;
  cursor.index++;
  cursor.acceptWord('AS');
  const value = takeString(cursor);
  return value === undefined ? undefined : { name, value, span: cursor.spanFrom(from) };
}

/** force := FORCE (QUOTE | NOT NULL | NULL) ("*" | name {"," name}) */
function readForce(cursor: Cursor): Option | undefined {
  const from = cursor.index;
  cursor.index++;
  let name: string;
  if (cursor.acceptWord('QUOTE')) name = 'force_quote';
  else if (cursor.acceptWords('NOT', 'NULL')) name = 'force_not_null';
  else if (cursor.acceptWord('NULL')) name = 'force_null';
  else return undefined;
  if (cursor.acceptSymbol('*')) return { name, value: '*', span: cursor.spanFrom(from) };
  const columns: string[] = [];
  do {
    if (!isWordOrName(cursor)) return undefined;
    columns.push(takeName(cursor));
  } while (cursor.acceptSymbol(','));
  return { name, value: columns, span: cursor.spanFrom(from) };
}
