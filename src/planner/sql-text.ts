/**
 * SQL text that remembers where its parts came from, so that an error at a place in the lowered text is shown at the
 * place in the client's own text that caused it.
 */

/** A stretch of generated text: copied from the source character by character, or standing for one source position. */
interface Piece {
  readonly start: number;
  readonly source: number | undefined;
  readonly isCopied: boolean;
}

export class SqlText {
  readonly text: string;
  readonly #pieces: readonly Piece[];

  constructor(text: string, pieces: readonly Piece[] = []) {
    this.text = text;
    this.#pieces = pieces;
  }

  get pieces(): readonly Piece[] {
    return this.#pieces;
  }

  /** Offset in the client's text that an offset in this text stands for. */
  sourcePosition(position: number): number | undefined {
    let found: Piece | undefined;
    for (const piece of this.#pieces) {
      if (piece.start > position) break;
      found = piece;
    }
    if (found?.source === undefined) return undefined;
    return found.isCopied ? found.source + (position - found.start) : found.source;
  }
}

/** Builds a SqlText from copied, generated and nested parts. */
export class SqlTextBuilder {
  #text = '';
  readonly #pieces: Piece[] = [];

  /** Text of the client, standing at `source` in the script. */
  copy(text: string, source: number): this {
    if (text.length > 0) this.#pieces.push({ start: this.#text.length, source, isCopied: true });
    this.#text += text;
    return this;
  }

  /** Text of ours; errors in it are shown at `source`, if given. */
  add(text: string, source?: number): this {
    this.#pieces.push({ start: this.#text.length, source, isCopied: false });
    this.#text += text;
    return this;
  }

  nest(part: SqlText): this {
    for (const piece of part.pieces) this.#pieces.push({ ...piece, start: piece.start + this.#text.length });
    this.#text += part.text;
    return this;
  }

  build(): SqlText {
    return new SqlText(this.#text, this.#pieces);
  }
}

/** Generated text alone. */
export function generated(text: string, source?: number): SqlText {
  return new SqlTextBuilder().add(text, source).build();
}
