/**
 * The tokens of a script, made as they are looked at and kept compactly: nine bytes each, for statements of
 * megabytes.
 */
import type { Span } from '../core/index.ts';
import { scanToken } from './lexer.ts';
import { type LexerMode, TokenKind, type TokenKindValue } from './token.ts';

/** A growing table of tokens over one text. Reading past the end gives the end token again. */
export class TokenTable {
  readonly text: string;
  /** `#` comments met so far, in order. */
  readonly hashComments: Span[] = [];
  #mode: LexerMode;
  #kinds = new Uint8Array(64);
  #starts = new Uint32Array(64);
  #ends = new Uint32Array(64);
  #count = 0;

  constructor(text: string, mode: LexerMode = 'sql') {
    this.text = text;
    this.#mode = mode;
  }

  get mode(): LexerMode {
    return this.#mode;
  }

  kind(index: number): TokenKindValue {
    const slot = this.#read(index);
    return this.#kinds[slot] as TokenKindValue;
  }

  start(index: number): number {
    const slot = this.#read(index);
    return this.#starts[slot]!;
  }

  end(index: number): number {
    const slot = this.#read(index);
    return this.#ends[slot]!;
  }

  /** The rules for tokens from `index` on; what was looked at beyond it is read anew. */
  setMode(mode: LexerMode, index: number): void {
    if (mode === this.#mode) return;
    this.#mode = mode;
    this.#count = Math.min(this.#count, index);
    const offset = this.#offset();
    while (this.hashComments.length > 0 && this.hashComments.at(-1)!.start >= offset) this.hashComments.pop();
  }

  /** The slot of a token, reading ahead as far as needed. The arrays may be other ones afterwards. */
  #read(index: number): number {
    while (this.#count <= index) {
      const last = this.#count - 1;
      if (last >= 0 && this.#kinds[last] === TokenKind.end) return last;
      this.#append();
    }
    return index;
  }

  #offset(): number {
    return this.#count === 0 ? 0 : this.#ends[this.#count - 1]!;
  }

  #append(): void {
    const token = scanToken(this.text, this.#offset(), this.#mode, this.hashComments);
    if (this.#count === this.#kinds.length) this.#grow();
    this.#kinds[this.#count] = token.kind;
    this.#starts[this.#count] = token.start;
    this.#ends[this.#count] = token.end;
    this.#count++;
  }

  #grow(): void {
    const kinds = new Uint8Array(this.#count * 2);
    const starts = new Uint32Array(this.#count * 2);
    const ends = new Uint32Array(this.#count * 2);
    kinds.set(this.#kinds);
    starts.set(this.#starts);
    ends.set(this.#ends);
    [this.#kinds, this.#starts, this.#ends] = [kinds, starts, ends];
  }
}
