/** Results as text, as psql prints them (without the blanks at the ends of lines). */
import { type QueryResult, type SqlType, type Value, isNumeric, valueAt } from './core/index.ts';
import { refuseCopy } from './augur.ts';
import { type TextSettings, textFormatter } from './wire/index.ts';

/** Where text goes: standard output, or a collection of parts. */
export interface TextTarget {
  write(text: string): unknown;
}

/** The lines of one cell; NULL is empty. */
type Cell = readonly string[];

function cellFormatter(type: SqlType, settings: TextSettings): (value: Value) => Cell {
  const format = textFormatter(type, settings);
  return (value) => (value === null ? [''] : format(value).split('\n'));
}

/** Characters as a terminal counts them, but for those of double width. */
function widthOf(text: string): number {
  return /^[\x20-\x7e]*$/.test(text) ? text.length : Array.from(text).length;
}

function centred(text: string, width: number): string {
  const free = width - widthOf(text);
  return ' '.repeat(Math.floor(free / 2)) + text + ' '.repeat(Math.ceil(free / 2));
}

/** One row, on as many lines as its tallest cell has; a `+` says that a cell goes on below. */
function rowText(cells: readonly Cell[], widths: readonly number[], isRight: readonly boolean[]): string {
  const height = Math.max(...cells.map((cell) => cell.length));
  let text = '';
  for (let line = 0; line < height; line++) {
    const parts = cells.map((cell, column) => {
      const content = cell[line] ?? '';
      const blanks = ' '.repeat(widths[column]! - widthOf(content));
      const goesOn = line + 1 < cell.length ? '+' : ' ';
      return ` ${isRight[column] ? blanks + content : content + blanks}${goesOn}`;
    });
    text += `${parts.join('|').trimEnd()}\n`;
  }
  return text;
}

async function readCells(
  result: QueryResult & { readonly kind: 'rows' },
  settings: TextSettings,
): Promise<Cell[][]> {
  const formatters = result.schema.map((column) => cellFormatter(column.type, settings));
  const rows: Cell[][] = [];
  for await (const batch of result.batches) {
    for (let row = 0; row < batch.rowCount; row++) {
      rows.push(batch.columns.map((vector, column) => formatters[column]!(valueAt(vector, row))));
    }
  }
  return rows;
}

/**
 * Reads a result to its end and writes it: a table with its row count, or the command tag. Throws 0A000 for COPY with
 * standard input or output.
 */
export async function printRows(
  result: QueryResult,
  target: TextTarget,
  settings: TextSettings,
): Promise<void> {
  if (result.kind === 'command') {
    if (result.tag !== '') target.write(`${result.tag}\n`);
    return;
  }
  if (result.kind !== 'rows') return refuseCopy(result);
  const { schema } = result;
  const rows = await readCells(result, settings);
  const isRight = schema.map((column) => isNumeric(column.type));
  const widths = schema.map((column) => widthOf(column.name));
  for (const cells of rows) {
    cells.forEach((cell, column) => {
      for (const line of cell) widths[column] = Math.max(widths[column]!, widthOf(line));
    });
  }
  const heading = schema.map((column, index) => ` ${centred(column.name, widths[index]!)} `);
  target.write(`${heading.join('|').trimEnd()}\n${widths.map((width) => '-'.repeat(width + 2)).join('+')}\n`);
  for (const cells of rows) target.write(rowText(cells, widths, isRight));
  target.write(`(${rows.length} row${rows.length === 1 ? '' : 's'})\n\n`);
}
