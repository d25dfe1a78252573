/** Tokens into values: what a quoted name or a string literal says once quotes and escapes are taken away. */
import type { LexerMode } from './token.ts';

const simpleEscapes: Readonly<Record<string, string>> = {
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  a: '\x07',
};

const escapePattern = /\\(?:x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{1,3})|([\s\S]))/g;
const unicodeEscapePattern = /\\(?:\\|\+([0-9a-fA-F]{6})|([0-9a-fA-F]{4}))/g;
const replacementCharacter = '\ufffd';

/** The character of a code point; the replacement character for a number that is none. */
function character(hexadecimal: string): string {
  const code = Number.parseInt(hexadecimal, 16);
  return code <= 0x10ffff ? String.fromCodePoint(code) : replacementCharacter;
}

/** Backslash escapes of E'…' and of BigQuery's "…". */
function unescape(text: string): string {
  return text.replace(
    escapePattern,
    (_, hex?: string, short?: string, long?: string, octal?: string, one?: string) => {
      const code = hex ?? short ?? long;
      if (code !== undefined) return character(code);
      if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
      return simpleEscapes[one!] ?? one!;
    },
  );
}

/** Escapes of U&'…': backslash and four hexadecimal digits, or plus and six. */
function unescapeUnicode(text: string): string {
  return text.replace(unicodeEscapePattern, (_, long?: string, short?: string) => {
    const code = long ?? short;
    return code === undefined ? '\\' : character(code);
  });
}

/** Whether the token is a name in backticks, which may hold a whole dotted path. */
export function isBacktick(tokenText: string): boolean {
  return tokenText.startsWith('`');
}

/** The name that a word or quoted-name token stands for. */
export function decodeName(tokenText: string): string {
  const first = tokenText[0];
  if (first === '"' || first === '`') return tokenText.slice(1, -1).replaceAll(first + first, first);
  if (/^u&"/i.test(tokenText)) return unescapeUnicode(tokenText.slice(3, -1).replaceAll('""', '"'));
  return tokenText;
}

/**
 * The text that a string token stands for; also for "…" where BigQuery reads a string. `mode`: as it was
 * lexed.
 */
export function decodeString(tokenText: string, mode: LexerMode): string {
  if (tokenText.startsWith('$')) return dollarQuoted(tokenText);
  const opening = tokenText.search(/['"]/);
  const prefix = tokenText.slice(0, opening).toLowerCase();
  const quote = tokenText[opening]!;
  const isTriple = mode === 'value' && isTripleQuoted(tokenText, opening, prefix);
  const width = isTriple ? 3 : 1;
  const body = tokenText.slice(opening + width, tokenText.length - width);
  if (prefix.includes('r')) return isTriple ? body : body.replaceAll(quote + quote, quote);
  if (isTriple) return unescape(body);
  const undoubled = body.replaceAll(quote + quote, quote);
  if (prefix === 'u&') return unescapeUnicode(undoubled);
  return prefix === 'e' || quote === '"' ? unescape(undoubled) : undoubled;
}

/** BigQuery's '''…''' and """…"""; PostgreSQL's prefixes know no such thing. */
function isTripleQuoted(tokenText: string, opening: number, prefix: string): boolean {
  if (!['', 'r', 'b', 'rb', 'br'].includes(prefix)) return false;
  return tokenText.startsWith(tokenText[opening]!.repeat(3), opening);
}

function dollarQuoted(tokenText: string): string {
  const tagLength = tokenText.indexOf('$', 1) + 1;
  return tokenText.slice(tagLength, tokenText.length - tagLength);
}
