/** A session's connection: statements are described, run, streamed and cancelled here. */
import duckdb from '@duckdb/node-bindings';
import {
  type Batch,
  type EngineError,
  type Parameter,
  type RowsResult,
  type Schema,
  type SqlType,
  type Value,
  Types,
  engineError,
  internalError,
  listOf,
  queryCanceled,
  SqlState,
  valueAt,
} from '../core/index.ts';
import type { DatabaseConnection, DatabaseResult, RowAppender, StatementDescription } from './contract.ts';
import { changedRows } from './changed-rows.ts';
import { withSink } from './batch-sink.ts';
import { openAppender } from './batch-writer.ts';
import { fromDuckdbError } from './duckdb-error.ts';
import { bindParameters, castTypeOf, rewriteParameters } from './parameter-binding.ts';
import {
  hasUnknownColumn,
  parameterTypesOf,
  type StatementShape,
  statementSchema,
  statementShape,
} from './statement-shape.ts';
import { KeptStatements } from './kept-statements.ts';
import { resultBufferSql, scanBufferSql } from './result-buffer.ts';
import { ResultStream } from './result-stream.ts';
import type { Running } from './running.ts';

/** Types tried, in order, for parameters whose type neither the client nor the statement tells. */
const guessedTypes: readonly SqlType[] = [
  Types.text,
  Types.int8,
  Types.float8,
  Types.timestamp,
  listOf(Types.text),
  listOf(Types.int8),
];

/** How often an interrupt is repeated until the statement has noticed it: what comes too early is lost. */
const INTERRUPT_REPEAT_MS = 5;

/** Implements the contract over one DuckDB connection. */
export class Connection implements DatabaseConnection {
  readonly #connection: duckdb.Connection;
  readonly #screen: (sql: string) => void;
  readonly #onClose: () => void;
  #running: Running | undefined;
  #stream: ResultStream | undefined;
  readonly #kept = new KeptStatements();
  #isInTransaction = false;
  #closing: Promise<void> | undefined;

  constructor(connection: duckdb.Connection, screen: (sql: string) => void, onClose: () => void) {
    this.#connection = connection;
    this.#screen = screen;
    this.#onClose = onClose;
  }

  screen(sql: string): void {
    this.#screen(sql);
  }

