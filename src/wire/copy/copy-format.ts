/**
 * COPY TO STDOUT: rows as lines of text or CSV. Source: CopyAttributeOutText and CopyAttributeOutCSV in
 * copyto.c.
 */
import {
  type Batch,
  type Column,
  type CopyFormat,
  type Schema,
  sliceBatch,
  type Value,
  type Vector,
} from '../../core/index.ts';
import { BatchMemory, KERNEL_ROWS_MIN } from '../kernel/batch-memory.ts';
import { preparedTextPlan, textPlan } from '../kernel/column-plan.ts';
import { lineFormatBytes, putCopyRows } from '../kernel/line-format.ts';
import { writeCopyData } from '../message/backend.ts';
import type { MessageWriter } from '../message/writer.ts';
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
/** As above, and nothing that dates and times are made of. */
const usualTimeMark = /^[^0-9a-zA-Z.+: -]*$/;

function mayLeaveUnescaped(format: CopyFormat, column: Column): boolean {
  return plainKinds.has(column.type.kind) && usualMark.test(marksOf(format)) && !isForced(format, column);
}

/** Marks that could stand in a value and would have to be escaped there. */
function marksOf(format: CopyFormat): string {
  return format.delimiter + (format.format === 'csv' ? format.quote + format.nullText : '');
}

export interface CopyWriter {
  /** Writes rows `firstRow` up to, not including, `lastRow` of a batch as CopyData messages, a line each. */
  write(batch: Batch, firstRow: number, lastRow: number, target: MessageWriter): void;
}

/**
 * The writer of COPY TO. `schema` names the columns, which `format.forceQuote` refers to.
 */
export function createCopyWriter(schema: Schema, format: CopyFormat, settings: TextSettings): CopyWriter {
  const isUsual = usualTimeMark.test(marksOf(format));
  const forced = schema.map((column) => format.format === 'csv' && isForced(format, column));
  const plans = schema.map((column, index) =>
    isUsual && !forced[index]! ? textPlan(column.type, settings) : preparedTextPlan(column.type, settings),
  );
  const extra = lineFormatBytes(format, schema.length);
  let memory: BatchMemory | undefined;
  let seen: Batch | undefined;
  const writeMany = (batch: Batch, firstRow: number, lastRow: number, target: MessageWriter): number => {
    if (lastRow - firstRow < KERNEL_ROWS_MIN || schema.length === 0) return firstRow;
    if (seen !== batch) memory = BatchMemory.of(batch, plans, forced, extra);
    seen = batch;
    return memory?.write(firstRow, lastRow, putCopyRows(lastRow), target) ?? firstRow;
  };
  return {
    write: (batch, firstRow, lastRow, target) => {
      for (let row = firstRow; row < lastRow;) {
        const next = writeMany(batch, row, lastRow, target);
        row = next === row ? lastRow : Math.min(next + 1, lastRow);
        if (next === row) return;
        const lines = formatCopyRows(sliceBatch(batch, next, row), schema, format, settings);
        for (const line of lines) writeCopyData(target, line);
      }
    },
  };
}

/**
 * The lines of a batch, each with its line end. `schema` names the columns,
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
