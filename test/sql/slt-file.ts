/**
 * The sqllogictest dialect that DuckDB and DataFusion share, as far as it is used here.
 *
 *   # comment                                  a header of comments names and describes the file
 *   statement ok                               the statement below succeeds
 *   statement error 42703 position 17          it fails with the state; and, if given, at the 1-based character
 *   query [rowsort]                            it gives the rows below `----`, fields separated by tabs
 *   notice WARNING                             the statement below also sends such a notice with the text after `----`
 *   restart                                    the engine is closed and opened again on the same file
 *   session NAME                               what follows runs in the named session
 *   kill                                       the session that is named next is closed in the middle of its transaction
 *
 * Records are separated by blank lines. NULL is written NULL, an empty text (empty).
 */

export type Record =
  | {
      readonly kind: 'statement';
      readonly line: number;
      readonly sql: string;
      readonly expected: Expectation;
    }
  | {
      readonly kind: 'query';
      readonly line: number;
      readonly sql: string;
      readonly isRowSort: boolean;
      readonly rows: readonly string[];
    }
  | { readonly kind: 'restart'; readonly line: number }
  | { readonly kind: 'session'; readonly line: number; readonly name: string };

export type Expectation =
  | { readonly kind: 'ok' }
  | {
      readonly kind: 'error';
      readonly state: string;
      readonly position: number | undefined;
      readonly message: readonly string[];
    }
  | { readonly kind: 'notice'; readonly severity: string; readonly message: readonly string[] };

/** A block of lines between blank ones, with the number of its first line. */
interface Block {
  readonly line: number;
  readonly lines: readonly string[];
}

function blocksOf(text: string): readonly Block[] {
  const blocks: Block[] = [];
  let current: string[] = [];
  let start = 0;
  [...text.split('\n'), ''].forEach((line, index) => {
    if (line.trim() === '') {
      if (current.length > 0) blocks.push({ line: start, lines: current });
      current = [];
      return;
    }
    if (current.length === 0) start = index + 1;
    if (current.length > 0 || !line.startsWith('#')) current.push(line);
  });
  return blocks;
}

function recordOf({ line, lines }: Block): Record {
  const [head, ...rest] = lines;
  const words = head!.trim().split(/\s+/);
  const divider = rest.indexOf('----');
  const sql = (divider < 0 ? rest : rest.slice(0, divider)).join('\n');
  const below = divider < 0 ? [] : rest.slice(divider + 1);
  if (words[0] === 'restart') return { kind: 'restart', line };
  if (words[0] === 'session') return { kind: 'session', line, name: words[1]! };
  if (words[0] === 'query')
    return { kind: 'query', line, sql, isRowSort: words.includes('rowsort'), rows: below };
  if (words[0] === 'notice')
    return {
      kind: 'statement',
      line,
      sql,
      expected: { kind: 'notice', severity: words[1]!, message: below },
    };
  if (words[0] !== 'statement') throw new Error(`line ${line}: unknown record ${head}`);
  if (words[1] === 'ok') return { kind: 'statement', line, sql, expected: { kind: 'ok' } };
  const position = words[3] === 'position' ? Number(words[4]) : undefined;
  return {
    kind: 'statement',
    line,
    sql,
    expected: { kind: 'error', state: words[2]!, position, message: below },
  };
}

/** The records of a file, in order. */
export function parseSlt(text: string): readonly Record[] {
  return blocksOf(text).map(recordOf);
}
