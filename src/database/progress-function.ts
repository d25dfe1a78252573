/** The table function behind the view augur.progress: what trains now, as the engine tells it. */
import duckdb from '@duckdb/node-bindings';
import { BATCH_ROWS } from '../core/index.ts';
import { keepFailure } from './callback-failure.ts';
import type { DatabaseHooks, ProgressRow } from './contract.ts';

const { Type } = duckdb;

/** The view that users read. */
export const progressViewSql = `create or replace view augur.progress as select * from __augur_progress()`;

type Field = number | bigint | string | undefined;
interface ProgressColumn {
  readonly name: string;
  readonly type: duckdb.Type;
  readonly value: (row: ProgressRow) => Field;
}

const columns: readonly ProgressColumn[] = [
  { name: 'process_id', type: Type.INTEGER, value: (row) => row.processId },
  { name: 'model', type: Type.VARCHAR, value: (row) => row.model },
  { name: 'model_type', type: Type.VARCHAR, value: (row) => row.modelType },
  { name: 'phase', type: Type.VARCHAR, value: (row) => row.phase },
  { name: 'iteration', type: Type.INTEGER, value: (row) => row.iteration },
  { name: 'iteration_count', type: Type.INTEGER, value: (row) => row.iterationCount },
  { name: 'loss', type: Type.DOUBLE, value: (row) => row.loss },
  { name: 'started_at', type: Type.TIMESTAMP_TZ, value: (row) => row.startedAt },
  { name: 'elapsed_ms', type: Type.DOUBLE, value: (row) => row.elapsedMs },
  { name: 'remaining_ms', type: Type.DOUBLE, value: (row) => row.remainingMs },
];

/** Rows of one scan, and how many of them were given out. */
interface Scan {
  readonly rows: readonly ProgressRow[];
  given: number;
}

/** Registers the function for the whole instance. */
export function registerProgressFunction(
  connection: duckdb.Connection,
  hooks: Pick<DatabaseHooks, 'progress'>,
): void {
  const table = duckdb.create_table_function();
  duckdb.table_function_set_name(table, '__augur_progress');
  duckdb.table_function_set_bind(table, (info) => {
    for (const { name, type } of columns) {
      duckdb.bind_add_result_column(info, name, duckdb.create_logical_type(type));
    }
  });
  duckdb.table_function_set_init(table, (info) => {
    try {
      const scan: Scan = { rows: hooks.progress(), given: 0 };
      duckdb.init_set_max_threads(info, 1);
      duckdb.init_set_init_data(info, scan);
    } catch (thrown) {
      duckdb.init_set_error(info, keepFailure(thrown));
    }
  });
  duckdb.table_function_set_function(table, (info, output) => {
    const scan = duckdb.function_get_init_data(info) as Scan;
    const rows = scan.rows.slice(scan.given, scan.given + BATCH_ROWS);
    scan.given += rows.length;
    columns.forEach((column, index) =>
      writeColumn(duckdb.data_chunk_get_vector(output, index), column, rows),
    );
    duckdb.data_chunk_set_size(output, rows.length);
  });
  duckdb.register_table_function(connection, table);
  duckdb.destroy_table_function_sync(table);
}

function writeColumn(vector: duckdb.Vector, column: ProgressColumn, rows: readonly ProgressRow[]): void {
  if (rows.length === 0) return;
  const values = rows.map(column.value);
  if (column.type === Type.VARCHAR) {
    values.forEach((value, row) => duckdb.vector_assign_string_element(vector, row, String(value)));
    return;
  }
  const data = fixedArray(column.type, values);
  duckdb.copy_data_to_vector(vector, 0, data.buffer as ArrayBuffer, 0, data.byteLength);
  if (!values.includes(undefined)) return;
  const validity = new Uint8Array(Math.ceil(rows.length / 64) * 8);
  values.forEach((value, row) => {
    if (value !== undefined) validity[row >> 3]! |= 1 << (row & 7);
  });
  duckdb.vector_ensure_validity_writable(vector);
  duckdb.copy_data_to_vector_validity(vector, 0, validity.buffer, 0, validity.byteLength);
}

function fixedArray(type: duckdb.Type, values: readonly Field[]): Int32Array | Float64Array | BigInt64Array {
  if (type === Type.INTEGER) return Int32Array.from(values, (value) => Number(value ?? 0));
  if (type === Type.DOUBLE) return Float64Array.from(values, (value) => Number(value ?? 0));
  return BigInt64Array.from(values, (value) => (typeof value === 'bigint' ? value : 0n));
}
