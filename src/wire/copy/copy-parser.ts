/** COPY FROM STDIN: the client's bytes, in chunks with any borders, as rows of text values. */
import { type CopyFormat, engineError, EngineError, SqlState } from '../../core/index.ts';
import { fieldSplitter } from './copy-fields.ts';
import { type CopyLine, CopyLineReader } from './copy-line.ts';

export type CopyRow = (string | null)[];

export interface CopyParser {
  /** The rows that these bytes complete. Throws EngineError (22P04, 22021) for the first bad one. */
  push(bytes: Buffer): CopyRow[];
  /** The rest, after the last byte. */
  finish(): CopyRow[];
}

/** Characters of a bad line that its error shows, as in PostgreSQL. */
const SHOWN_CHARACTERS_MAX = 100;

/** The error with the line it is about, which PostgreSQL gives as context. */
function locate(error: EngineError, line: CopyLine): EngineError {
  const isLong = line.text.length > SHOWN_CHARACTERS_MAX;
  const shown = isLong ? `${line.text.slice(0, SHOWN_CHARACTERS_MAX)}...` : line.text;
  const detail = `COPY, line ${line.lineNumber}: "${shown}"`;
  return engineError(error.state, error.message, { detail, hint: error.hint, cause: error.cause });
}

/**
 * A parser of rows of `columnCount` values. `columnNames` are for messages; without them a column has its
 * number. With `format.header` the first line is left out. `lineNumber`: that of the first line here, when others were
 * read already.
 */
export function createCopyParser(
  format: CopyFormat,
  columnCount: number,
  columnNames: readonly string[] = [],
  lineNumber: number = 1,
): CopyParser {
  const reader = new CopyLineReader(format, lineNumber);
  const split = fieldSplitter(format);
  let mustSkip = format.header && lineNumber === 1;
  const rowOf = (line: CopyLine): CopyRow => {
    const row = columnCount === 0 && line.text === '' ? [] : split(line.text);
    if (row.length === columnCount) return row;
    if (row.length > columnCount) throw badFormat('extra data after last expected column');
    throw badFormat(`missing data for column "${columnNames[row.length] ?? row.length + 1}"`);
  };
  const rowsOf = (lines: readonly CopyLine[]): CopyRow[] => {
    const rows: CopyRow[] = [];
    for (const line of lines) {
      if (mustSkip) mustSkip = false;
      else rows.push(located(line, rowOf));
    }
    return rows;
  };
  return { push: (bytes) => rowsOf(reader.push(bytes)), finish: () => rowsOf(reader.finish()) };
}

function badFormat(message: string): EngineError {
  return engineError(SqlState.badCopyFileFormat, message);
}

function located(line: CopyLine, rowOf: (line: CopyLine) => CopyRow): CopyRow {
  try {
    return rowOf(line);
  } catch (thrown) {
    throw thrown instanceof EngineError ? locate(thrown, line) : thrown;
  }
}
