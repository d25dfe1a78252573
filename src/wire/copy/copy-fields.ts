/**
 * The values of one record of COPY data. Source: CopyReadAttributesText and CopyReadAttributesCSV in
 * copyfromparse.c.
 */
import { type CopyFormat, engineError, SqlState } from '../../core/index.ts';
import { decodeUtf8 } from '../type/text-encoding.ts';

/** Splits a record; the error of a bad one says why and nothing of where. */
export type FieldSplitter = (line: string) => (string | null)[];

const escapes: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };
const escapePattern = /\\(?:([0-7]{1,3})|x([0-9a-fA-F]{1,2})|([\s\S])|$)/g;

/** The byte of an octal or hexadecimal escape. */
function byteOf(octal: string | undefined, hexadecimal: string | undefined): number | undefined {
  if (octal !== undefined) return Number.parseInt(octal, 8) & 0xff;
  return hexadecimal === undefined ? undefined : Number.parseInt(hexadecimal, 16);
}

/** A value of the text format without its escapes. Escaped bytes together may spell characters of UTF-8. */
function unescape(raw: string): string {
  const pieces: Buffer[] = [];
  let offset = 0;
  for (const match of raw.matchAll(escapePattern)) {
    if (match.index > offset) pieces.push(Buffer.from(raw.slice(offset, match.index), 'utf8'));
    const byte = byteOf(match[1], match[2]);
    if (match[3] === '.') throw engineError(SqlState.badCopyFileFormat, 'end-of-copy marker corrupt');
    if (byte !== undefined) pieces.push(Buffer.from([byte]));
    else if (match[3] !== undefined) pieces.push(Buffer.from(escapes[match[3]] ?? match[3], 'utf8'));
    offset = match.index + match[0].length;
  }
  pieces.push(Buffer.from(raw.slice(offset), 'utf8'));
  return decodeUtf8(Buffer.concat(pieces));
}

/** Cuts a line at the delimiters that no backslash escapes. */
function cutEscaped(line: string, delimiter: string): string[] {
  const raw: string[] = [];
  let start = 0;
  for (let offset = 0; offset < line.length; offset++) {
    const character = line[offset]!;
    if (character === '\\') offset++;
    else if (character === delimiter) {
      raw.push(line.slice(start, offset));
      start = offset + 1;
    }
  }
  raw.push(line.slice(start));
  return raw;
}

function textSplitter({ delimiter, nullText }: CopyFormat): FieldSplitter {
  return (line) => {
    const hasEscapes = line.includes('\\');
    const fields: (string | null)[] = hasEscapes ? cutEscaped(line, delimiter) : line.split(delimiter);
    for (let index = 0; index < fields.length; index++) {
      const raw = fields[index]!;
      if (raw === nullText) fields[index] = null;
      else if (hasEscapes && raw.includes('\\')) fields[index] = unescape(raw);
    }
    return fields;
  };
}

/** One value that starts at `start`: what it is, and where it ends. */
function quotedField(line: string, start: number, format: CopyFormat): { field: string | null; end: number } {
  const { delimiter, quote, escape, nullText } = format;
  let text = '';
  let isQuoted = false;
  let wasQuoted = false;
  let offset = start;
  for (; offset < line.length; offset++) {
    const character = line[offset]!;
    if (isQuoted && character === escape && (line[offset + 1] === quote || line[offset + 1] === escape)) {
      text += line[++offset]!;
    } else if (character === quote) {
      isQuoted = !isQuoted;
      wasQuoted = true;
    } else if (character === delimiter && !isQuoted) break;
    else text += character;
  }
  if (isQuoted) throw engineError(SqlState.badCopyFileFormat, 'unterminated CSV quoted field');
  return { field: !wasQuoted && text === nullText ? null : text, end: offset };
}

function csvSplitter(format: CopyFormat): FieldSplitter {
  const { delimiter, nullText, quote } = format;
  return (line) => {
    const fields: (string | null)[] = [];
    if (!line.includes(quote)) {
      for (const raw of line.split(delimiter)) fields.push(raw === nullText ? null : raw);
      return fields;
    }
    for (let start = 0; start <= line.length;) {
      const { field, end } = quotedField(line, start, format);
      fields.push(field);
      start = end + 1;
    }
    return fields;
  };
}

/** How records of a format are split into values. */
export function fieldSplitter(format: CopyFormat): FieldSplitter {
  return format.format === 'csv' ? csvSplitter(format) : textSplitter(format);
}
