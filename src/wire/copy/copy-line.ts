/**
 * COPY data as lines: bytes in chunks with any borders become text, and text becomes records, each with the
 * number of the line it starts on. As in PostgreSQL, the first line's end (LF, CR or CR LF) is that of all
 * lines. Source: CopyReadLineText in copyfromparse.c.
 */
import {
  engineError,
  limitExceeded,
  MESSAGE_BYTES_MAX,
  SqlState,
  type CopyFormat,
} from '../../core/index.ts';
import { invalidByteSequence, zeroByte } from '../type/text-encoding.ts';

type LineEnd = '\n' | '\r' | '\r\n';

/** A record without its line end. */
export interface CopyLine {
  readonly text: string;
  /** Counted from 1; a record that spans lines has the number of its first. */
  readonly lineNumber: number;
}

/** Finds a character again and again, further on each time, without passing over the same text twice. */
class ForwardSearch {
  readonly #text: string;
  readonly #character: string;
  #found = -2;

  constructor(text: string, character: string) {
    this.#text = text;
    this.#character = character;
  }

  /** Whether the character stands at or after `from` and before `end`. */
  isBetween(from: number, end: number): boolean {
    if (this.#found !== -1 && this.#found < from) this.#found = this.#text.indexOf(this.#character, from);
    return this.#found !== -1 && this.#found < end;
  }
}

/** Cuts a stream of bytes into records. After `\.` on a line of its own, everything is left out. */
export class CopyLineReader {
  readonly #decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  readonly #isCsv: boolean;
  readonly #quote: string;
  readonly #escape: string;
  #pending = '';
  /** Bytes of a character that the last chunk began. */
  #carry: Buffer = Buffer.alloc(0);
  #lineEnd: LineEnd | undefined;
  #lineNumber: number;
  #isEnded = false;
  /** How far `#pending` was looked at already, and whether a quoted value is open there. */
  #scanned = 0;
  #isQuoted = false;

  /** `lineNumber`: of the first line here; lines before it ended with LF. */
  constructor(format: CopyFormat, lineNumber: number = 1) {
    this.#lineNumber = lineNumber;
    if (lineNumber > 1) this.#lineEnd = '\n';
    this.#isCsv = format.format === 'csv';
    this.#quote = format.quote;
    this.#escape = format.escape;
  }

  /** The records that are complete now. */
  push(bytes: Buffer): CopyLine[] {
    if (this.#isEnded) return [];
    this.#append(this.#decode(bytes, true));
    return this.#take(false);
  }

  /** The records that are left; the last needs no line end. */
  finish(): CopyLine[] {
    if (this.#isEnded) return [];
    this.#append(this.#decode(Buffer.alloc(0), false));
    const lines = this.#take(true);
    this.#isEnded = true;
    return lines;
  }

  #decode(bytes: Buffer, isStream: boolean): string {
    const start = this.#carry;
    this.#carry = unfinishedTail(start.length === 0 ? bytes : Buffer.concat([start, bytes]));
    try {
      return this.#decoder.decode(bytes, { stream: isStream });
    } catch (thrown) {
      if (thrown instanceof TypeError) throw invalidByteSequence(Buffer.concat([start, bytes]));
      throw thrown;
    }
  }

  #append(text: string): void {
    if (text.includes('\0')) throw zeroByte();
    this.#pending += text;
    if (this.#pending.length > MESSAGE_BYTES_MAX) {
      throw limitExceeded(`a row of COPY data has more than ${MESSAGE_BYTES_MAX} characters`);
    }
  }

