/** A column of texts that stays UTF-8 until somebody asks for strings. */
import type { Utf8Texts, Value, Vector } from './batch.ts';
import type { SqlType } from './sql-type.ts';

/** Shorter texts are nearly always ASCII, for which a call into the decoder costs more than a loop. */
const LOOPED_LENGTH_MAX = 12;

export class TextVector implements Vector {
  readonly type: SqlType;
  readonly utf8: Utf8Texts;
  readonly nulls: Uint8Array | undefined;
  #values: readonly Value[] | undefined;

  constructor(type: SqlType, utf8: Utf8Texts, nulls: Uint8Array | undefined) {
    this.type = type;
    this.utf8 = utf8;
    this.nulls = nulls;
  }

  /** Strings, made when first asked for; NULL rows are null. */
  get values(): readonly Value[] {
    this.#values ??= decodeTexts(this.utf8, this.nulls);
    return this.#values;
  }

  /** Rows `first` to `last` (exclusive). */
  slice(first: number, last: number): TextVector {
    const { heap, starts, lengths } = this.utf8;
    const utf8 = { heap, starts: starts.subarray(first, last), lengths: lengths.subarray(first, last) };
    return new TextVector(this.type, utf8, this.nulls?.subarray(first, last));
  }
}

function decodeTexts({ heap, starts, lengths }: Utf8Texts, nulls: Uint8Array | undefined): (string | null)[] {
  const buffer = Buffer.from(heap.buffer, heap.byteOffset, heap.byteLength);
  const values = new Array<string | null>(starts.length);
  for (let row = 0; row < starts.length; row++) {
    const start = starts[row]!;
    const end = start + lengths[row]!;
    if (nulls?.[row] === 1) values[row] = null;
    else
      values[row] =
        end - start <= LOOPED_LENGTH_MAX
          ? shortText(buffer, start, end)
          : buffer.toString('utf8', start, end);
  }
  return values;
}

function shortText(buffer: Buffer, start: number, end: number): string {
  let text = '';
  for (let offset = start; offset < end; offset++) {
    const byte = buffer[offset]!;
    if (byte > 127) return buffer.toString('utf8', start, end);
    text += String.fromCharCode(byte);
  }
  return text;
}
