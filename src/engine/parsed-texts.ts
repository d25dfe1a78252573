/** Scripts that were parsed lately, so that the same text that comes again is not parsed, or planned, again. */
import { parse, type Statement } from '../parser/index.ts';

/** Scripts kept, and characters of a script that is kept. */
const TEXT_COUNT_MAX = 64;
const TEXT_LENGTH_MAX = 16_384;

export class ParsedTexts {
  readonly #texts = new Map<string, readonly Statement[]>();

  /** The statements of a script; the same objects as long as the text is remembered. Throws as `parse` does. */
  parse(text: string): readonly Statement[] {
    const known = this.#texts.get(text);
    const statements = known ?? parse(text);
    if (text.length > TEXT_LENGTH_MAX) return statements;
    if (known !== undefined) this.#texts.delete(text);
    this.#texts.set(text, statements);
    if (this.#texts.size > TEXT_COUNT_MAX) this.#texts.delete(this.#texts.keys().next().value!);
    return statements;
  }
}