  #take(isLast: boolean): CopyLine[] {
    const lines: CopyLine[] = [];
    let start = 0;
    let from = this.#scanned;
    const marks = new ForwardSearch(this.#pending, this.#isCsv ? this.#quote : '\\');
    const returns = new ForwardSearch(this.#pending, '\r');
    while (!this.#isEnded) {
      const end = this.#findEnd(from, isLast, marks, returns);
      if (end === -1) break;
      this.#addLine(lines, this.#pending.slice(start, end));
      start = end + this.#lineEnd!.length;
      from = start;
      this.#scanned = start;
    }
    this.#pending = this.#pending.slice(start);
    this.#scanned = Math.max(0, this.#scanned - start);
    if (isLast && !this.#isEnded && this.#pending !== '') this.#addLine(lines, this.#pending);
    return lines;
  }

  #addLine(lines: CopyLine[], text: string): void {
    if (text === '\\.') {
      this.#isEnded = true;
      return;
    }
    lines.push({ text, lineNumber: this.#lineNumber });
    this.#lineNumber += 1 + (this.#isCsv ? countLineEnds(text) : 0);
  }

  /** Where the next line end outside quotes and escapes is; -1 when it has not come yet. */
  #findEnd(from: number, isLast: boolean, marks: ForwardSearch, returns: ForwardSearch): number {
    if (this.#lineEnd !== '\n' || this.#isQuoted) return this.#scanEnd(from, isLast);
    const end = this.#pending.indexOf('\n', from);
    const isPlain = end !== -1 && !marks.isBetween(from, end) && !returns.isBetween(from, end);
    return isPlain ? end : this.#scanEnd(from, isLast);
  }

  /** As `#findEnd`, character by character. */
  #scanEnd(from: number, isLast: boolean): number {
    const text = this.#pending;
    let offset = from;
    for (; offset < text.length; offset++) {
      const character = text[offset]!;
      const isHeldBack = offset + 1 === text.length && !isLast;
      if (this.#isCsv && (character === this.#quote || (this.#isQuoted && character === this.#escape))) {
        if (isHeldBack) break;
        offset += this.#passQuote(character, text[offset + 1]);
      } else if (!this.#isCsv && character === '\\') {
        if (isHeldBack) break;
        offset++;
      } else if ((character === '\n' || character === '\r') && !this.#isQuoted) {
        if (isHeldBack && character === '\r') break;
        if (this.#isLineEnd(character, text[offset + 1])) return offset;
      }
    }
    this.#scanned = offset;
    return -1;
  }

  /** Opens or closes a quoted value; gives how many more characters were taken by an escape. */
  #passQuote(character: string, next: string | undefined): number {
    if (this.#isQuoted && character === this.#escape && (next === this.#quote || next === this.#escape))
      return 1;
    if (character === this.#quote) this.#isQuoted = !this.#isQuoted;
    return 0;
  }

  /** Whether this is the line end of this data; the other kind is an error, as PostgreSQL has it. */
  #isLineEnd(character: '\n' | '\r', next: string | undefined): boolean {
    this.#lineEnd ??= character === '\n' ? '\n' : next === '\n' ? '\r\n' : '\r';
    if (this.#lineEnd === '\r\n' ? character === '\r' && next === '\n' : character === this.#lineEnd)
      return true;
    const name = character === '\n' ? 'newline' : 'carriage return';
    const written = character === '\n' ? '\\n' : '\\r';
    throw engineError(
      SqlState.badCopyFileFormat,
      this.#isCsv ? `unquoted ${name} found in data` : `literal ${name} found in data`,
      {
        detail: `COPY, line ${this.#lineNumber}`,
        hint: this.#isCsv
          ? `Use quoted CSV field to represent ${name}.`
          : `Use "${written}" to represent ${name}.`,
      },
    );
  }
}

function countLineEnds(text: string): number {
  if (!text.includes('\n') && !text.includes('\r')) return 0;
  return text.match(/\r\n|\n|\r/g)!.length;
}

/** The bytes at the end that start a character and do not finish it: three at most. */
function unfinishedTail(bytes: Buffer): Buffer {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back]!;
    if (byte < 0x80) break;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 0;
    if (length !== 0)
      return length > back ? Buffer.from(bytes.subarray(bytes.length - back)) : Buffer.alloc(0);
  }
  return Buffer.alloc(0);
}
