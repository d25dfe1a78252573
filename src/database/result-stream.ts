/**
 * Rows of a running statement, fetched as they are asked for. DuckDB ends a stream silently when it was
 * interrupted, when another statement ran on its connection, and when the statement failed on a later row: all
 * are told apart from a natural end here.
 */
import duckdb from '@duckdb/node-bindings';
import {
  BATCH_ROWS,
  type Batch,
  type EngineError,
  type Schema,
  SqlState,
  engineError,
  queryCanceled,
} from '../core/index.ts';
import { type ColumnReader, columnReader, readBatch } from './batch-reader.ts';
import { fromDuckdbError } from './duckdb-error.ts';
import type { Running } from './running.ts';

/** Batches of one result; can be iterated once. */
export class ResultStream implements AsyncIterable<Batch>, AsyncIterator<Batch> {
  readonly schema: Schema;
  readonly #result: duckdb.Result;
  readonly #sql: string;
  readonly #readers: readonly ColumnReader[];
  readonly #running: Running;
  /** Whether the next chunk is asked for before anybody needs it. */
  #readsAhead: boolean;
  #hasRead = false;
  #rowCount = 0;
  readonly #onFinish: () => void;
  readonly #onEnd: (rowCount: number) => void;
  readonly #release: () => Promise<void>;
  readonly #diagnose: () => Promise<EngineError>;
  #isSuperseded = false;
  #isFinished = false;
  /** The next chunk, or the failure to read it. */
  #ahead: Promise<duckdb.DataChunk | null> | undefined;

  constructor(
    result: duckdb.Result,
    sql: string,
    names: readonly string[],
    running: Running,
    readsAhead: boolean,
    owner: {
      readonly onFinish: () => void;
      /** Called when all rows were read, with their number. */
      readonly onEnd: (rowCount: number) => void;
      readonly release: () => Promise<void>;
      /** Why a statement failed of which DuckDB tells only that it did. */
      readonly diagnose: () => Promise<EngineError>;
    },
  ) {
    this.#result = result;
    this.#sql = sql;
    this.#running = running;
    this.#readsAhead = readsAhead;
    this.#onFinish = owner.onFinish;
    this.#onEnd = owner.onEnd;
    this.#release = owner.release;
    this.#diagnose = owner.diagnose;
    this.#readers = Array.from({ length: duckdb.column_count(result) }, (_, index) =>
      columnReader(duckdb.column_logical_type(result, index)),
    );
    // A plan that was made anew while binding values may know its types better than the prepared one did.
    this.schema = this.#readers.map((reader, index) => ({
      name: names[index] ?? duckdb.column_name(result, index),
      type: reader.type,
    }));
  }

  get isFinished(): boolean {
    return this.#isFinished;
  }

  [Symbol.asyncIterator](): AsyncIterator<Batch> {
    return this;
  }

  async next(): Promise<IteratorResult<Batch>> {
    if (this.#isSuperseded) throw supersededError();
    const ahead = this.#ahead;
    this.#ahead = undefined;
    if (ahead === undefined) {
      if (this.#isFinished) return { done: true, value: undefined };
      if (this.#running.isInterrupted) throw this.#fail(queryCanceled());
    }
    // What was asked for before is awaited whatever happened since: nothing else may run on the connection until then.
    const chunk = await (ahead ?? this.#fetch());
    if (this.#running.isInterrupted) throw this.#fail(queryCanceled());
    const rowCount = chunk === null ? 0 : duckdb.data_chunk_get_size(chunk);
    if (chunk === null || rowCount === 0) {
      this.#finish();
      this.#onEnd(this.#rowCount);
      return { done: true, value: undefined };
    }
    // More are likely to come after a full chunk, and after a second one.
    this.#readsAhead ||= rowCount === BATCH_ROWS || this.#hasRead;
    this.#hasRead = true;
    this.#rowCount += rowCount;
    if (this.#readsAhead) {
      this.#ahead = this.#fetch();
      // Whoever asks next is told of a failure; nobody may be left to ask.
      this.#ahead.catch(() => undefined);
    }
    try {
      return { done: false, value: readBatch(chunk, this.schema, this.#readers) };
    } catch (thrown) {
      throw this.#fail(fromDuckdbError(thrown, this.#sql));
    }
  }

  /** The reader has enough: DuckDB lets go of the rest, and of the snapshot it was read from. */
  async return(): Promise<IteratorResult<Batch>> {
    if (!this.#isFinished) await this.#release();
    return { done: true, value: undefined };
  }

  /** Another statement is about to run: waits for a fetch under way, and lets nothing more be read. */
  async supersede(): Promise<void> {
    await this.#running.settled;
    this.#isSuperseded = !this.#isFinished;
  }

  async #fetch(): Promise<duckdb.DataChunk | null> {
    const running = this.#running;
    let settle = (): void => {};
    running.settled = new Promise((resolve) => (settle = resolve));
    running.isPending = true;
    let chunk: duckdb.DataChunk | null = null;
    try {
      chunk = await duckdb.fetch_chunk(this.#result);
      if (!running.isInterrupted && this.#hasFailed(chunk)) throw await this.#diagnose();
    } catch (thrown) {
      if (!running.isInterrupted) throw this.#fail(fromDuckdbError(thrown, this.#sql));
    } finally {
      running.isPending = false;
      settle();
    }
    if (running.isInterrupted) throw this.#fail(queryCanceled());
    return chunk;
  }

  /** An empty chunk is the end; after an error the result no longer knows what kind it is. */
  #hasFailed(chunk: duckdb.DataChunk | null): boolean {
    const isEnd = chunk === null || duckdb.data_chunk_get_size(chunk) === 0;
    return isEnd && duckdb.result_return_type(this.#result) === duckdb.ResultType.INVALID;
  }

  #fail<E>(error: E): E {
    this.#finish();
    return error;
  }

  #finish(): void {
    this.#isFinished = true;
    this.#onFinish();
  }
}

function supersededError(): Error {
  return engineError(
    SqlState.objectNotInPrerequisiteState,
    'the rows of this result are gone: another statement ran on its connection',
    { hint: 'Read a result to its end before the next statement.' },
  );
}
