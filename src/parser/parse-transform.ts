/** TRANSFORM ( … ): its items as text, and each item taken apart with what may not stand in it refused. */
import { EngineError, syntaxError } from '../core/index.ts';
import type { PreprocessingCall, SqlFragment, TransformExpression, TransformItem } from './ast.ts';
import { Cursor } from './cursor.ts';
import { isAggregate } from './keyword.ts';
import { parseFragment } from './parse-query.ts';
import { decodeName } from './string-value.ts';
import { TokenKind } from './token.ts';
import { TokenTable } from './token-table.ts';

/** Words that a select list would end with: TRANSFORM holds a list only. */
const queryWords: ReadonlySet<string> = new Set([
  'FROM',
  'WHERE',
  'GROUP',
  'HAVING',
  'ORDER',
  'LIMIT',
  'QUALIFY',
]);

/** transform := "TRANSFORM" "(" item {"," item} [","] ")"; TRANSFORM itself has been taken */
export function parseTransform(cursor: Cursor): readonly SqlFragment[] {
  cursor.expectSymbol('(', 'TRANSFORM is followed by a list: TRANSFORM(item, …).');
  if (cursor.isSymbol(')')) throw cursor.unexpected('TRANSFORM needs at least one item.');
  cursor.enter();
  const items: SqlFragment[] = [];
  do items.push(parseItem(cursor));
  while (cursor.acceptSymbol(',') && !cursor.isSymbol(')'));
  cursor.expectSymbol(')', 'Expected "," or ")" after an item.');
  cursor.leave();
  checkOutputNames(items.map(parseTransformItem));
  return items;
}

/** item := select item, up to a comma or the closing parenthesis */
function parseItem(cursor: Cursor): SqlFragment {
  const from = cursor.index;
  let depth = 0;
  while (depth > 0 || !(cursor.isSymbol(',') || cursor.isSymbol(')'))) {
    if (cursor.isAtEnd()) throw cursor.unexpected('Expected a closing parenthesis.');
    const word = cursor.word();
    const isAfterDot = cursor.isSymbol('.', -1);
    const isQuery = !isAfterDot && (word === 'SELECT' || (depth === 0 && queryWords.has(word)));
    if (isQuery) throw cursor.unexpected('TRANSFORM holds a list of columns and expressions, not a query.');
    depth += depthChange(cursor);
    cursor.index++;
  }
  if (cursor.index === from) throw cursor.unexpected('Expected a column or an expression.');
  return fragment(cursor, from, cursor.index);
}

function depthChange(cursor: Cursor): number {
  if (cursor.kind() !== TokenKind.symbol) return 0;
  const symbol = cursor.text();
  if (symbol === '(' || symbol === '[' || symbol === '{') return 1;
  return symbol === ')' || symbol === ']' || symbol === '}' ? -1 : 0;
}

/** The fragment of the tokens [from, to), read with a cursor of its own. */
function fragment(cursor: Cursor, from: number, to: number): SqlFragment {
  const part = parseFragment(new Cursor(cursor.table, from, to), 'query');
  const call = part.islands[0];
  if (call !== undefined)
    throw syntaxError(`${call.name} with a model is not allowed in TRANSFORM`, call.span.start);
  return part;
}

/**
 * One item of TRANSFORM, taken apart. Throws a syntax error, with its place in the script, for an expression
 * without an alias, an aggregate, or a window that is not empty.
 */
export function parseTransformItem(item: SqlFragment): TransformItem {
  const cursor = new Cursor(new TokenTable(item.text, 'model'));
  try {
    return shifted(readItem(cursor), item.span.start);
  } catch (thrown) {
    throw thrown instanceof EngineError ? thrown.shifted(item.span.start) : thrown;
  }
}

/**
 * The item with every span moved by `delta`: parsed trees are plain data, so any `span` is found by its name.
 */
function shifted<T>(node: T, delta: number): T {
  if (Array.isArray(node)) return node.map((element) => shifted(element as unknown, delta)) as T;
  if (typeof node !== 'object' || node === null) return node;
  const entries = Object.entries(node).map(([key, value]) => [
    key,
    (key === 'start' || key === 'end') && typeof value === 'number'
      ? value + delta
      : shifted(value as unknown, delta),
  ]);
  return Object.fromEntries(entries) as T;
}

