/** Token kinds, and what kinds mean: the small vocabulary between the lexer and the parsers. */

/** Kinds of token. Comments and white space are none. */
export const TokenKind = {
  /** The end of the script; its span is empty. */
  end: 0,
  /** An unquoted identifier or keyword. */
  word: 1,
  /** A quoted identifier: "…" or `…`. In value mode "…" is a string literal of BigQuery as well. */
  quotedName: 2,
  /** Any string literal, with its prefix: '…', E'…', $tag$…$tag$, r'…', """…""". */
  string: 3,
  number: 4,
  /** `$1`. */
  parameter: 5,
  /** `=>`, or any other single character. */
  symbol: 6,
} as const;

export type TokenKindValue = (typeof TokenKind)[keyof typeof TokenKind];

/**
 * Which lexical rules hold. `sql`: PostgreSQL's; `#` begins a comment only at the start of a line (and not
 * before a digit, which is DuckDB's `#1`). `model`: inside our statements and calls; `#` begins a comment
 * everywhere, as in BigQuery. `value`: `model`, and strings follow BigQuery too: "…" with backslash escapes,
 * and triple quotes.
 */
export type LexerMode = 'sql' | 'model' | 'value';

/** One token: kind and the half-open range of its text. */
export interface Token {
  readonly kind: TokenKindValue;
  readonly start: number;
  readonly end: number;
}
