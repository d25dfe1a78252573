/**
 * A query that is run again, and has given no more rows than one batch holds, is run to its end at once: with one trip to
 * a thread of the pool, where a stream takes one for itself, one for each chunk and one for the end. It is bounded, so
 * that never more than a batch is held in memory; when there are more rows it is a stream from then on.
 */
import duckdb from '@duckdb/node-bindings';
import { BATCH_ROWS, type Batch, type Parameter, type Schema, type SqlType } from '../core/index.ts';
import { columnReader, readBatch } from './batch-reader.ts';
import { boundedQuery } from './bounded-query.ts';
import { bindParameters } from './parameter-binding.ts';
import type { StatementPreparation } from './statement-preparation.ts';

/** All rows of a result. */
export interface FewBatches {
  readonly schema: Schema;
  readonly batches: readonly Batch[];
}

export class FewRows {
  readonly #text: string;
  #statement: duckdb.PreparedStatement | undefined;
  #isExpected = false;
  #hadMore = false;

  private constructor(text: string) {
    this.#text = text;
  }

  /** Of a query that can be bounded; undefined for any other. */
  static of(sql: string): FewRows | undefined {
    const text = boundedQuery(sql, BATCH_ROWS + 1);
    return text === undefined ? undefined : new FewRows(text);
  }

  /** Whether the query is to be run here: its last run as a stream gave few rows, and no run here found more. */
  get isExpected(): boolean {
    return this.#isExpected && !this.#hadMore;
  }

  /** A stream has ended after so many rows. */
  learn(rowCount: number): void {
    this.#isExpected = rowCount <= BATCH_ROWS;
  }

  /** Runs the query; undefined when it has more rows than a batch. Fails as the database does. */
  async run(
    preparation: StatementPreparation,
    parameters: readonly Parameter[],
    types: readonly SqlType[],
    names: readonly string[],
  ): Promise<FewBatches | undefined> {
    this.#statement ??= await preparation.prepare(this.#text, types);
    bindParameters(this.#statement, parameters, types);
    const result = await duckdb.execute_prepared(this.#statement);
    const chunks = Array.from({ length: duckdb.result_chunk_count(result) }, (_, index) =>
      duckdb.result_get_chunk(result, index),
    );
    const rowCount = chunks.reduce((sum, chunk) => sum + duckdb.data_chunk_get_size(chunk), 0);
    this.#hadMore = rowCount > BATCH_ROWS;
    if (this.#hadMore) return undefined;
    const readers = names.map((_, index) => columnReader(duckdb.column_logical_type(result, index)));
    const schema = names.map((name, index) => ({ name, type: readers[index]!.type }));
    return { schema, batches: chunks.map((chunk) => readBatch(chunk, schema, readers)) };
  }

  destroy(): void {
    if (this.#statement !== undefined) duckdb.destroy_prepare_sync(this.#statement);
    this.#statement = undefined;
  }
}
