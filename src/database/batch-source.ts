/**
 * The table function that gives batches to an INSERT: they go into the table without a table in between. Users cannot
 * call it (statement-screen.ts).
 */
import duckdb from '@duckdb/node-bindings';
import type { Batch, SqlType, Vector } from '../core/index.ts';
import { keepFailure } from './callback-failure.ts';
import { carrierType } from './type-map.ts';
import { type HeapAddresses, writeUtf8 } from './utf8-writer.ts';
import { writeVector } from './vector-writer.ts';

/** Batches of the same types, at most BATCH_ROWS rows each. */
interface Source {
  readonly types: readonly SqlType[];
  readonly batches: readonly Batch[];
}

const sources = new Map<number, Source>();
let lastNumber = 0;

/**
 * Runs a statement that reads the batches; their columns are c0, c1, … in `types`' carriers. `use` is given the call to
 * write behind FROM.
 */
export async function withBatches<T>(
  types: readonly SqlType[],
  batches: readonly Batch[],
  use: (call: string) => Promise<T>,
): Promise<T> {
  const number = ++lastNumber;
  sources.set(number, { types, batches });
  try {
    return await use(`__augur_batches(${number})`);
  } finally {
    sources.delete(number);
  }
}

/** Registers the function for the whole instance. */
export function registerBatchSource(connection: duckdb.Connection): void {
  const table = duckdb.create_table_function();
  duckdb.table_function_set_name(table, '__augur_batches');
  duckdb.table_function_add_parameter(table, duckdb.create_logical_type(duckdb.Type.INTEGER));
  duckdb.table_function_set_bind(table, (info) => {
    const source = sources.get(duckdb.get_int32(duckdb.bind_get_parameter(info, 0)));
    if (source === undefined) return duckdb.bind_set_error(info, 'these batches are gone');
    source.types.forEach((type, index) =>
      duckdb.bind_add_result_column(info, `c${index}`, carrierType(type)),
    );
    duckdb.bind_set_bind_data(info, source);
  });
  duckdb.table_function_set_init(table, (info) => {
    duckdb.init_set_max_threads(info, 1);
    duckdb.init_set_init_data(info, { given: 0 });
  });
  duckdb.table_function_set_function(table, (info, output) => {
    try {
      const { batches } = duckdb.function_get_bind_data(info) as Source;
      const scan = duckdb.function_get_init_data(info) as { given: number };
      const batch = batches[scan.given++];
      if (batch !== undefined) writeColumns(output, batch.columns, batch.rowCount);
      duckdb.data_chunk_set_size(output, batch?.rowCount ?? 0);
    } catch (thrown) {
      duckdb.function_set_error(info, keepFailure(thrown));
    }
  });
  duckdb.register_table_function(connection, table);
  duckdb.destroy_table_function_sync(table);
}

/** Writes columns into the vectors of a chunk. */
export function writeColumns(chunk: duckdb.DataChunk, columns: readonly Vector[], rowCount: number): void {
  const heaps: HeapAddresses = new Map();
  columns.forEach((column, index) => {
    const vector = duckdb.data_chunk_get_vector(chunk, index);
    if (column.utf8 !== undefined) writeUtf8(vector, column.utf8, column.nulls, rowCount, heaps);
    else writeVector(vector, column.type, column.values, column.nulls, rowCount);
  });
}
