/** The embedded database as the rest of the engine sees it; nothing above this room names DuckDB. */
import type { Batch, Parameter, RowsResult, Schema, SqlType, Value, Vector } from '../core/index.ts';

export interface DatabaseOptions {
  /** File, or undefined for a database in memory. */
  readonly file: string | undefined;
  readonly threads?: number | undefined;
  /** Like `4GB`; undefined for the database's own default. */
  readonly memoryLimit?: string | undefined;
  /** Directories that SQL may read and write; none: no file at all. */
  readonly allowedPaths: readonly string[];
}

/** Rows of one scoring call, in DuckDB's own batches of at most 2,048 rows. NaN is a NULL number. */
export interface ScoreRequest {
  /** Version id of the model. */
  readonly versionId: string;
  readonly rowCount: number;
  /** One list of numbers, texts, number arrays and text arrays a row, each in the order the planner chose. */
  readonly numbers: Float64Array;
  readonly numberCount: number;
  /** As bytes where `utf8` is known. */
  readonly texts: Pick<Vector, 'values' | 'nulls' | 'utf8'>;
  readonly textCount: number;
  readonly numberLists: readonly (Float64Array | null)[];
  readonly numberListCount: number;
  readonly textLists: readonly (readonly (string | null)[] | null)[];
  readonly textListCount: number;
}

/**
 * Rows of one scoring call of a model whose inputs are all numbers: one array an input; NaN is a NULL number. The arrays
 * are empty as soon as the call returns.
 */
export interface NumberScoreRequest {
  readonly versionId: string;
  readonly rowCount: number;
  readonly columns: readonly Float64Array[];
}

/** Scores: `width` numbers a row. */
export interface ScoreResponse {
  readonly width: number;
  readonly scores: Float64Array;
}

/** A row of `augur.progress`. */
export interface ProgressRow {
  readonly processId: number;
  readonly model: string;
  readonly modelType: string;
  readonly phase: string;
  readonly iteration: number | undefined;
  readonly iterationCount: number | undefined;
  readonly loss: number | undefined;
  readonly startedAt: bigint;
  readonly elapsedMs: number;
  readonly remainingMs: number | undefined;
}

/**
 * What the database calls back for. `score` backs the SQL function
 *   __augur_score(version VARCHAR, numbers DOUBLE[], texts VARCHAR[], number_lists DOUBLE[][],
 *                 text_lists VARCHAR[][]) -> DOUBLE[]
 * which the planner writes into lowered ML calls; it must be synchronous. `scoreNumbers` backs
 *   __augur_score_numbers(version VARCHAR, number DOUBLE, …) -> DOUBLE[]
 * for models that take nothing but numbers. `progress` backs the view augur.progress.
 */
export interface DatabaseHooks {
  score(request: ScoreRequest): ScoreResponse;
  scoreNumbers(request: NumberScoreRequest): ScoreResponse;
  progress(): readonly ProgressRow[];
}

/** A statement that was prepared: its parameters and columns, where they can be told. */
export interface StatementDescription {
  readonly parameterTypes: readonly (SqlType | undefined)[];
  /** Undefined for statements that give no rows. Internal `Count` and `Success` columns are hidden. */
  readonly schema: Schema | undefined;
}

/** How a run statement ended: rows, or how many it changed. */
export type DatabaseResult = RowsResult | { readonly kind: 'changed'; readonly rowCount: number };

/** A connection of one session: statements run one at a time, each result read to its end before the next. */
export interface DatabaseConnection {
  /**
   * Fails with insufficient-privilege (42501) when a statement, as its user wrote it, reaches for what users
   * may not: files, network, settings, internal tables and functions. `describe` and `run` do not screen,
   * because lowered SQL names internal functions: whoever takes SQL from a client calls this first, on every
   * statement.
   */
  screen(sql: string): void;
  /**
   * Describes one statement. `parameterTypes`: what the client declared; `$n` is rewritten to a cast from
   * them.
   */
  describe(sql: string, parameterTypes?: readonly (SqlType | undefined)[]): Promise<StatementDescription>;
  /**
   * Runs one statement with parameters bound (never pasted). Rows are streamed. `tag` of rows is `SELECT n`.
   * `keeps`: the statement stays prepared for another run, until `forget`.
   */
  run(
    sql: string,
    parameters?: readonly Parameter[],
    parameterTypes?: readonly SqlType[],
    keeps?: boolean,
  ): Promise<DatabaseResult>;
  /**
   * Reads a query of ours of very many rows in order: the database works ahead of the reader, in more memory and on
   * more threads than `run` gives it.
   */
  scan(sql: string): AsyncGenerator<Batch>;
  /**
   * Reads very many rows of `SELECT columns FROM source`, a query of ours, on all threads: `take` gets batches of at
   * most 2,048 rows in any order, whose numbers and UTF-8 are gone when it returns, and ends the reading with what it
   * throws.
   */
  scanUnordered(columns: readonly string[], source: string, take: (batch: Batch) => void): Promise<void>;
  /** Lets go of the statements that were kept prepared: definitions have changed. */
  forget(): void;
  /** Runs and reads all rows: for our own small queries. Rows as plain values. */
  rows(
    sql: string,
    parameters?: readonly Parameter[],
    parameterTypes?: readonly SqlType[],
  ): Promise<readonly (readonly Value[])[]>;
  /**
   * Appends batches to a table (schema-qualified name parts), as COPY does; in the connection's transaction.
   */
  append(table: readonly string[], columns: readonly string[] | undefined): Promise<RowAppender>;
  /** Interrupts the running statement: it fails with 57014. */
  interrupt(): void;
  /** Rolls back, waits for a running statement, disconnects. Idempotent. */
  close(): Promise<void>;
}

/** Fast insertion. */
export interface RowAppender {
  readonly schema: Schema;
  append(batch: Batch): Promise<void>;
  /** Text fields as COPY gives them, cast to the columns' types. */
  appendText(rows: readonly (readonly (string | null)[])[]): Promise<void>;
  /** Whether any value of a column's type of ours is one of the column: `appendParsed` takes it as it is. */
  readonly isPlain: readonly boolean[];
  /** As `appendText`, in columns: texts, which are cast, or, where `isPlain`, values of the column's type. */
  appendParsed(batch: Batch): Promise<void>;
  finish(): Promise<number>;
  abort(): Promise<void>;
}

export interface Database {
  readonly name: string;
  connect(): Promise<DatabaseConnection>;
  close(): Promise<void>;
}