/** transform_item := [name "."] "*" [except] [replace] | path [["AS"] name] | expression ["AS"] name */
function readItem(cursor: Cursor): TransformItem {
  const isStar =
    cursor.isSymbol('*') || (cursor.isName() && cursor.isSymbol('.', 1) && cursor.isSymbol('*', 2));
  if (isStar) return readStar(cursor);
  return readColumn(cursor) ?? readExpression(cursor);
}

function readStar(cursor: Cursor): TransformItem {
  const qualifier = cursor.isSymbol('*') ? undefined : cursor.name('a table name');
  if (qualifier !== undefined) cursor.index++;
  cursor.index++;
  const except = cursor.acceptWord('EXCEPT') || cursor.acceptWord('EXCLUDE') ? readNames(cursor) : [];
  const replace = cursor.acceptWord('REPLACE') ? readReplacements(cursor) : [];
  cursor.expectEnd('Only EXCEPT (…) and REPLACE (…) may follow "*".');
  return { kind: 'star', qualifier, except, replace, span: cursor.spanFrom(0) };
}

/** except := ("EXCEPT" | "EXCLUDE") "(" name {"," name} ")" */
function readNames(cursor: Cursor): readonly string[] {
  cursor.expectSymbol('(');
  const names: string[] = [];
  do names.push(cursor.name('a column name'));
  while (cursor.acceptSymbol(','));
  cursor.expectSymbol(')');
  return names;
}

/** replace := "REPLACE" "(" expression "AS" name {"," expression "AS" name} ")" */
function readReplacements(cursor: Cursor): readonly TransformExpression[] {
  cursor.expectSymbol('(');
  const replacements: TransformExpression[] = [];
  do {
    const from = cursor.index;
    const item = parseItem(cursor);
    replacements.push(readAliased(new Cursor(cursor.table, from, cursor.index), item));
  } while (cursor.acceptSymbol(','));
  cursor.expectSymbol(')');
  return replacements;
}

function readColumn(cursor: Cursor): TransformItem | undefined {
  let length = 1;
  while (cursor.isSymbol('.', length) && cursor.kind(length + 1) !== TokenKind.symbol) length += 2;
  const isPath = cursor.isName() && (cursor.kind(length) === TokenKind.end || isAlias(cursor, length));
  if (!isPath) return undefined;
  const path = cursor.path('a column name');
  cursor.acceptWord('AS');
  const alias = cursor.kind() === TokenKind.end ? path.parts.at(-1)! : cursor.name('an alias');
  return { kind: 'column', path, alias, span: cursor.spanFrom(0) };
}

/** Whether [AS] name and the end stand at `ahead`. */
function isAlias(cursor: Cursor, ahead: number): boolean {
  const at = cursor.isWord('AS', ahead) ? ahead + 1 : ahead;
  return cursor.isName(at) && cursor.kind(at + 1) === TokenKind.end;
}

function readExpression(cursor: Cursor): TransformItem {
  const whole = fragment(cursor, 0, Number.MAX_SAFE_INTEGER);
  const span = { start: 0, end: whole.span.end };
  return { kind: 'expression', ...readAliased(cursor, whole), span };
}

/** aliased := expression ["AS"] name; `cursor` stands at its first token and ends after its last one */
function readAliased(cursor: Cursor, whole: SqlFragment): TransformExpression {
  const from = cursor.index;
  let end = from;
  while (cursor.kind(end - from) !== TokenKind.end) end++;
  const hasAlias = end - from >= 2 && cursor.isName(end - from - 1) && isAliasPlace(cursor, end - from - 1);
  if (!hasAlias) {
    const message = `expression "${whole.text.slice(0, 80)}" in TRANSFORM needs a name`;
    throw syntaxError(message, whole.span.start, 'Write expression AS name.');
  }
  const alias = decodeName(cursor.text(end - from - 1));
  const expressionEnd = cursor.isWord('AS', end - from - 2) ? end - 2 : end - 1;
  const expression = fragment(cursor, from, expressionEnd);
  const calls = readCalls(new Cursor(cursor.table, from, expressionEnd));
  checkNoAggregate(new Cursor(cursor.table, from, expressionEnd));
  return { expression, alias, calls };
}

