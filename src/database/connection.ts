/** A session's connection: statements are described, run, streamed and cancelled here. */
import duckdb from '@duckdb/node-bindings';
import {
  type Batch,
  type EngineError,
  type Parameter,
  type RowsResult,
  type SqlType,
  type Value,
  engineError,
  internalError,
  queryCanceled,
  SqlState,
  valueAt,
} from '../core/index.ts';
import type { DatabaseConnection, DatabaseResult, RowAppender, StatementDescription } from './contract.ts';
import { changedRows } from './changed-rows.ts';
import { withSink } from './batch-sink.ts';
import { openAppender } from './batch-writer.ts';
import { fromDuckdbError } from './duckdb-error.ts';
import { bindParameters } from './parameter-binding.ts';
import { StatementPreparation } from './statement-preparation.ts';
import { type StatementShape, statementShape } from './statement-shape.ts';
import { FewRows } from './few-rows.ts';
import { destroyKept, KeptStatements, type KeptStatement } from './kept-statements.ts';
import { resultBufferSql, scanBufferSql } from './result-buffer.ts';
import { ResultStream } from './result-stream.ts';
import type { Running } from './running.ts';

/** How often an interrupt is repeated until the statement has noticed it: what comes too early is lost. */
const INTERRUPT_REPEAT_MS = 5;

/** Implements the contract over one DuckDB connection. */
export class Connection implements DatabaseConnection {
  readonly #connection: duckdb.Connection;
  readonly #screen: (sql: string) => void;
  readonly #onClose: () => void;
  #running: Running | undefined;
  #stream: ResultStream | undefined;
  readonly #preparation: StatementPreparation;
  readonly #kept = new KeptStatements();
  #isInTransaction = false;
  #closing: Promise<void> | undefined;

  constructor(connection: duckdb.Connection, screen: (sql: string) => void, onClose: () => void) {
    this.#connection = connection;
    this.#preparation = new StatementPreparation(connection);
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
    return this.#perform(() => this.#preparation.describe(sql, parameterTypes));
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
      const types = await this.#preparation.typesOf(sql, parameters, parameterTypes);
      const kept = keeps ? this.#kept.take(sql, types) : undefined;
      const prepared = kept ?? (await this.#prepareNew(sql, types, keeps));
      let isKept = false;
      try {
        const few = await this.#runFew(prepared, parameters, running);
        const result = few ?? (await this.#execute(prepared, parameters, running, readsAhead));
        isKept = keeps;
        if (isKept) this.#kept.put(prepared);
        return result;
      } finally {
        if (!isKept) destroyKept(prepared);
      }
    });
  }

  async #prepareNew(sql: string, types: readonly SqlType[], keeps: boolean): Promise<KeptStatement> {
    const statement = await this.#preparation.prepare(sql, types);
    const shape = statementShape(statement, sql);
    const mayBeFew = keeps && shape.isStreamable && shape.names !== undefined;
    return { sql, types, statement, shape, few: mayBeFew ? FewRows.of(sql) : undefined };
  }

  /** All rows of a query of which few are expected; undefined for any other statement, and when there are many. */
  async #runFew(
    { sql, types, shape, few }: KeptStatement,
    parameters: readonly Parameter[],
    running: Running,
  ): Promise<RowsResult | undefined> {
    if (few?.isExpected !== true) return undefined;
    try {
      const found = await few.run(this.#preparation, parameters, types, shape.names!);
      if (running.isInterrupted) throw queryCanceled();
      return found && { kind: 'rows', schema: found.schema, batches: eachOf(found.batches), tag: shape.tag };
    } catch (thrown) {
      throw fromDuckdbError(thrown, sql);
    }
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

  async #execute(
    prepared: KeptStatement,
    parameters: readonly Parameter[],
    running: Running,
    readsAhead: boolean,
  ): Promise<DatabaseResult> {
    const { sql, types, statement, shape } = prepared;
    bindParameters(statement, parameters, types);
    if (running.isInterrupted) throw queryCanceled();
    try {
      if (shape.names === undefined) return await this.#change(statement, shape);
      const result = shape.isStreamable
        ? await duckdb.execute_prepared_streaming(statement)
        : await duckdb.execute_prepared(statement);
      if (running.isInterrupted) throw queryCanceled();
      const diagnose = (): Promise<EngineError> => this.#diagnose(sql, parameters, types);
      return this.#openStream(result, prepared, shape.names, running, diagnose, readsAhead);
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
      statement = await this.#preparation.prepare(prefix + sql, types);
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
    { sql, shape, few }: KeptStatement,
    names: readonly string[],
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
      onEnd: (rowCount) => few?.learn(rowCount),
      diagnose,
    });
    this.#stream = stream;
    return { kind: 'rows', schema: stream.schema, batches: stream, tag: shape.tag };
  }
}

async function* eachOf(batches: readonly Batch[]): AsyncGenerator<Batch> {
  yield* batches;
}
