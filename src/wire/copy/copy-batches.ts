/**
 * COPY FROM STDIN as batches. The kernel reads lines as long as they are plain; values that it does not know stay texts
 * for the database to read, and from the first line on that is not plain, or wrong, the parser in copy-parser.ts takes
 * over, which knows all and whose errors are PostgreSQL's.
 */
import { isUtf8 } from 'node:buffer';
import type { Batch, CopyFormat, Schema } from '../../core/index.ts';
import { LineKernel, type LinesRead } from '../kernel/line-kernel.ts';
import { type CopyParser, type CopyRow, createCopyParser } from './copy-parser.ts';

/** What was read: columns, or rows of texts. */
export type CopyPart =
  | { readonly kind: 'batch'; readonly batch: Batch }
  | { readonly kind: 'rows'; readonly rows: CopyRow[] };

/** Bytes that are gathered before lines are read from them, and that are given to the kernel at once. */
const GATHERED_BYTES = 256 * 1024;
/** COPY data with less in all is not worth the kernel. */
const KERNEL_BYTES_MIN = 16 * 1024;
/** A line that has no end after so many bytes is left to the parser. */
const LINE_BYTES_MAX = 4 * 1024 * 1024;
const NEWLINE = 0x0a;

export class CopyBatchReader {
  readonly #format: CopyFormat;
  readonly #columnNames: readonly string[];
  readonly #columnCount: number;
  readonly #kernel: LineKernel;
  #parser: CopyParser | undefined;
  #pending: Buffer[] = [];
  #pendingBytes = 0;
  /** Bytes to gather before the next attempt. */
  #wanted = GATHERED_BYTES;
  #lineNumber = 1;

  /** `isPlain`: columns whose values may come in their own type, instead of as texts. */
  constructor(format: CopyFormat, schema: Schema, isPlain: readonly boolean[]) {
    this.#format = format;
    this.#columnNames = schema.map((column) => column.name);
    this.#columnCount = schema.length;
    this.#kernel = new LineKernel(format, schema, isPlain);
    if (!this.#kernel.isUsable) this.#parser = this.#newParser();
  }

  /** What these bytes complete; not all of it need come at once. Throws EngineError (22P04, 22021) for a bad line. */
  *push(bytes: Buffer): Generator<CopyPart> {
    if (this.#parser !== undefined) return yield* this.#parsed(this.#parser.push(bytes));
    this.#pending.push(bytes);
    this.#pendingBytes += bytes.length;
    if (this.#pendingBytes >= this.#wanted) yield* this.#read();
  }

  /** The rest, after the last byte. */
  *finish(): Generator<CopyPart> {
    const isSmall = this.#lineNumber === 1 && this.#pendingBytes < KERNEL_BYTES_MIN;
    if (this.#parser === undefined && !isSmall) yield* this.#read();
    if (this.#parser === undefined) yield* this.#handOver(this.#gathered());
    yield* this.#parsed(this.#parser!.finish());
  }

  /** Reads the lines that are complete. */
  *#read(): Generator<CopyPart> {
    const bytes = this.#gathered();
    const end = bytes.lastIndexOf(NEWLINE) + 1;
    let at = 0;
    if (this.#lineNumber === 1 && this.#format.header && end > 0) {
      const header = plainHeaderLength(bytes, this.#format);
      if (header === 0) return yield* this.#handOver(bytes);
      at = header;
      this.#lineNumber++;
    }
    while (at < end) {
      const lines = bytes.subarray(at, Math.min(end, endOfSome(bytes, at)));
      if (lines.includes(0) || !isUtf8(lines)) return yield* this.#handOver(bytes.subarray(at));
      const read = this.#kernel.read(lines);
      this.#lineNumber += read.lineCount;
      at += read.byteCount;
      if (read.batch !== undefined) yield { kind: 'batch', batch: read.batch };
      if (read.isOdd) return yield* this.#handOver(bytes.subarray(at));
      if (isStuck(read)) break;
    }
    this.#keep(bytes.subarray(at));
    if (this.#pendingBytes > LINE_BYTES_MAX) yield* this.#handOver(this.#gathered());
  }

  /** Keeps bytes for later; when they hold no line, half as many again are wanted before another attempt. */
  #keep(rest: Buffer): void {
    this.#pending = [rest];
    this.#pendingBytes = rest.length;
    this.#wanted = Math.max(GATHERED_BYTES, rest.length * 2);
  }

  #gathered(): Buffer {
    const bytes = this.#pending.length === 1 ? this.#pending[0]! : Buffer.concat(this.#pending);
    this.#pending = [];
    this.#pendingBytes = 0;
    return bytes;
  }

  /** From here on everything is the parser's. */
  *#handOver(bytes: Buffer): Generator<CopyPart> {
    this.#parser = this.#newParser();
    yield* this.#parsed(this.#parser.push(bytes));
  }

  #newParser(): CopyParser {
    return createCopyParser(this.#format, this.#columnCount, this.#columnNames, this.#lineNumber);
  }

  *#parsed(rows: CopyRow[]): Generator<CopyPart> {
    if (rows.length > 0) yield { kind: 'rows', rows };
  }
}

/** Nothing was read, and nothing will be before more bytes have come. */
function isStuck(read: LinesRead): boolean {
  return read.byteCount === 0 && !read.mayGoOn;
}

/** Where the last line ends that the kernel takes with those from `at` on; one line at least. */
function endOfSome(bytes: Buffer, at: number): number {
  if (bytes.length - at <= 2 * GATHERED_BYTES) return bytes.length;
  const end = bytes.lastIndexOf(NEWLINE, at + GATHERED_BYTES) + 1;
  return end > at ? end : bytes.indexOf(NEWLINE, at) + 1;
}

/** Bytes of a first line that is nothing but text and LF; 0 when it is more, for the parser to judge. */
function plainHeaderLength(bytes: Buffer, { quote }: CopyFormat): number {
  const length = bytes.indexOf(NEWLINE) + 1;
  const line = bytes.toString('latin1', 0, length);
  const isPlain =
    !line.includes('\r') && !line.includes('\\') && !line.includes(quote) && !line.includes('\0');
  return isPlain && isUtf8(bytes.subarray(0, length)) ? length : 0;
}