/**
 * Whether a name at `ahead` is an alias: after AS, or after an operand (and so not a part of the expression).
 */
function isAliasPlace(cursor: Cursor, ahead: number): boolean {
  if (cursor.isWord('AS', ahead - 1)) return true;
  const before = cursor.kind(ahead - 1);
  if (before !== TokenKind.symbol)
    return before !== TokenKind.word || cursor.isName(ahead - 1) || isOperand(cursor, ahead - 1);
  return cursor.isSymbol(')', ahead - 1) || cursor.isSymbol(']', ahead - 1);
}

/** Reserved words that end an expression. */
function isOperand(cursor: Cursor, ahead: number): boolean {
  return ['END', 'NULL', 'TRUE', 'FALSE'].includes(cursor.word(ahead));
}

/** The preprocessing calls among the tokens of the cursor, outermost only; theirs hold the inner ones. */
function readCalls(cursor: Cursor): readonly PreprocessingCall[] {
  const calls: PreprocessingCall[] = [];
  while (cursor.kind() !== TokenKind.end) {
    const isCall =
      cursor.isWord('ML') &&
      cursor.isSymbol('.', 1) &&
      cursor.kind(2) === TokenKind.word &&
      cursor.isSymbol('(', 3);
    if (isCall) calls.push(readCall(cursor));
    else if (cursor.isWord('OVER') && !cursor.isSymbol('.', -1)) throw windowError(cursor);
    else cursor.index++;
  }
  return calls;
}

/** call := "ML" "." word "(" [argument {"," argument}] ")" [ "OVER" "(" ")" ] */
function readCall(cursor: Cursor): PreprocessingCall {
  const from = cursor.index;
  const name = `ML.${cursor.word(2)}`;
  cursor.index += 4;
  const callArguments: SqlFragment[] = [];
  const calls: PreprocessingCall[] = [];
  while (!cursor.isSymbol(')')) {
    const start = cursor.index;
    callArguments.push(parseItem(cursor));
    calls.push(...readCalls(new Cursor(cursor.table, start, cursor.index)));
    if (!cursor.acceptSymbol(',')) break;
  }
  cursor.expectSymbol(')');
  const isAnalytic = cursor.isWord('OVER');
  if (isAnalytic) {
    cursor.index++;
    const isEmpty = cursor.isSymbol('(') && cursor.isSymbol(')', 1);
    if (!isEmpty) throw cursor.unexpected(`The window of ${name} is empty: OVER ().`);
    cursor.index += 2;
  }
  return { name, arguments: callArguments, isAnalytic, calls, span: cursor.spanFrom(from) };
}

function windowError(cursor: Cursor): EngineError {
  const hint =
    'Of the analytic functions only the preprocessing ones, ML.X(…) OVER (), may stand in TRANSFORM.';
  return cursor.unexpected(hint);
}

function checkNoAggregate(cursor: Cursor): void {
  for (; cursor.kind() !== TokenKind.end; cursor.index++) {
    const isCall = cursor.isSymbol('(', 1) && !cursor.isSymbol('.', -1);
    if (!isCall || !isAggregate(cursor.word())) continue;
    const message = `aggregate function ${cursor.word()} is not allowed in TRANSFORM`;
    throw syntaxError(message, cursor.start(), 'Aggregate in the query after AS.');
  }
}

/**
 * No two outputs of one name, compared without case; what `*` gives is only known with the query's columns.
 */
function checkOutputNames(items: readonly TransformItem[]): void {
  const names = new Set<string>();
  for (const item of items) {
    if (item.kind === 'star') continue;
    const name = item.alias.toLowerCase();
    if (names.has(name))
      throw syntaxError(`TRANSFORM has two outputs named "${item.alias}"`, item.span.start);
    names.add(name);
  }
}
