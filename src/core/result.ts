/** What a statement gives back. A result must be read to its end, or closed, before its session runs anything else. */
import type { Batch, Value } from './batch.ts';
import type { Schema } from './schema.ts';

/** Rows. `tag` is the command tag without a count when `countInTag` is false, else the count is appended. */
export interface RowsResult {
  readonly kind: 'rows';
  readonly schema: Schema;
  readonly batches: AsyncIterable<Batch>;
  /** Command tag for a number of rows, e.g. `SELECT 5` or `INSERT 0 5` (RETURNING). */
  tag(rowCount: number): string;
}

/** No rows; the tag says it all, e.g. `CREATE MODEL`, `INSERT 0 3`, `BEGIN`. An empty tag: an empty statement. */
export interface CommandResult {
  readonly kind: 'command';
  readonly tag: string;
}

/** How COPY's rows are written as text. Defaults as PostgreSQL's for the format. */
export interface CopyFormat {
  readonly format: 'text' | 'csv';
  readonly delimiter: string;
  readonly nullText: string;
  readonly header: boolean;
  readonly quote: string;
  readonly escape: string;
  readonly forceQuote: 'all' | readonly string[];
}

/** COPY … FROM STDIN: the client's rows go to `write`, then `finish` (commits, gives the row count) or `abort`. */
export interface CopyInResult {
  readonly kind: 'copy-in';
  readonly schema: Schema;
  readonly format: CopyFormat;
  /** Rows in column order; a text value of any type is accepted and cast as PostgreSQL's input functions do. */
  write(rows: readonly (readonly (string | null)[])[]): Promise<void>;
  /** Whether values of a column may come to `writeBatch` as its type's own, without a check. */
  readonly isPlain: readonly boolean[];
  /** As `write`, in columns: each of its own type, or texts that are cast. */
  writeBatch(batch: Batch): Promise<void>;
  finish(): Promise<number>;
  abort(reason: string): Promise<void>;
}

/** COPY … TO STDOUT: the rows to write as text. */
export interface CopyOutResult {
  readonly kind: 'copy-out';
  readonly schema: Schema;
  readonly format: CopyFormat;
  readonly batches: AsyncIterable<Batch>;
}

export type QueryResult = RowsResult | CommandResult | CopyInResult | CopyOutResult;

/** A message beside the result: psql prints `severity: message`. */
export interface Notice {
  readonly severity: 'NOTICE' | 'WARNING' | 'INFO' | 'LOG' | 'DEBUG';
  readonly state: string;
  readonly message: string;
  readonly detail?: string | undefined;
  readonly hint?: string | undefined;
}

/** A parameter of a prepared statement, already of its declared type. */
export type Parameter = Value;
