/**
 * ML.X(…) and AI.X(…) where a table may stand, with their arguments told apart by kind. Grammar: GoogleSQL's
 * tvf_call.
 */
import type { MlArgument, MlCall, SqlFragment } from './ast.ts';
import type { Cursor } from './cursor.ts';
import { startsQuery } from './keyword.ts';
import { parseValue, skipExpression } from './parse-options.ts';
import { decodeName } from './string-value.ts';
import { TokenKind } from './token.ts';

/**
 * Reads a query up to the parenthesis that closes it; given, because that query is where calls are looked
 * for.
 */
export type QueryParser = (cursor: Cursor) => SqlFragment;

/** ml_call := ("ML" | "AI") "." word "(" [argument {"," argument}] ")" */
export function parseMlCall(cursor: Cursor, parseQuery: QueryParser): MlCall {
  const from = cursor.index;
  const outerMode = cursor.table.mode;
  const name = `${cursor.word()}.${cursor.word(2)}`;
  cursor.index += 3;
  const nameSpan = cursor.spanFrom(from);
  cursor.index++;
  cursor.enter();
  cursor.setMode('model');
  const callArguments: MlArgument[] = [];
  if (!cursor.isSymbol(')')) {
    do callArguments.push(parseArgument(cursor, parseQuery));
    while (cursor.acceptSymbol(','));
  }
  cursor.expectSymbol(')', 'Expected "," or ")" after an argument.');
  cursor.leave();
  cursor.setMode(outerMode);
  return { name, nameSpan, arguments: callArguments, span: cursor.spanFrom(from), scopes: [] };
}

/**
 * argument := "MODEL" path | "TABLE" path | "(" query ")" | "STRUCT" "(" … ")" | name "=>" argument |
 * expression
 */
function parseArgument(cursor: Cursor, parseQuery: QueryParser): MlArgument {
  const from = cursor.index;
  const isNamed = cursor.isSymbol('=>', 1) && (cursor.isName() || cursor.kind() === TokenKind.word);
  if (isNamed) return parseNamedArgument(cursor, from, parseQuery);
  if (cursor.isWord('MODEL') && cursor.isName(1)) {
    cursor.index++;
    const path = cursor.modelPath();
    return { kind: 'model', path, span: cursor.spanFrom(from) };
  }
  if (cursor.isWord('TABLE') && cursor.isName(1)) {
    cursor.index++;
    const path = cursor.path('a table name');
    return { kind: 'table', path, span: cursor.spanFrom(from) };
  }
  if (cursor.isWord('SELECT') || (cursor.isWord('WITH') && !isArgumentEnd(cursor, 1))) {
    throw cursor.unexpected('A query as an argument stands in parentheses: (SELECT …).');
  }
  if (isQueryArgument(cursor)) return parseQueryArgument(cursor, from, parseQuery);
  return parseValueArgument(cursor, from);
}

function isArgumentEnd(cursor: Cursor, ahead: number): boolean {
  return cursor.isSymbol(',', ahead) || cursor.isSymbol(')', ahead);
}

/** named := name "=>" argument, which is not named itself */
function parseNamedArgument(cursor: Cursor, from: number, parseQuery: QueryParser): MlArgument {
  const name = decodeName(cursor.text());
  cursor.index += 2;
  if (cursor.isSymbol('=>', 1)) throw cursor.unexpected('An argument has one name.');
  const value = parseArgument(cursor, parseQuery);
  return { kind: 'named', name, value, span: cursor.spanFrom(from) };
}

/** Whether the first token inside the opening parentheses begins a query. */
function isQueryArgument(cursor: Cursor): boolean {
  let ahead = 0;
  while (cursor.isSymbol('(', ahead)) ahead++;
  if (ahead === 0) return false;
  if (cursor.isWord('MODEL', ahead) && cursor.isName(ahead + 1)) {
    cursor.index += ahead;
    throw cursor.unexpected('MODEL m is an argument without parentheses.');
  }
  const isCall = cursor.isSymbol('(', ahead + 1);
  const word = cursor.word(ahead);
  return startsQuery(word) && (!isCall || word === 'SELECT' || word === 'VALUES' || word === 'FROM');
}

/** query_argument := "(" query ")"; what stands in more parentheses than one keeps the inner ones */
function parseQueryArgument(cursor: Cursor, from: number, parseQuery: QueryParser): MlArgument {
  cursor.index++;
  cursor.enter();
  const fragment = parseQuery(cursor);
  cursor.expectSymbol(')');
  cursor.leave();
  if (!isArgumentEnd(cursor, 0)) return parseComputedArgument(cursor, from);
  return { kind: 'query', fragment, span: cursor.spanFrom(from) };
}

/** A parenthesised query that is only the first part of an expression: `(SELECT 1) + 1`. */
function parseComputedArgument(cursor: Cursor, from: number): MlArgument {
  skipExpression(cursor);
  return {
    kind: 'value',
    text: cursor.textBetween(from, cursor.index),
    literal: undefined,
    span: cursor.spanFrom(from),
  };
}

/** value_argument := expression; a STRUCT(…) is the settings */
function parseValueArgument(cursor: Cursor, from: number): MlArgument {
  cursor.setMode('value');
  const isStruct = cursor.isWord('STRUCT');
  const literal = parseValue(cursor);
  cursor.setMode('model');
  const span = cursor.spanFrom(from);
  if (isStruct && literal.kind === 'struct') return { kind: 'settings', value: literal, span };
  const text = cursor.textBetween(from, cursor.index);
  return { kind: 'value', text, literal: literal.kind === 'expression' ? undefined : literal, span };
}
