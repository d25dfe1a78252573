/**
 * OPTIONS lists and the values in them: literals, arrays, structs, tuples, search spaces; else expressions as
 * text.
 */
import { syntaxError } from '../core/index.ts';
import type { Literal, LiteralField, OptionNode } from './ast.ts';
import type { Cursor } from './cursor.ts';
import { foldedNumber } from './expression.ts';
import { decodeName, decodeString, isBacktick } from './string-value.ts';
import { TokenKind } from './token.ts';

/**
 * options := "OPTIONS" "(" [ option {"," option} [","] ] ")"
 *
 * OPTIONS itself has been taken. Names are told apart without case, and each stands once.
 */
export function parseOptions(cursor: Cursor): readonly OptionNode[] {
  cursor.setMode('value');
  cursor.expectSymbol('(', 'Options are given as OPTIONS(name = value, …).');
  const options: OptionNode[] = [];
  const names = new Set<string>();
  while (!cursor.isSymbol(')')) {
    const option = parseOption(cursor);
    const name = option.name.toLowerCase();
    if (names.has(name)) {
      throw syntaxError(`option "${option.name}" is given more than once`, option.nameSpan.start);
    }
    names.add(name);
    options.push(option);
    if (!cursor.acceptSymbol(',') && !cursor.isSymbol(')')) {
      throw cursor.unexpected('Expected "," or ")" after an option.');
    }
  }
  cursor.index++;
  cursor.setMode('model');
  return options;
}

/** option := name "=" value */
function parseOption(cursor: Cursor): OptionNode {
  const from = cursor.index;
  const isName = cursor.kind() === TokenKind.word || cursor.kind() === TokenKind.quotedName;
  if (!isName) throw cursor.unexpected('Expected an option, name = value.');
  const name = decodeName(cursor.text());
  cursor.index++;
  const nameSpan = cursor.spanFrom(from);
  cursor.expectSymbol('=', `Expected "=" and a value for option "${name}".`);
  const value = parseValue(cursor);
  return { name, nameSpan, value, span: cursor.spanFrom(from) };
}

/**
 * value := literal | array | struct | tuple | search_space | parameter | expression; ends at a comma or a
 *   closing bracket
 */
export function parseValue(cursor: Cursor): Literal {
  const from = cursor.index;
  cursor.enter();
  const literal = parseLiteral(cursor);
  cursor.leave();
  if (literal !== undefined && isValueEnd(cursor)) return literal;
  cursor.index = from;
  return parseExpression(cursor);
}

/** What ends a value: a comma, a closing bracket, AS, the end. */
function isValueEnd(cursor: Cursor): boolean {
  if (cursor.isAtEnd() || cursor.isWord('AS')) return true;
  return [',', ')', ']', '}'].some((symbol) => cursor.isSymbol(symbol));
}

/** Anything that is a literal as far as it goes; undefined (and anywhere in the text) if it is none. */
function parseLiteral(cursor: Cursor): Literal | undefined {
  switch (cursor.kind()) {
    case TokenKind.number:
      return parseNumber(cursor, cursor.index);
    case TokenKind.string:
      return parseString(cursor);
    case TokenKind.quotedName:
      return isBacktick(cursor.text()) ? undefined : parseString(cursor);
    case TokenKind.parameter:
      return parseParameter(cursor);
    case TokenKind.word:
      return parseWord(cursor);
    default:
      return parseBracketed(cursor);
  }
}

/** number := ["+" | "-"] digits; `from` is where the sign stands */
function parseNumber(cursor: Cursor, from: number): Literal {
  const isNegative = cursor.table.text[cursor.table.start(from)] === '-';
  const magnitude = Number(cursor.text().replaceAll('_', ''));
  cursor.index++;
  const span = cursor.spanFrom(from);
  const text = cursor.textBetween(from, cursor.index);
  return { kind: 'number', value: isNegative ? -magnitude : magnitude, text, span };
}

