/**
 * SQL's lexical rules: one token at a time, from an offset, in linear time. Sources: PostgreSQL's "Lexical
 * Structure" (nested comments, dollar quotes, E'' strings) and GoogleSQL's for what differs inside our own
 * statements.
 */
import type { Span } from '../core/index.ts';
import { syntaxError, whiteSpace } from '../core/index.ts';
import { type LexerMode, type Token, TokenKind, type TokenKindValue } from './token.ts';

// Beyond ASCII everything but white space may stand in a word, as in PostgreSQL.
const beyondAscii = `[^\\0-\\x7f${whiteSpace}]`;
const wordPattern = new RegExp(`(?:[A-Za-z_]|${beyondAscii})(?:[A-Za-z0-9_$]|${beyondAscii})*`, 'y');
const radixNumber = /0[xX][0-9a-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+/.source;
const decimalNumber = /(?:[0-9][0-9_]*(?:\.(?!\.)[0-9_]*)?|\.[0-9][0-9_]*)(?:[eE][+-]?[0-9]+)?/.source;
const numberPattern = new RegExp(`${radixNumber}|${decimalNumber}`, 'y');
const dollarTagPattern = new RegExp(
  `\\$(?:(?:[A-Za-z_]|${beyondAscii})(?:[A-Za-z0-9_]|${beyondAscii})*)?\\$`,
  'y',
);
const parameterPattern = /\$[0-9]+/y;
const commentEdgePattern = /\/\*|\*\//g;
const spacePattern = new RegExp(`[${whiteSpace}]+`, 'y');

/** Prefixes of string literals, lower case. */
const stringPrefixes: ReadonlySet<string> = new Set(['e', 'b', 'x', 'n', 'r', 'br', 'rb']);

/** Length of the match of a sticky pattern at an offset; 0 if there is none. */
function matchLength(pattern: RegExp, text: string, offset: number): number {
  pattern.lastIndex = offset;
  return pattern.test(text) ? pattern.lastIndex - offset : 0;
}

/** Offset after a comment that begins with two dashes or a hash. */
function lineEnd(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  return end === -1 ? text.length : end;
}

/** Offset after a nested block comment that begins at `offset`. */
function blockCommentEnd(text: string, offset: number): number {
  let depth = 0;
  commentEdgePattern.lastIndex = offset;
  for (;;) {
    const edge = commentEdgePattern.exec(text);
    if (edge === null)
      throw syntaxError(`unterminated /* comment at or near "${shorten(text.slice(offset))}"`, offset);
    depth += edge[0] === '/*' ? 1 : -1;
    if (depth === 0) return commentEdgePattern.lastIndex;
  }
}

/** Whether only white space stands between the start of the line and the offset. */
function isAtLineStart(text: string, offset: number): boolean {
  for (let before = offset - 1; before >= 0; before--) {
    const character = text[before]!;
    if (character === '\n') return true;
    if (!/\s/.test(character)) return false;
  }
  return true;
}

function isHashComment(text: string, offset: number, mode: LexerMode): boolean {
  if (mode !== 'sql') return true;
  return !/[0-9]/.test(text[offset + 1] ?? '') && isAtLineStart(text, offset);
}

/**
 * Whether a space, or the start of a comment, may stand at the offset: the quick way out for most characters.
 */
function mayBeSpace(text: string, offset: number): boolean {
  const code = text.charCodeAt(offset);
  return code <= 32 || code >= 0x80 || code === 0x23 || code === 0x2d || code === 0x2f;
}

/** Offset of the next token; `#` comments passed on the way are added to `hashComments`. */
function skipSpace(text: string, from: number, mode: LexerMode, hashComments: Span[]): number {
  let offset = from;
  while (offset < text.length && mayBeSpace(text, offset)) {
    const before = offset;
    if (text[offset] === ' ') offset++;
    else if (text.startsWith('--', offset)) offset = lineEnd(text, offset);
    else if (text.startsWith('/*', offset)) offset = blockCommentEnd(text, offset);
    else if (text[offset] === '#' && isHashComment(text, offset, mode)) {
      const end = lineEnd(text, offset);
      hashComments.push({ start: offset, end });
      offset = end;
    } else offset += matchLength(spacePattern, text, offset);
    if (offset === before) break;
  }
  return offset;
}

/**
 * Offset after a closing quote, which is doubled to stand for itself; with `escapes` a backslash protects it
 * too.
 */
function quotedEnd(text: string, start: number, opening: number, escapes: boolean, what: string): number {
  const quote = text[opening]!;
  let offset = opening + 1;
  for (;;) {
    let end = text.indexOf(quote, offset);
    if (end === -1)
      throw syntaxError(`unterminated ${what} at or near "${shorten(text.slice(start))}"`, start);
    if (escapes) end = escapedEnd(text, offset, quote, start, what);
    if (text[end + 1] !== quote) return end + 1;
    offset = end + 2;
  }
}

/** Offset of the first quote that no backslash protects. */
function escapedEnd(text: string, from: number, quote: string, start: number, what: string): number {
  for (let offset = from; offset < text.length; offset++) {
    if (text[offset] === '\\') offset++;
    else if (text[offset] === quote) return offset;
  }
  throw syntaxError(`unterminated ${what} at or near "${shorten(text.slice(start))}"`, start);
}

/** Text for a message: a long one is cut. */
export function shorten(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

/** Offset after a triple-quoted string that opens at `opening`. */
function tripleQuotedEnd(text: string, start: number, opening: number, isRaw: boolean): number {
  const quotes = text.slice(opening, opening + 3);
  for (let offset = opening + 3; offset < text.length; offset++) {
    if (text[offset] === '\\' && !isRaw) offset++;
    else if (text.startsWith(quotes, offset)) return offset + 3;
  }
  throw syntaxError(`unterminated triple-quoted string at or near "${shorten(text.slice(start))}"`, start);
}

/** Offset after a string whose quote stands at `opening` and whose prefix begins at `start`. */
function stringEnd(text: string, start: number, opening: number, mode: LexerMode): number {
  const prefix = text.slice(start, opening).toLowerCase();
  const isRaw = prefix.includes('r');
  const isTriple = text.startsWith(text[opening]!.repeat(3), opening);
  if (mode === 'value' && isTriple && (isRaw || prefix === '' || prefix === 'b')) {
    return tripleQuotedEnd(text, start, opening, isRaw);
  }
  const isDouble = text[opening] === '"';
  return quotedEnd(text, start, opening, prefix === 'e' || (isDouble && !isRaw), 'quoted string');
}

function token(kind: TokenKindValue, start: number, end: number): Token {
  return { kind, start, end };
}

/** A word, or a string or name whose prefix the word is. */
function wordToken(text: string, start: number, mode: LexerMode): Token {
  const end = start + matchLength(wordPattern, text, start);
  if (end - start <= 2) {
    const prefix = text.slice(start, end).toLowerCase();
    const quote = text[end];
    const isString = quote === "'" || (quote === '"' && mode === 'value' && prefix !== 'e' && prefix !== 'n');
    if (isString && stringPrefixes.has(prefix)) {
      return token(TokenKind.string, start, stringEnd(text, start, end, mode));
    }
    if (prefix === 'u' && quote === '&' && (text[end + 1] === "'" || text[end + 1] === '"')) {
      const kind = text[end + 1] === "'" ? TokenKind.string : TokenKind.quotedName;
      return token(kind, start, quotedEnd(text, start, end + 1, false, 'quoted string'));
    }
  }
  return token(TokenKind.word, start, end);
}

/** A parameter, a dollar-quoted string, or a lone dollar sign. */
function dollarToken(text: string, start: number): Token {
  const parameterLength = matchLength(parameterPattern, text, start);
  if (parameterLength > 0) return token(TokenKind.parameter, start, start + parameterLength);
  const tagLength = matchLength(dollarTagPattern, text, start);
  if (tagLength === 0) return token(TokenKind.symbol, start, start + 1);
  const tag = text.slice(start, start + tagLength);
  const end = text.indexOf(tag, start + tagLength);
  if (end === -1)
    throw syntaxError(`unterminated dollar-quoted string at or near "${shorten(text.slice(start))}"`, start);
  return token(TokenKind.string, start, end + tagLength);
}

function doubleQuotedToken(text: string, start: number, mode: LexerMode): Token {
  if (mode !== 'value') {
    return token(TokenKind.quotedName, start, quotedEnd(text, start, start, false, 'quoted identifier'));
  }
  const kind = text.startsWith('"""', start) ? TokenKind.string : TokenKind.quotedName;
  return token(kind, start, stringEnd(text, start, start, mode));
}

/**
 * The first token at or after `from`; at the end of the text a token of kind `end`. Throws on an unterminated
 * one.
 */
export function scanToken(text: string, from: number, mode: LexerMode, hashComments: Span[]): Token {
  const start = skipSpace(text, from, mode, hashComments);
  const character = text[start];
  switch (character) {
    case undefined:
      return token(TokenKind.end, text.length, text.length);
    case "'":
      return token(TokenKind.string, start, stringEnd(text, start, start, mode));
    case '"':
      return doubleQuotedToken(text, start, mode);
    case '`':
      return token(TokenKind.quotedName, start, quotedEnd(text, start, start, false, 'quoted identifier'));
    case '$':
      return dollarToken(text, start);
    case '=':
      return token(TokenKind.symbol, start, start + (text[start + 1] === '>' ? 2 : 1));
    default:
      return openToken(text, start, mode);
  }
}

/** A token that no quote opens: a word, a number, a symbol. */
function openToken(text: string, start: number, mode: LexerMode): Token {
  const code = text.charCodeAt(start);
  const isDigit = code >= 0x30 && code <= 0x39;
  if (isDigit || code === 0x2e) {
    const length = matchLength(numberPattern, text, start);
    return length > 0
      ? token(TokenKind.number, start, start + length)
      : token(TokenKind.symbol, start, start + 1);
  }
  if (matchLength(wordPattern, text, start) > 0) return wordToken(text, start, mode);
  return token(TokenKind.symbol, start, start + 1);
}
