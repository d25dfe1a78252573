/** How COPY's lines are written, as kernels/wire/copy-out.ts reads it. */
import type { CopyFormat } from '../../core/index.ts';
import type { Place } from './batch-memory.ts';
import type { WireKernel } from './wire-module.ts';

const FORMAT_BYTES = 32;
const MARKS_BYTES = 256;
const MUST_QUOTE = 1;
const MUST_ESCAPE = 2;

const letters: Readonly<Record<string, string>> = {
  '\b': 'b',
  '\f': 'f',
  '\n': 'n',
  '\r': 'r',
  '\t': 't',
  '\v': 'v',
};

/** Per byte value the letter that follows a backslash, or 0. */
function textMarks(format: CopyFormat): Uint8Array {
  const marks = new Uint8Array(MARKS_BYTES);
  for (const character of `\\\b\f\n\r\t\v${format.delimiter}`) {
    marks[character.charCodeAt(0)] = (letters[character] ?? character).charCodeAt(0);
  }
  return marks;
}

function csvMarks({ delimiter, quote, escape }: CopyFormat): Uint8Array {
  const marks = new Uint8Array(MARKS_BYTES);
  for (const character of `${delimiter}${quote}\n\r`) marks[character.charCodeAt(0)]! |= MUST_QUOTE;
  for (const character of quote + escape) marks[character.charCodeAt(0)]! |= MUST_ESCAPE;
  return marks;
}

/** The fields of the kernel's LineFormat, with what they point to behind them; addresses are made by `putCopyRows`. */
export function lineFormatBytes(format: CopyFormat, columnCount: number): Uint8Array {
  const isCsv = format.format === 'csv';
  const nullText = Buffer.from(format.nullText, 'utf8');
  const bytes = Buffer.alloc(FORMAT_BYTES + MARKS_BYTES + nullText.length);
  const code = (character: string): number => (character === '' ? 0 : character.charCodeAt(0));
  const fields = [0, isCsv ? 1 : 0, code(format.delimiter), code(format.quote), code(format.escape), 0];
  fields.push(nullText.length, columnCount === 1 ? 1 : 0);
  fields.forEach((field, index) => bytes.writeInt32LE(field, index * 4));
  bytes.set(isCsv ? csvMarks(format) : textMarks(format), FORMAT_BYTES);
  bytes.set(nullText, FORMAT_BYTES + MARKS_BYTES);
  return bytes;
}

/** The kernel's function for lines, up to a row. */
export const putCopyRows =
  (lastRow: number) =>
  (kernel: WireKernel, { columnsAt, columnCount, extraAt, outputAt, limit }: Place, row: number): number => {
    kernel.bytes.writeInt32LE(extraAt + FORMAT_BYTES, extraAt);
    kernel.bytes.writeInt32LE(extraAt + FORMAT_BYTES + MARKS_BYTES, extraAt + 20);
    return kernel.exports.putCopyRows(columnsAt, columnCount, row, lastRow, extraAt, outputAt, limit);
  };