  async describe(
    sql: string,
    parameterTypes: readonly (SqlType | undefined)[] = [],
  ): Promise<StatementDescription> {
    return this.#perform(async () => {
      const { statement, parameterTypes: types } = await this.#prepareTyped(sql, parameterTypes);
      try {
        const schema = hasUnknownColumn(statement)
          ? await this.#describeWithNulls(sql, types)
          : statementSchema(statement, sql);
        return { parameterTypes: types, schema: schema ?? statementSchema(statement, sql) };
      } finally {
        duckdb.destroy_prepare_sync(statement);
      }
    });
  }

  /** Whether functions take the types: table functions look at their parameters only when there are values. */
  async #takesTypes(sql: string, types: readonly SqlType[]): Promise<boolean> {
    const { text } = rewriteParameters(sql, types, "'1'");
    try {
      duckdb.destroy_prepare_sync(await duckdb.prepare(this.#connection, text));
      return true;
    } catch (thrown) {
      return fromDuckdbError(thrown, text).state !== SqlState.undefinedFunction;
    }
  }

  /** Columns of a statement that has a parameter in a table function, told by NULLs; undefined if they do not help. */
  async #describeWithNulls(sql: string, types: readonly SqlType[]): Promise<Schema | undefined> {
    try {
      const statement = await duckdb.prepare(this.#connection, rewriteParameters(sql, types, 'NULL').text);
      try {
        return hasUnknownColumn(statement) ? undefined : statementSchema(statement, sql);
      } finally {
        duckdb.destroy_prepare_sync(statement);
      }
    } catch {
      return undefined;
    }
  }

  async run(
    sql: string,
    parameters: readonly Parameter[] = [],
    parameterTypes: readonly SqlType[] = [],
    keeps = false,
  ): Promise<DatabaseResult> {
    return this.#run(sql, parameters, parameterTypes, { keeps, readsAhead: false });
  }

  async #run(
    sql: string,
    parameters: readonly Parameter[],
    parameterTypes: readonly SqlType[],
    { keeps, readsAhead }: { readonly keeps: boolean; readonly readsAhead: boolean },
  ): Promise<DatabaseResult> {
    return this.#perform(async (running) => {
      const types = await this.#typesOf(sql, parameters, parameterTypes);
      const kept = keeps ? this.#kept.take(sql, types) : undefined;
      const statement = kept?.statement ?? (await this.#prepare(sql, types));
      let isKept = false;
      try {
        const shape = kept?.shape ?? statementShape(statement, sql);
        bindParameters(statement, parameters, types);
        const diagnose = (): Promise<EngineError> => this.#diagnose(sql, parameters, types);
        const result = await this.#execute(statement, sql, shape, running, diagnose, readsAhead);
        isKept = keeps;
        if (isKept) this.#kept.put({ sql, types, statement, shape });
        return result;
      } finally {
        if (!isKept) duckdb.destroy_prepare_sync(statement);
      }
    });
  }

  async *scan(sql: string): AsyncGenerator<Batch> {
    await this.#configure(scanBufferSql);
    try {
      const result = await this.#run(sql, [], [], { keeps: false, readsAhead: true });
      if (result.kind !== 'rows') throw internalError('a scan gives rows');
      yield* result.batches;
    } finally {
      // An aborted transaction takes no statement, and its session has no more use for the connection's settings.
      await this.#configure(resultBufferSql).catch(() => undefined);
    }
  }

  scanUnordered(columns: readonly string[], source: string, take: (batch: Batch) => void): Promise<void> {
    return withSink(columns, source, take, (sql) => this.#configure(sql));
  }

  #configure(sql: string): Promise<void> {
    return this.#perform(async () => void (await duckdb.query(this.#connection, sql)));
  }

  forget(): void {
    this.#kept.clear();
  }

  async rows(
    sql: string,
    parameters: readonly Parameter[] = [],
    parameterTypes: readonly SqlType[] = [],
  ): Promise<readonly (readonly Value[])[]> {
    const result = await this.run(sql, parameters, parameterTypes);
    const rows: Value[][] = [];
    if (result.kind === 'changed') return rows;
    for await (const batch of result.batches) {
      for (let row = 0; row < batch.rowCount; row++)
        rows.push(batch.columns.map((column) => valueAt(column, row)));
    }
    return rows;
  }

  async append(table: readonly string[], columns: readonly string[] | undefined): Promise<RowAppender> {
    const host = {
      connection: this,
      isInTransaction: () => this.#isInTransaction,
      perform: <T>(work: (connection: duckdb.Connection) => Promise<T>) =>
        this.#perform(() => work(this.#connection)),
    };
    return openAppender(host, table, columns);
  }

  interrupt(): void {
    const running = this.#running;
    if (running === undefined || running.isInterrupted) return;
    running.isInterrupted = true;
    const interrupt = (): void => {
      if (!running.isPending) clearInterval(timer);
      else duckdb.interrupt(this.#connection);
    };
    const timer = setInterval(interrupt, INTERRUPT_REPEAT_MS);
    interrupt();
  }

  close(): Promise<void> {
    this.#closing ??= this.#disconnect();
    return this.#closing;
  }

  async #disconnect(): Promise<void> {
    this.interrupt();
    await this.#running?.settled;
    try {
      await this.#endStream(this.#stream);
      if (this.#isInTransaction) await duckdb.query(this.#connection, 'rollback');
    } catch {
      // The transaction had ended by itself: there is nothing left to roll back.
    }
    this.#kept.clear();
    duckdb.disconnect_sync(this.#connection);
    this.#onClose();
  }

  /**
   * Runs one piece of work on the connection: the only way to it, so that interrupts and errors are seen to.
   */
  async #perform<T>(work: (running: Running) => Promise<T>): Promise<T> {
    if (this.#closing !== undefined)
      throw engineError(SqlState.connectionFailure, 'the connection is closed');
    const stream = this.#stream;
    if (stream === undefined && this.#running !== undefined) {
      throw internalError('a statement is running on this connection already');
    }
    let settle = (): void => {};
    const settled = new Promise<void>((resolve) => (settle = resolve));
    const running: Running = { isInterrupted: false, isPending: true, settled };
    this.#running = running;
    this.#stream = undefined;
    try {
      await this.#endStream(stream);
      if (running.isInterrupted) throw queryCanceled();
      return await work(running);
    } catch (thrown) {
      throw running.isInterrupted ? queryCanceled() : fromDuckdbError(thrown, '');
    } finally {
      running.isPending = false;
      if (this.#stream === undefined) this.#running = undefined;
      settle();
    }
  }

  /** An open stream ends when anything else runs; whoever still reads it is told so. */
  async #endStream(stream: ResultStream | undefined): Promise<void> {
    if (stream === undefined) return;
    await stream.supersede();
    if (stream.isFinished) return;
    // DuckDB lets go of an open result when the next statement starts. It must not do so inside a synchronous
    // call: its threads may be waiting for this one, to compute a score.
    await duckdb.query(this.#connection, 'select 1');
  }

  async #prepare(sql: string, types: readonly (SqlType | undefined)[]): Promise<duckdb.PreparedStatement> {
    const { text, originalOffset } = rewriteParameters(sql, types);
    try {
      return await duckdb.prepare(this.#connection, text);
    } catch (thrown) {
      const error = fromDuckdbError(thrown, text);
      throw error.position === undefined
        ? error
        : error.shifted(originalOffset(error.position) - error.position);
    }
  }

  async #prepareTyped(
    sql: string,
    declared: readonly (SqlType | undefined)[],
  ): Promise<{ statement: duckdb.PreparedStatement; parameterTypes: readonly SqlType[] }> {
    const first = await this.#prepare(sql, declared);
    const known = parameterTypesOf(first, declared);
    const isKnown = known.every((type) => type !== undefined);
    if (isKnown && !hasUnknownColumn(first)) return { statement: first, parameterTypes: known };
    duckdb.destroy_prepare_sync(first);
    let firstError: unknown;
    for (const guess of guessedTypes) {
      const types = known.map((type) => type ?? guess);
      try {
        const statement = await this.#prepare(sql, types);
        const isLast = isKnown || guess === guessedTypes.at(-1);
        if (isLast || (await this.#takesTypes(sql, types))) return { statement, parameterTypes: types };
        duckdb.destroy_prepare_sync(statement);
      } catch (thrown) {
        firstError ??= thrown;
        if (isKnown) break;
      }
    }
    throw firstError;
  }

  /** Types to cast parameters to: those given, else what the statement tells. */
  async #typesOf(
    sql: string,
    parameters: readonly Parameter[],
    given: readonly SqlType[],
  ): Promise<readonly SqlType[]> {
    if (parameters.length === 0) return [];
    let types = given;
    if (given.length < parameters.length) {
      const described = await this.#prepareTyped(sql, given);
      duckdb.destroy_prepare_sync(described.statement);
      types = described.parameterTypes;
    }
    return types.map((type, index) => castTypeOf(type, parameters[index] ?? null));
  }

  async #execute(
    statement: duckdb.PreparedStatement,
    sql: string,
    shape: StatementShape,
    running: Running,
    diagnose: () => Promise<EngineError>,
    readsAhead: boolean,
  ): Promise<DatabaseResult> {
    if (running.isInterrupted) throw queryCanceled();
    try {
      if (shape.names === undefined) return await this.#change(statement, shape);
      const result = shape.isStreamable
        ? await duckdb.execute_prepared_streaming(statement)
        : await duckdb.execute_prepared(statement);
      if (running.isInterrupted) throw queryCanceled();
      return this.#openStream(result, sql, shape.names, shape.tag, running, diagnose, readsAhead);
    } catch (thrown) {
      throw fromDuckdbError(thrown, sql);
    }
  }

  async #change(statement: duckdb.PreparedStatement, shape: StatementShape): Promise<DatabaseResult> {
    // A COMMIT that fails has rolled back.
    if (shape.transaction === 'end') this.#isInTransaction = false;
    const result = await duckdb.execute_prepared(statement);
    if (shape.transaction === 'begin') this.#isInTransaction = true;
    return { kind: 'changed', rowCount: await changedRows(result) };
  }

  /**
   * Why a statement failed in the middle of its rows. DuckDB keeps the message of that to itself, so the statement
   * is run once more, without its rows; in a block, which the error has ended, that cannot be done.
   */
  async #diagnose(
    sql: string,
    parameters: readonly Parameter[],
    types: readonly SqlType[],
  ): Promise<EngineError> {
    const unknown = engineError(SqlState.dataException, 'the statement failed while its rows were read', {
      hint: this.#isInTransaction ? 'Run it outside of a transaction block to see why.' : undefined,
    });
    if (this.#isInTransaction) return unknown;
    const prefix = 'EXPLAIN ANALYZE ';
    let statement: duckdb.PreparedStatement | undefined;
    try {
      statement = await this.#prepare(prefix + sql, types);
      bindParameters(statement, parameters, types);
      await duckdb.execute_prepared(statement);
      return unknown;
    } catch (thrown) {
      return fromDuckdbError(thrown, prefix + sql).shifted(-prefix.length);
    } finally {
      if (statement !== undefined) duckdb.destroy_prepare_sync(statement);
    }
  }

  #openStream(
    result: duckdb.Result,
    sql: string,
    names: readonly string[],
    tag: RowsResult['tag'],
    running: Running,
    diagnose: () => Promise<EngineError>,
    readsAhead: boolean,
  ): RowsResult {
    const isCurrent = (): boolean => this.#stream === stream;
    const stream: ResultStream = new ResultStream(result, sql, names, running, readsAhead, {
      onFinish: () => {
        if (isCurrent()) this.#stream = this.#running = undefined;
      },
      release: async () => {
        if (isCurrent()) await this.#perform(async () => {});
      },
      diagnose,
    });
    this.#stream = stream;
    return { kind: 'rows', schema: stream.schema, batches: stream, tag };
  }
}
