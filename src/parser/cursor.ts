/** A place in a script's tokens: peek, accept, expect. Every "syntax error at or near" is raised here. */
import {
  type EngineError,
  IDENTIFIER_LENGTH_MAX,
  NESTING_DEPTH_MAX,
  type Span,
  limitExceeded,
  syntaxError,
} from '../core/index.ts';
import type { Path } from './ast.ts';
import { isReserved } from './keyword.ts';
import { decodeName, isBacktick } from './string-value.ts';
import { type LexerMode, TokenKind, type TokenKindValue } from './token.ts';
import type { TokenTable } from './token-table.ts';
import { shorten } from './lexer.ts';

/**
 * Walks over the tokens of a table; `index` is the current token. `limit` makes a later token look like the
 * end.
 */
export class Cursor {
  readonly table: TokenTable;
  index: number;
  readonly #limit: number;
  #depth = 0;

  constructor(table: TokenTable, index = 0, limit: number = Number.MAX_SAFE_INTEGER) {
    this.table = table;
    this.index = index;
    this.#limit = limit;
  }

  kind(ahead = 0): TokenKindValue {
    const index = this.index + ahead;
    return index >= this.#limit ? TokenKind.end : this.table.kind(index);
  }

  /** Offset of the token's first character; at the end, where the text ends. */
  start(ahead = 0): number {
    return this.table.start(this.index + ahead);
  }

  /** The token as written; empty at the end. */
  text(ahead = 0): string {
    if (this.kind(ahead) === TokenKind.end) return '';
    return this.table.text.slice(this.start(ahead), this.table.end(this.index + ahead));
  }

  /** The word in upper case; empty for any other token. */
  word(ahead = 0): string {
    return this.kind(ahead) === TokenKind.word ? this.text(ahead).toUpperCase() : '';
  }

  isWord(word: string, ahead = 0): boolean {
    if (this.kind(ahead) !== TokenKind.word) return false;
    const index = this.index + ahead;
    return this.table.end(index) - this.table.start(index) === word.length && this.word(ahead) === word;
  }

  /** Whether the tokens from here on are these words, in order. */
  areWords(...words: readonly string[]): boolean {
    return words.every((word, ahead) => this.isWord(word, ahead));
  }

  isSymbol(symbol: string, ahead = 0): boolean {
    if (this.kind(ahead) !== TokenKind.symbol) return false;
    const index = this.index + ahead;
    const start = this.table.start(index);
    return this.table.end(index) - start === symbol.length && this.table.text.startsWith(symbol, start);
  }

  /** Whether nothing more of this statement follows. */
  isAtEnd(): boolean {
    return this.kind() === TokenKind.end || this.isSymbol(';');
  }

  acceptWord(word: string): boolean {
    return this.acceptWords(word);
  }

  /** Takes all of the words, or none. */
  acceptWords(...words: readonly string[]): boolean {
    if (!this.areWords(...words)) return false;
    this.index += words.length;
    return true;
  }

  acceptSymbol(symbol: string): boolean {
    if (!this.isSymbol(symbol)) return false;
    this.index++;
    return true;
  }

  expectWord(word: string, hint?: string): void {
    if (!this.acceptWord(word)) throw this.unexpected(hint ?? `Expected ${word}.`);
  }

  expectSymbol(symbol: string, hint?: string): void {
    if (!this.acceptSymbol(symbol)) throw this.unexpected(hint ?? `Expected "${symbol}".`);
  }

  expectEnd(hint?: string): void {
    if (!this.isAtEnd()) throw this.unexpected(hint);
  }

  /** The error about the current token, in PostgreSQL's words. */
  unexpected(hint?: string): EngineError {
    const text = this.text();
    const where = text === '' ? 'at end of input' : `at or near "${shorten(text)}"`;
    return syntaxError(`syntax error ${where}`, this.start(), hint);
  }

  /** Whether the token can be a name: quoted, or a word that is not reserved. */
  isName(ahead = 0): boolean {
    const kind = this.kind(ahead);
    return kind === TokenKind.quotedName || (kind === TokenKind.word && !isReserved(this.word(ahead)));
  }

  /** name := identifier. Unquoted names keep their case. `what` is for the hint: "a model name". */
  name(what: string): string {
    if (!this.isName()) throw this.unexpected(`Expected ${what}; a reserved word must be quoted.`);
    return this.#namePart();
  }

  /** path := name { "." name }, at most three; one pair of backticks may hold the whole dotted path. */
  path(what: string): Path {
    const from = this.index;
    if (!this.isName()) throw this.unexpected(`Expected ${what}; a reserved word must be quoted.`);
    const parts = [...this.#pathParts()];
    while (this.isSymbol('.')) {
      this.index++;
      const isPart = this.kind() === TokenKind.word || this.kind() === TokenKind.quotedName;
      if (!isPart) throw this.unexpected('Expected a name after the dot.');
      parts.push(...this.#pathParts());
    }
    const span = this.spanFrom(from);
    if (parts.length > 3) {
      const message = `improper qualified name (too many dotted names): ${shorten(parts.join('.'))}`;
      throw syntaxError(message, span.start, 'A name has at most three parts: catalog.schema.name.');
    }
    return { parts, span };
  }

  /** The path of a model: no part longer than IDENTIFIER_LENGTH_MAX. */
  modelPath(): Path {
    const path = this.path('a model name');
    for (const part of path.parts) {
      if (part.length <= IDENTIFIER_LENGTH_MAX) continue;
      throw limitExceeded(
        `a model's name has at most ${IDENTIFIER_LENGTH_MAX} characters: "${shorten(part)}"`,
      );
    }
    return path;
  }

  /** From a token's start to the end of the token before the current one. */
  spanFrom(index: number): Span {
    return { start: this.table.start(index), end: this.table.end(this.index - 1) };
  }

  /** The script's text between two tokens, the second excluded. */
  textBetween(from: number, to: number): string {
    return from >= to ? '' : this.table.text.slice(this.table.start(from), this.table.end(to - 1));
  }

  /** Lexical rules for the current token and those after it. */
  setMode(mode: LexerMode): void {
    this.table.setMode(mode, this.index);
  }

  /** One level of brackets deeper. Throws beyond NESTING_DEPTH_MAX. */
  enter(): void {
    if (++this.#depth > NESTING_DEPTH_MAX) {
      const message = `statement is nested more than ${NESTING_DEPTH_MAX} levels deep`;
      throw limitExceeded(message, 'Split the statement, for example with a temporary table or WITH.');
    }
  }

  leave(): void {
    this.#depth--;
  }

  /** Before a new statement: what a broken one left open does not count. */
  resetDepth(): void {
    this.#depth = 0;
  }

  #pathParts(): readonly string[] {
    return isBacktick(this.text()) ? this.#backtickParts() : [this.#namePart()];
  }

  #backtickParts(): readonly string[] {
    const start = this.start();
    const parts = this.#namePart().split('.');
    if (parts.includes(''))
      throw syntaxError(`syntax error in quoted name "${shorten(parts.join('.'))}"`, start);
    return parts;
  }

  #namePart(): string {
    const name = decodeName(this.text());
    if (name === '') throw syntaxError('zero-length delimited identifier', this.start());
    this.index++;
    return name;
  }
}
