/**
 * COPY TO STDOUT: rows as lines of text or CSV. Source: CopyAttributeOutText and CopyAttributeOutCSV in
 * copyto.c.
 */
import type { Batch, Column, CopyFormat, Schema, Value, Vector } from '../../core/index.ts';
import type { TextSettings } from '../type/text-settings.ts';
import { textFormatter } from '../type/value-text.ts';

const letters: Readonly<Record<string, string>> = {
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
};

/** A pattern of single characters. */
function characterClass(characters: string, flags = ''): RegExp {
  return new RegExp(`[${characters.replace(/[\\\]^-]/g, '\\$&')}]`, flags);
}

type Escape = (text: string) => string;

function textEscape(delimiter: string): Escape {
  const special = characterClass(`\\\b\f\n\r\t\v${delimiter}`);
  const everySpecial = new RegExp(special, 'g');
  return (text) =>
    special.test(text)
      ? text.replace(everySpecial, (character) => letters[character] ?? `\\${character}`)
      : text;
}

/** Quotes a value: always, or only where it could be misread. `isOnly`: the row has no other value. */
function csvEscape(format: CopyFormat, isForced: boolean, isOnly: boolean): Escape {
  const { delimiter, quote, escape, nullText } = format;
  const special = characterClass(`${delimiter}${quote}\n\r`);
  const escaped = characterClass(quote + escape, 'g');
  const isPlain = (text: string): boolean =>
    !isForced && text !== nullText && !special.test(text) && !(isOnly && text === '\\.');
  return (text) => (isPlain(text) ? text : quote + text.replace(escaped, (found) => escape + found) + quote);
}

function isForced(format: CopyFormat, column: Column): boolean {
  return format.forceQuote === 'all' || format.forceQuote.includes(column.name);
}

function escapeOf(format: CopyFormat, column: Column, isOnly: boolean): Escape {
  return format.format === 'csv'
    ? csvEscape(format, isForced(format, column), isOnly)
    : textEscape(format.delimiter);
}

/** The text of a column's rows, escaped; NULLs as the format has them. */
function columnTexts(
  vector: Vector,
  rowCount: number,
  format: (value: Value) => string,
  nullText: string,
): string[] {
  const { values, nulls } = vector;
  const texts: string[] = [];
  for (let row = 0; row < rowCount; row++) {
    texts.push(nulls?.[row] === 1 ? nullText : format(values[row] as Value));
  }
  return texts;
}

/**
 * Types whose text has nothing that text or CSV must escape, unless the delimiter, the quote or NULL is odd.
 */
const plainKinds = new Set(['int2', 'int4', 'int8', 'float4', 'float8', 'numeric', 'boolean', 'uuid']);
const usualMark = /^[^0-9a-zA-Z.+-]*$/;

function mayLeaveUnescaped(format: CopyFormat, column: Column): boolean {
  const marks = format.delimiter + (format.format === 'csv' ? format.quote + format.nullText : '');
  return plainKinds.has(column.type.kind) && usualMark.test(marks) && !isForced(format, column);
}

/**
 * The lines of a batch, each with its line end: the CopyData messages of COPY TO. `schema` names the columns,
 * which `format.forceQuote` refers to.
 */
export function formatCopyRows(
  batch: Batch,
  schema: Schema,
  format: CopyFormat,
  settings: TextSettings,
): string[] {
  const isOnly = schema.length === 1;
  const columns = schema.map((column, index) => {
    const write = textFormatter(column.type, settings);
    const escape = escapeOf(format, column, isOnly);
    const writeEscaped = mayLeaveUnescaped(format, column)
      ? write
      : (value: Value): string => escape(write(value));
    return columnTexts(batch.columns[index]!, batch.rowCount, writeEscaped, format.nullText);
  });
  const lines: string[] = [];
  for (let row = 0; row < batch.rowCount; row++) {
    let line = columns[0]?.[row] ?? '';
    for (let column = 1; column < columns.length; column++) line += format.delimiter + columns[column]![row]!;
    lines.push(`${line}\n`);
  }
  return lines;
}

/** The line of column names that HEADER asks for; undefined without HEADER. */
export function formatCopyHeader(schema: Schema, format: CopyFormat): string | undefined {
  if (!format.header) return undefined;
  const isOnly = schema.length === 1;
  const escape = format.format === 'csv' ? csvEscape(format, false, isOnly) : textEscape(format.delimiter);
  return `${schema.map((column) => escape(column.name)).join(format.delimiter)}\n`;
}
