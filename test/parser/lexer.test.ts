/** The lexical rules: what one token is, in each mode. */
import { describe, expect, test } from 'vitest';
import type { Span } from '../../src/core/index.ts';
import { EngineError } from '../../src/core/index.ts';
import { scanToken } from '../../src/parser/lexer.ts';
import { type LexerMode, TokenKind } from '../../src/parser/token.ts';

const kindNames = Object.fromEntries(Object.entries(TokenKind).map(([name, kind]) => [kind, name]));

/** Every token as `kind text`. */
function tokens(text: string, mode: LexerMode = 'sql'): string[] {
  const found: string[] = [];
  let offset = 0;
  for (;;) {
    const token = scanToken(text, offset, mode, []);
    if (token.kind === TokenKind.end) return found;
    found.push(`${kindNames[token.kind]} ${text.slice(token.start, token.end)}`);
    offset = token.end;
  }
}

function positionOf(text: string, mode: LexerMode = 'sql'): [string, number | undefined] {
  try {
    tokens(text, mode);
  } catch (thrown) {
    if (thrown instanceof EngineError) return [thrown.message, thrown.position];
    throw thrown;
  }
  return ['no error', undefined];
}

describe('words and names', () => {
  test('words keep dollars, digits and letters beyond ASCII', () => {
    expect(tokens('a$1 größe _x9')).toEqual(['word a$1', 'word größe', 'word _x9']);
  });
  test('no-break spaces and byte order marks are white space', () => {
    expect(tokens('\ufeffa\u00a0b')).toEqual(['word a', 'word b']);
  });
  test('white space is what the database takes for it', () => {
    expect(tokens('a\u200bb\u2060c\u2028d')).toEqual(['word a', 'word b', 'word c\u2028d']);
  });
  test('names in double quotes and backticks, with the quote doubled', () => {
    expect(tokens('"a""b" `c d` U&"\\0041"')).toEqual([
      'quotedName "a""b"',
      'quotedName `c d`',
      'quotedName U&"\\0041"',
    ]);
  });
});

describe('strings', () => {
  test("a backslash ends nothing in '…' and protects in E'…'", () => {
    expect(tokens("'a\\' x")).toEqual(["string 'a\\'", 'word x']);
    expect(tokens("E'a\\' x' y")).toEqual(["string E'a\\' x'", 'word y']);
  });
  test('a doubled quote stays inside', () => {
    expect(tokens("'it''s;' z")).toEqual(["string 'it''s;'", 'word z']);
  });
  test('dollar quotes with and without a tag', () => {
    expect(tokens('$$a;b$$ $t$ $$ $t$')).toEqual(['string $$a;b$$', 'string $t$ $$ $t$']);
  });
  test('prefixes b, x, n, r and U& belong to the string', () => {
    expect(tokens("b'1' X'ff' n'a' r'\\d' U&'\\0041'")).toEqual([
      "string b'1'",
      "string X'ff'",
      "string n'a'",
      "string r'\\d'",
      "string U&'\\0041'",
    ]);
  });
  test('triple quotes and escaped double quotes are strings in value mode alone', () => {
    expect(tokens('"""a"b""" "c\\"d"', 'value')).toEqual(['string """a"b"""', 'quotedName "c\\"d"']);
    expect(tokens("'''it's'''", 'value')).toEqual(["string '''it's'''"]);
    expect(tokens("'''a''' b")).toEqual(["string '''a'''", 'word b']);
  });
});

describe('comments', () => {
  test('block comments nest', () => {
    expect(tokens('a /* x /* y */ z */ b')).toEqual(['word a', 'word b']);
  });
  test('-- runs to the end of the line, also at the end of the text', () => {
    expect(tokens("a -- it's\nb --")).toEqual(['word a', 'word b']);
  });
  test('# is an operator inside a line of SQL and a comment at its start', () => {
    expect(tokens('a # b')).toEqual(['word a', 'symbol #', 'word b']);
    expect(tokens("a\n  # it's\nb")).toEqual(['word a', 'word b']);
    expect(tokens('ORDER BY\n #1')).toEqual(['word ORDER', 'word BY', 'symbol #', 'number 1']);
  });
  test('# is a comment everywhere in our statements, and its place is told', () => {
    const comments: Span[] = [];
    expect(scanToken("# it's\nb", 0, 'model', comments)).toEqual({ kind: TokenKind.word, start: 7, end: 8 });
    expect(comments).toEqual([{ start: 0, end: 6 }]);
  });
});

describe('numbers, parameters, symbols', () => {
  test('numbers of every form', () => {
    expect(tokens('1 1.5 .5 1e-3 1_000 0xFF 2.')).toEqual(
      ['1', '1.5', '.5', '1e-3', '1_000', '0xFF', '2.'].map((text) => `number ${text}`),
    );
  });
  test('parameters are no dollar quotes', () => {
    expect(tokens('$1+$23')).toEqual(['parameter $1', 'symbol +', 'parameter $23']);
  });
  test('an arrow is one symbol', () => {
    expect(tokens('a=>1,b=2')).toEqual([
      'word a',
      'symbol =>',
      'number 1',
      'symbol ,',
      'word b',
      'symbol =',
      'number 2',
    ]);
  });
});

describe('what is not closed is an error at its start', () => {
  test.each([
    ["select 'abc", 'unterminated quoted string at or near "\'abc"', 7],
    ['select "abc', 'unterminated quoted identifier at or near ""abc"', 7],
    ['select `abc', 'unterminated quoted identifier at or near "`abc"', 7],
    ['select $x$abc', 'unterminated dollar-quoted string at or near "$x$abc"', 7],
    ['select /* a /* b */', 'unterminated /* comment at or near "/* a /* b */"', 7],
    ["select E'a\\'", 'unterminated quoted string at or near "E\'a\\\'"', 7],
  ])('%s', (text, message, position) => {
    expect(positionOf(text)).toEqual([message, position]);
  });
  test('triple quotes', () => {
    expect(positionOf('x """abc"', 'value')).toEqual([
      'unterminated triple-quoted string at or near """"abc""',
      2,
    ]);
  });
});
