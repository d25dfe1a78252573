/** Rows of a result handed out by count: SQL cursors. */
import { sliceBatch, type Batch, type RowsResult, type Schema } from '../core/index.ts';

export class RowBuffer {
  readonly schema: Schema;
  readonly #batches: AsyncIterator<Batch>;
  #current: Batch | undefined;
  #offset = 0;
  /** What was read ahead, when the connection was needed for something else. */
  readonly #ahead: Batch[] = [];
  #isFinished = false;

  constructor(result: RowsResult) {
    this.schema = result.schema;
    this.#batches = result.batches[Symbol.asyncIterator]();
  }

  /** Up to `count` rows, as parts of batches. */
  async take(count: number): Promise<readonly Batch[]> {
    const taken: Batch[] = [];
    let missing = count;
    while (missing > 0) {
      if (this.#current === undefined || this.#offset >= this.#current.rowCount) {
        this.#current = await this.#next();
        this.#offset = 0;
        if (this.#current === undefined) break;
      }
      const last = Math.min(this.#current.rowCount, this.#offset + missing);
      taken.push(sliceBatch(this.#current, this.#offset, last));
      missing -= last - this.#offset;
      this.#offset = last;
    }
    return taken;
  }

  /** Reads the rest into memory, so that the connection is free for another statement. */
  async readAhead(): Promise<void> {
    for (let batch = await this.#pull(); batch !== undefined; batch = await this.#pull())
      this.#ahead.push(batch);
  }

  async close(): Promise<void> {
    this.#isFinished = true;
    await this.#batches.return?.();
  }

  async #next(): Promise<Batch | undefined> {
    return this.#ahead.shift() ?? (await this.#pull());
  }

  async #pull(): Promise<Batch | undefined> {
    if (this.#isFinished) return undefined;
    const next = await this.#batches.next();
    if (next.done !== true) return next.value;
    this.#isFinished = true;
    return undefined;
  }
}
