/**
 * Batches on their way into a table. While one block of them is inserted the next one gathers, so that two blocks are in
 * memory at most; a failure is told with the next batch, or at the end.
 */
import { type Batch, BATCH_ROWS } from '../core/index.ts';

/**
 * A block is full with so many rows, or so many bytes of texts. Not the rows of a row group, 60 batches: DuckDB writes a
 * row group early when a statement goes past its end, and else writes its rows twice.
 */
const BLOCK_ROWS = 64 * BATCH_ROWS;
const BLOCK_BYTES = 16 * 1024 * 1024;

export class BatchQueue {
  readonly #insert: (batches: readonly Batch[]) => Promise<void>;
  #gathered: Batch[] = [];
  #rows = 0;
  #bytes = 0;
  /** Settles when the block before is in; never rejects. */
  #inserting: Promise<void> = Promise.resolve();
  #failure: { readonly thrown: unknown } | undefined;

  /** `insert` a block, the one before being done. */
  constructor(insert: (batches: readonly Batch[]) => Promise<void>) {
    this.#insert = insert;
  }

  async push(batch: Batch): Promise<void> {
    this.#gathered.push(batch);
    this.#rows += batch.rowCount;
    this.#bytes += batch.columns.reduce((sum, { utf8 }) => Math.max(sum, utf8?.heap.length ?? 0), 0);
    if (this.#rows >= BLOCK_ROWS || this.#bytes >= BLOCK_BYTES) await this.#start();
  }

  /** Waits until all is in the table. */
  async drain(): Promise<void> {
    if (this.#rows > 0) await this.#start();
    await this.#inserting;
    this.#throwFailure();
  }

  /** Waits until nothing runs any more, and forgets what has gathered. */
  async abandon(): Promise<void> {
    this.#gathered = [];
    this.#rows = 0;
    await this.#inserting;
  }

  async #start(): Promise<void> {
    await this.#inserting;
    this.#throwFailure();
    const batches = this.#gathered;
    this.#gathered = [];
    this.#rows = 0;
    this.#bytes = 0;
    this.#inserting = this.#insert(batches).catch((thrown: unknown) => {
      this.#failure = { thrown };
    });
  }

  #throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure.thrown;
  }
}
