/**
 * SQL text as tokens, after the lexical rules that DuckDB shares with PostgreSQL: quotes, E'' strings, dollar
 * quotes, nested comments. Just enough to find parameters and names; DuckDB's own parser has the last word on
 * the rest.
 */

import { whiteSpace } from '../core/index.ts';

/** A token. `value`: the text, unquoted for names in quotes and strings; the number of a parameter. */
export interface SqlToken {
  readonly kind: 'word' | 'quoted' | 'string' | 'number' | 'parameter' | 'symbol';
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

const letter = `[^\\0-@[-^\`{-\\x7f${whiteSpace}]`;
const blank = new RegExp(`(?:[${whiteSpace}]+|--[^\\n]*)+`, 'y');
const word = new RegExp(`${letter}(?:${letter}|[0-9$])*`, 'y');
const number = /(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d+)?/y;
const parameter = /\$(\d+)/y;
const dollarTag = new RegExp(`\\$(?:${letter}(?:${letter}|[0-9])*)?\\$`, 'y');
const escape = /\\(?:x([0-9a-fA-F]{1,2})|([0-7]{1,3})|([\s\S]))/y;
const escapedLetters: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

/** Tokens of the text, comments and blanks left out. What is not closed reaches to the end. */
export function scanSql(text: string): SqlToken[] {
  const tokens: SqlToken[] = [];
  let offset = skipBlank(text, 0);
  while (offset < text.length) {
    const token = tokenAt(text, offset);
    tokens.push(token);
    offset = skipBlank(text, token.end);
  }
  return tokens;
}

function match(pattern: RegExp, text: string, offset: number): RegExpExecArray | null {
  pattern.lastIndex = offset;
  return pattern.exec(text);
}

function skipBlank(text: string, start: number): number {
  let offset = start;
  for (;;) {
    offset += match(blank, text, offset)?.[0].length ?? 0;
    if (!text.startsWith('/*', offset)) return offset;
    offset = commentEnd(text, offset);
  }
}

function commentEnd(text: string, start: number): number {
  let depth = 0;
  let offset = start;
  while (offset < text.length) {
    if (text.startsWith('/*', offset)) {
      depth++;
      offset += 2;
    } else if (text.startsWith('*/', offset)) {
      depth--;
      offset += 2;
      if (depth === 0) return offset;
    } else offset++;
  }
  return text.length;
}

function tokenAt(text: string, start: number): SqlToken {
  const first = text[start]!;
  if (first === "'") return quotedToken(text, start, start, "'", 'string', false);
  if (first === '"' || first === '`') return quotedToken(text, start, start, first, 'quoted', false);
  if ('eExXbB'.includes(first) && text[start + 1] === "'") {
    return quotedToken(text, start, start + 1, "'", 'string', first === 'e' || first === 'E');
  }
  if (first === '$') return dollarToken(text, start);
  const name = match(word, text, start);
  if (name) return { kind: 'word', value: name[0], start, end: start + name[0].length };
  const digits = match(number, text, start);
  if (digits) return { kind: 'number', value: digits[0], start, end: start + digits[0].length };
  return { kind: 'symbol', value: first, start, end: start + 1 };
}

function quotedToken(
  text: string,
  start: number,
  open: number,
  quote: string,
  kind: 'string' | 'quoted',
  hasEscapes: boolean,
): SqlToken {
  let value = '';
  let offset = open + 1;
  while (offset < text.length) {
    const character = text[offset]!;
    const escaped = hasEscapes && character === '\\' ? match(escape, text, offset) : null;
    if (escaped) {
      value += escapedValue(escaped);
      offset += escaped[0].length;
    } else if (character !== quote) {
      value += character;
      offset++;
    } else if (text[offset + 1] === quote) {
      value += quote;
      offset += 2;
    } else return { kind, value, start, end: offset + 1 };
  }
  return { kind, value, start, end: text.length };
}

/** What an escape of E'' stands for, as the database reads it. */
function escapedValue([, hexadecimal, octal, character = '']: RegExpExecArray): string {
  if (hexadecimal !== undefined) return String.fromCharCode(Number.parseInt(hexadecimal, 16));
  if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8) & 0xff);
  return escapedLetters[character] ?? character;
}

function dollarToken(text: string, start: number): SqlToken {
  const numbered = match(parameter, text, start);
  if (numbered) return { kind: 'parameter', value: numbered[1]!, start, end: start + numbered[0].length };
  const tag = match(dollarTag, text, start)?.[0];
  if (tag === undefined) return { kind: 'symbol', value: '$', start, end: start + 1 };
  const close = text.indexOf(tag, start + tag.length);
  const end = close < 0 ? text.length : close;
  return {
    kind: 'string',
    value: text.slice(start + tag.length, end),
    start,
    end: Math.min(text.length, end + tag.length),
  };
}