function parseString(cursor: Cursor): Literal {
  const value = decodeString(cursor.text(), cursor.table.mode);
  cursor.index++;
  return { kind: 'string', value, span: cursor.spanFrom(cursor.index - 1) };
}

function parseParameter(cursor: Cursor): Literal {
  const index = Number(cursor.text().slice(1));
  cursor.index++;
  return { kind: 'parameter', index, span: cursor.spanFrom(cursor.index - 1) };
}

/**
 * word_literal := TRUE | FALSE | NULL | STRUCT "(" … ")" | ARRAY "[" … "]" | HPARAM_RANGE "(" … ")" |
 *   HPARAM_CANDIDATES "(" … ")"
 */
function parseWord(cursor: Cursor): Literal | undefined {
  const from = cursor.index;
  const word = cursor.word();
  cursor.index++;
  switch (word) {
    case 'TRUE':
    case 'FALSE':
      return { kind: 'boolean', value: word === 'TRUE', span: cursor.spanFrom(from) };
    case 'NULL':
      return { kind: 'null', span: cursor.spanFrom(from) };
    case 'STRUCT':
      return cursor.isSymbol('(') ? parseStruct(cursor, from) : undefined;
    case 'ARRAY':
      return parseTypedArray(cursor, from);
    case 'HPARAM_RANGE':
    case 'HPARAM_CANDIDATES':
      return cursor.isSymbol('(') ? parseSearchSpace(cursor, from, word) : undefined;
    default:
      return undefined;
  }
}

function parseBracketed(cursor: Cursor): Literal | undefined {
  const from = cursor.index;
  if (cursor.isSymbol('[')) return parseArray(cursor, from);
  if (cursor.isSymbol('(')) return parseTuple(cursor, from);
  const isSigned = (cursor.isSymbol('-') || cursor.isSymbol('+')) && cursor.kind(1) === TokenKind.number;
  if (!isSigned) return undefined;
  cursor.index++;
  return parseNumber(cursor, from);
}

/** values := [ value {"," value} ], up to the closing symbol, which is taken */
function parseValues(cursor: Cursor, closing: string): Literal[] {
  const values: Literal[] = [];
  if (cursor.acceptSymbol(closing)) return values;
  do values.push(parseValue(cursor));
  while (cursor.acceptSymbol(','));
  cursor.expectSymbol(closing, `Expected "," or "${closing}" after a value.`);
  return values;
}

/** array := "[" values "]" */
function parseArray(cursor: Cursor, from: number): Literal {
  cursor.index++;
  const elements = parseValues(cursor, ']');
  return { kind: 'array', elements, span: cursor.spanFrom(from) };
}

/** typed_array := "ARRAY" [ "<" type ">" ] array; the element type is not needed */
function parseTypedArray(cursor: Cursor, from: number): Literal | undefined {
  if (cursor.isSymbol('<')) skipAngles(cursor);
  return cursor.isSymbol('[') ? parseArray(cursor, from) : undefined;
}

function skipAngles(cursor: Cursor): void {
  let depth = 0;
  do {
    if (cursor.isSymbol('<')) depth++;
    else if (cursor.isSymbol('>')) depth--;
    cursor.index++;
  } while (depth > 0 && !cursor.isAtEnd());
}

/** tuple := "(" value "," value {"," value} ")"; one value in parentheses is that value */
function parseTuple(cursor: Cursor, from: number): Literal | undefined {
  cursor.index++;
  if (cursor.isSymbol(')')) throw cursor.unexpected('Expected a value.');
  const values = parseValues(cursor, ')');
  const span = cursor.spanFrom(from);
  if (values.length === 1) return values[0]!.kind === 'expression' ? undefined : { ...values[0]!, span };
  return { kind: 'struct', fields: values.map((value) => ({ name: undefined, value })), span };
}

