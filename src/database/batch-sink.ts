/**
 * The scalar function that takes batches out of a running query: DuckDB's threads call it with a chunk's columns where
 * they lie, so a reader of very many rows is spared a result that holds them once more, and all threads read. Users
 * cannot call it (statement-screen.ts).
 */
import duckdb from '@duckdb/node-bindings';
import { internalError, type Batch, type Vector } from '../core/index.ts';
import { columnReader, fixedValues, readVector, type ColumnReader } from './batch-reader.ts';
import { keepFailure } from './callback-failure.ts';
import { releaseCopy } from './chunk-copy.ts';

const { Type } = duckdb;

/** Whoever takes the batches of one query. */
interface Sink {
  /** Numbers of a batch are gone when it returns, and texts that nobody decoded. */
  readonly take: (batch: Batch) => void;
  readers: readonly ColumnReader[] | undefined;
  /** What `take` threw: the query ends with it, and other threads' chunks are not taken any more. */
  failure: { readonly thrown: unknown } | undefined;
}

const sinks = new Map<number, Sink>();
let lastNumber = 0;

/**
 * Hands the rows of `SELECT columns FROM source` to `take` a chunk at a time, chunks in any order, while `run` runs the
 * SQL that it is given. What `take` throws, that fails with.
 */
export async function withSink(
  columns: readonly string[],
  source: string,
  take: (batch: Batch) => void,
  run: (sql: string) => Promise<void>,
): Promise<void> {
  const number = ++lastNumber;
  sinks.set(number, { take, readers: undefined, failure: undefined });
  try {
    await run(`SELECT count(__augur_take(${number}::INTEGER, ${columns.join(', ')})) FROM ${source}`);
  } finally {
    sinks.delete(number);
  }
}

/** Registers the function for the whole instance. */
export function registerBatchSink(connection: duckdb.Connection): void {
  const scalar = duckdb.create_scalar_function();
  duckdb.scalar_function_set_name(scalar, '__augur_take');
  duckdb.scalar_function_add_parameter(scalar, duckdb.create_logical_type(Type.INTEGER));
  duckdb.scalar_function_set_varargs(scalar, duckdb.create_logical_type(Type.ANY));
  duckdb.scalar_function_set_return_type(scalar, duckdb.create_logical_type(Type.BOOLEAN));
  duckdb.scalar_function_set_volatile(scalar);
  duckdb.scalar_function_set_special_handling(scalar);
  duckdb.scalar_function_set_function(scalar, (info, input) => {
    try {
      takeChunk(input);
    } catch (thrown) {
      duckdb.scalar_function_set_error(info, keepFailure(thrown));
    }
  });
  duckdb.register_scalar_function(connection, scalar);
  duckdb.destroy_scalar_function_sync(scalar);
}

function takeChunk(input: duckdb.DataChunk): void {
  const rowCount = duckdb.data_chunk_get_size(input);
  if (rowCount === 0) return;
  const sink = sinks.get(fixedValues(Int32Array, duckdb.data_chunk_get_vector(input, 0), 1)[0]!);
  if (sink === undefined) throw internalError('the reader of a query is gone');
  if (sink.failure !== undefined) throw sink.failure.thrown;
  try {
    const batch = batchOf(input, rowCount, sink);
    sink.take(batch);
    batch.columns.forEach(releaseColumn);
  } catch (thrown) {
    sink.failure = { thrown };
    throw thrown;
  }
}

/** Lets go of a column's arrays; texts are not decoded for that. */
function releaseColumn(column: Vector): void {
  if (column.utf8 !== undefined) {
    const { heap, starts, lengths } = column.utf8;
    for (const array of [heap, starts, lengths]) releaseCopy(array);
  } else if (ArrayBuffer.isView(column.values)) {
    releaseCopy(column.values);
  }
}

/** The arguments behind the sink's number. */
function batchOf(input: duckdb.DataChunk, rowCount: number, sink: Sink): Batch {
  const vectors = Array.from({ length: duckdb.data_chunk_get_column_count(input) - 1 }, (_, index) =>
    duckdb.data_chunk_get_vector(input, index + 1),
  );
  const readers = (sink.readers ??= vectors.map((vector) =>
    columnReader(duckdb.vector_get_column_type(vector)),
  ));
  return {
    schema: readers.map(({ type }, index) => ({ name: `c${index}`, type })),
    rowCount,
    columns: vectors.map((vector, index) => readVector(vector, rowCount, readers[index]!)),
  };
}
