/** Lines of COPY data read by the kernel into the columns of batches. */
import {
  BATCH_ROWS,
  type Batch,
  type CopyFormat,
  type Schema,
  type SqlType,
  TextVector,
  Types,
  type Vector,
  type VectorValues,
} from '../../core/index.ts';
import { arrays, kinds, TEXT_KIND, TIMESTAMP_UTC } from './column-plan.ts';
import { type WireKernel, wireKernel } from './wire-module.ts';

const COLUMN_WORDS = 8;
const FORMAT_BYTES = 24;
/** The kernel reads and writes a little past the end of what it was given. */
const SLACK_BYTES = 64;
/** Bytes that the columns of a batch take at most. */
const COLUMN_BYTES_MAX = 4 * 1024 * 1024;
/** Reasons to stop, as kernels/wire/copy-in.ts numbers them. */
const END = 0;
const OTHER_VALUE = 1;
const OTHER_LINE = 2;

/** What was read of some lines. */
export interface LinesRead {
  readonly batch: Batch | undefined;
  /** Bytes and lines that were read; the batch's. */
  readonly byteCount: number;
  readonly lineCount: number;
  /** The next line is not for the kernel. */
  readonly isOdd: boolean;
  /** Whether the next line can be read now. */
  readonly mayGoOn: boolean;
}

/** Marks that no number, no date and no escape is made of. */
const usualMark = /^[^0-9a-zA-Z.+: \\-]$/;

function isUsable(format: CopyFormat, columnCount: number): boolean {
  const marks = format.format === 'csv' ? [format.delimiter, format.quote] : [format.delimiter];
  const isNullUsual = format.nullText === '\\N' || !/[\\\r\n]/.test(format.nullText);
  return columnCount > 0 && isNullUsual && marks.every((mark) => usualMark.test(mark));
}

interface LineColumn {
  readonly name: string;
  readonly type: SqlType;
  /** TEXT_KIND for texts that the database is to read. */
  kind: number;
}

/** Where the arrays of a column are in the kernel's memory. */
interface ColumnPlace {
  readonly valuesAt: number;
  readonly nullsAt: number;
  readonly lengthsAt: number;
}

export class LineKernel {
  readonly isUsable: boolean;
  readonly #format: CopyFormat;
  readonly #columns: readonly LineColumn[];
  readonly #rowCountMax: number;

  constructor(format: CopyFormat, schema: Schema, isPlain: readonly boolean[]) {
    this.#format = format;
    this.isUsable = isUsable(format, schema.length);
    this.#columns = schema.map(({ name, type }, index) => {
      const kind = type.kind === 'timestamptz' ? TIMESTAMP_UTC : kinds[type.kind];
      return { name, type, kind: (isPlain[index] === true ? kind : undefined) ?? TEXT_KIND };
    });
    const rows = Math.floor(COLUMN_BYTES_MAX / (9 * Math.max(1, schema.length)));
    this.#rowCountMax = Math.max(32, Math.min(BATCH_ROWS, rows));
  }

  /** Reads lines, the last of which has its end, into one batch. */
  read(lines: Uint8Array): LinesRead {
    const kernel = wireKernel();
    kernel.reset();
    const formatAt = this.#putFormat(kernel);
    const places = this.#columns.map((column) => this.#reserve(kernel, column));
    const at = kernel.reserve(lines.length + SLACK_BYTES);
    const heapAt = kernel.reserve(lines.length + SLACK_BYTES);
    const columnsAt = this.#putColumns(kernel, places, heapAt);
    kernel.bytes.set(lines, at);
    const { exports } = kernel;
    const limit = at + lines.length;
    const { length } = this.#columns;
    const rowCount = exports.readLines(columnsAt, length, this.#rowCountMax, at, limit, formatAt, heapAt);
    const reason = exports.stopReason();
    const stopped = this.#columns[exports.stopColumn()]!;
    const batch = rowCount === 0 ? undefined : this.#batch(kernel, rowCount, places, columnsAt, heapAt);
    if (reason === OTHER_VALUE) stopped.kind = TEXT_KIND;
    return {
      batch,
      byteCount: exports.readTo() - at,
      lineCount: exports.readLineCount(),
      isOdd: reason === OTHER_LINE,
      mayGoOn: reason === END || reason === OTHER_VALUE,
    };
  }

  #putFormat(kernel: WireKernel): number {
    const { format, delimiter, quote, escape, nullText } = this.#format;
    const nullBytes = Buffer.from(nullText, 'utf8');
    const nullAt = kernel.put(nullBytes);
    const isCsv = format === 'csv';
    const code = (mark: string): number => (mark === '' ? 0 : mark.charCodeAt(0));
    const fields = [isCsv ? 1 : 0, code(delimiter), code(quote), code(escape), nullAt, nullBytes.length];
    return kernel.put(Int32Array.from(fields.slice(0, FORMAT_BYTES / 4)));
  }

  #reserve(kernel: WireKernel, { kind }: LineColumn): ColumnPlace {
    const isText = kind === TEXT_KIND;
    const valuesAt = kernel.reserve(this.#rowCountMax * 8);
    const nullsAt = kernel.reserve(this.#rowCountMax);
    return { valuesAt, nullsAt, lengthsAt: isText ? kernel.reserve(this.#rowCountMax * 4) : 0 };
  }

  #putColumns(kernel: WireKernel, places: readonly ColumnPlace[], heapAt: number): number {
    const words = new Int32Array(places.length * COLUMN_WORDS);
    places.forEach(({ valuesAt, nullsAt, lengthsAt }, index) => {
      const { kind } = this.#columns[index]!;
      words.set([kind, valuesAt, nullsAt, lengthsAt, heapAt, 0], index * COLUMN_WORDS);
    });
    return kernel.put(words);
  }

  #batch(
    kernel: WireKernel,
    rowCount: number,
    places: readonly ColumnPlace[],
    columnsAt: number,
    heapAt: number,
  ): Batch {
    const { bytes } = kernel;
    const heap = Uint8Array.prototype.slice.call(bytes, heapAt, kernel.exports.heapUsedTo());
    const columns = this.#columns.map(({ type, kind }, index): Vector => {
      const { valuesAt, nullsAt, lengthsAt } = places[index]!;
      const hasNulls = bytes.readInt32LE(columnsAt + (index * COLUMN_WORDS + 5) * 4) === 1;
      const nulls = hasNulls
        ? Uint8Array.prototype.slice.call(bytes, nullsAt, nullsAt + rowCount)
        : undefined;
      if (kind !== TEXT_KIND) {
        return { type, values: copied(bytes, arrays[type.kind]!, valuesAt, rowCount) as VectorValues, nulls };
      }
      const starts = copied(bytes, Uint32Array, valuesAt, rowCount) as Uint32Array;
      const lengths = copied(bytes, Uint32Array, lengthsAt, rowCount) as Uint32Array;
      return new TextVector(Types.text, { heap, starts, lengths }, nulls);
    });
    const schema = this.#columns.map(({ name }, index) => ({ name, type: columns[index]!.type }));
    return { schema, rowCount, columns };
  }
}

/** A copy of numbers in the kernel's memory. */
function copied(
  bytes: Buffer,
  array: new (length: number) => ArrayBufferView,
  at: number,
  count: number,
): ArrayBufferView {
  const copy = new array(count);
  new Uint8Array(copy.buffer).set(bytes.subarray(at, at + copy.byteLength));
  return copy;
}
