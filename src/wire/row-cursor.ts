/**
 * A result's rows on their way to the client: all at once, or so many at a time as a portal's Execute asks
 * for. Rows are encoded in slices that fill about one write buffer, and the sender waits while the client
 * lags behind.
 */
import {
  type Batch,
  type EngineError,
  limitExceeded,
  PORTAL_VALUES_MAX,
  type RowsResult,
  toEngineError,
} from '../core/index.ts';
import type { Session } from '../engine/index.ts';
import type { FormatCode } from './message/frontend.ts';
import { RowPace } from './message/row-pace.ts';
import type { MessageSink } from './message/sink.ts';
import { sessionTextSettings } from './session-setting.ts';
import { createRowEncoder, type RowEncoder } from './type/row-encoder.ts';

export class RowCursor {
  readonly result: RowsResult;
  #iterator: AsyncIterator<Batch>;
  #encoder: RowEncoder;
  #batch: Batch | undefined;
  #nextRow = 0;
  /** Batches read ahead by `materialize`. */
  #kept: Batch[] = [];
  /** Whether the result itself was read to its end, or closed. */
  #isReleased = false;
  readonly #pace = new RowPace();
  #failure: EngineError | undefined;

  constructor(result: RowsResult, formats: readonly FormatCode[], session: Session) {
    this.result = result;
    this.#iterator = result.batches[Symbol.asyncIterator]();
    this.#encoder = createRowEncoder(result.schema, formats, () => sessionTextSettings(session));
  }

  /**
   * Sends rows: all when `rowCountMax` is 0, else at most so many. How many were sent, and whether the end
   * was reached; as in PostgreSQL, it is not when exactly as many rows as asked for were sent.
   */
  async send(sink: MessageSink, rowCountMax: number): Promise<{ rowCount: number; isDone: boolean }> {
    if (this.#failure !== undefined) throw this.#failure;
    let rowCount = 0;
    while (rowCountMax === 0 || rowCount < rowCountMax) {
      const batch = await this.#currentBatch();
      if (batch === undefined) return { rowCount, isDone: true };
      const wanted = rowCountMax === 0 ? batch.rowCount : rowCountMax - rowCount;
      const lastRow = Math.min(
        batch.rowCount,
        this.#nextRow + Math.min(wanted, this.#pace.rowCount(sink.writer.length)),
      );
      rowCount += lastRow - this.#nextRow;
      this.#encode(batch, lastRow, sink);
      await sink.flushIfFull();
    }
    return { rowCount, isDone: false };
  }

  /**
   * Reads the rest into memory, so that the session may run something else. A failure, or more than
   * PORTAL_VALUES_MAX values, is the portal's and not of what runs next: it is thrown when the rows are asked
   * for.
   */
  async materialize(): Promise<void> {
    const valueCountMax = PORTAL_VALUES_MAX / Math.max(1, this.result.schema.length);
    let rowCount = 0;
    try {
      for (let batch = await this.#read(); batch !== undefined; batch = await this.#read()) {
        this.#kept.push(batch);
        rowCount += batch.rowCount;
        if (rowCount > valueCountMax) throw tooManyUnread();
      }
    } catch (thrown) {
      this.#failure = toEngineError(thrown);
      await this.close();
    }
  }

  /**
   * Gives the result up. Rows of a SELECT that are left are not computed; of anything else (INSERT …
   * RETURNING) they are read, because the change must be made.
   */
  async close(): Promise<void> {
    this.#kept = [];
    this.#batch = undefined;
    const mustFinish = !this.result.tag(0).startsWith('SELECT');
    while (mustFinish && (await this.#read()) !== undefined);
    if (this.#isReleased) return;
    this.#isReleased = true;
    await this.#iterator.return?.();
  }

  #encode(batch: Batch, lastRow: number, sink: MessageSink): void {
    const before = sink.writer.length;
    this.#encoder.encode(batch, this.#nextRow, lastRow, sink.writer);
    this.#pace.learn(lastRow - this.#nextRow, sink.writer.length - before);
    this.#nextRow = lastRow;
  }

  /** The batch that holds the next row. */
  async #currentBatch(): Promise<Batch | undefined> {
    while (this.#batch === undefined || this.#nextRow >= this.#batch.rowCount) {
      this.#batch?.release?.();
      this.#batch = this.#kept.shift() ?? (await this.#read());
      this.#nextRow = 0;
      if (this.#batch === undefined) return undefined;
    }
    return this.#batch;
  }

  async #read(): Promise<Batch | undefined> {
    if (this.#isReleased) return undefined;
    try {
      const next = await this.#iterator.next();
      if (next.done !== true) return next.value;
      this.#isReleased = true;
      return undefined;
    } catch (thrown) {
      this.#isReleased = true;
      throw thrown;
    }
  }
}

function tooManyUnread(): EngineError {
  return limitExceeded(
    `a suspended portal has more than ${PORTAL_VALUES_MAX} values that were not fetched`,
    'Fetch all its rows before the session runs another statement.',
  );
}