/** struct := "STRUCT" "(" [ field {"," field} ] ")" */
function parseStruct(cursor: Cursor, from: number): Literal {
  cursor.index++;
  const fields: LiteralField[] = [];
  if (!cursor.isSymbol(')')) {
    do fields.push(parseField(cursor));
    while (cursor.acceptSymbol(','));
  }
  cursor.expectSymbol(')', 'Expected "," or ")" after a field.');
  return { kind: 'struct', fields, span: cursor.spanFrom(from) };
}

/** field := value [ "AS" name ] */
function parseField(cursor: Cursor): LiteralField {
  const value = parseValue(cursor);
  if (!cursor.acceptWord('AS')) return { name: undefined, value };
  const isName = cursor.kind() === TokenKind.word || cursor.kind() === TokenKind.quotedName;
  if (!isName) throw cursor.unexpected('Expected the name of the field after AS.');
  const name = decodeName(cursor.text());
  cursor.index++;
  return { name, value };
}

/** search_space := "HPARAM_RANGE" "(" value "," value ")" | "HPARAM_CANDIDATES" "(" array ")" */
function parseSearchSpace(cursor: Cursor, from: number, word: string): Literal {
  cursor.index++;
  const values = parseValues(cursor, ')');
  const form = word === 'HPARAM_RANGE' ? 'range' : 'candidates';
  const span = cursor.spanFrom(from);
  const isRange = values.length === 2;
  const isCandidates = values.length === 1 && values[0]!.kind === 'array';
  if (form === 'range' && !isRange) {
    throw syntaxError(
      'HPARAM_RANGE takes a lower and an upper bound',
      span.start,
      'Write HPARAM_RANGE(0.1, 1.0).',
    );
  }
  if (form === 'candidates' && !isCandidates) {
    throw syntaxError('HPARAM_CANDIDATES takes one array', span.start, 'Write HPARAM_CANDIDATES([1, 2, 3]).');
  }
  return { kind: 'search-space', form, arguments: values, span };
}

/** expression := token { token } with balanced brackets; a constant one is a number, any other stays text */
function parseExpression(cursor: Cursor): Literal {
  const from = cursor.index;
  skipExpression(cursor);
  const span = cursor.spanFrom(from);
  const text = cursor.textBetween(from, cursor.index);
  const value = foldedNumber(text);
  return value === undefined ? { kind: 'expression', text, span } : { kind: 'number', value, text, span };
}

/**
 * Takes an expression, up to a comma, AS or a closing bracket of what is around. Throws when there is none.
 */
export function skipExpression(cursor: Cursor): void {
  if (isValueEnd(cursor)) throw cursor.unexpected('Expected a value.');
  let depth = 0;
  while (depth > 0 || !isValueEnd(cursor)) {
    if (cursor.isAtEnd()) throw cursor.unexpected('Expected a closing parenthesis.');
    if (depth === 0 && isJuxtaposed(cursor)) throw cursor.unexpected('Expected "," before the next value.');
    const symbol = cursor.kind() === TokenKind.symbol ? cursor.text() : '';
    if (symbol === '(' || symbol === '[' || symbol === '{') depth++;
    else if (symbol === ')' || symbol === ']' || symbol === '}') depth--;
    cursor.index++;
  }
}

/** Whether a comma is missing before the current token: `1 2`, `'a' 'b'`, `1 name = 2`. */
function isJuxtaposed(cursor: Cursor): boolean {
  const before = cursor.kind(-1);
  const isAfterOperand =
    before === TokenKind.number ||
    before === TokenKind.string ||
    cursor.isSymbol(')', -1) ||
    cursor.isSymbol(']', -1);
  if (!isAfterOperand) return false;
  const kind = cursor.kind();
  if (kind === TokenKind.word) return cursor.isSymbol('=', 1);
  return kind === TokenKind.number || kind === TokenKind.string || kind === TokenKind.parameter;
}
