/** How many rows a statement changed. */
import duckdb from '@duckdb/node-bindings';

/** Rows that a statement changed: DuckDB counts them in a result column, whatever the statement. */
export async function changedRows(result: duckdb.Result): Promise<number> {
  const changed = duckdb.rows_changed(result);
  if (changed > 0 || duckdb.column_count(result) === 0 || duckdb.column_name(result, 0) !== 'Count')
    return changed;
  const chunk = await duckdb.fetch_chunk(result);
  if (chunk === null || duckdb.data_chunk_get_size(chunk) === 0) return changed;
  const bytes = duckdb.vector_get_data(duckdb.data_chunk_get_vector(chunk, 0), 8);
  return Number(new DataView(bytes.buffer, bytes.byteOffset, 8).getBigInt64(0, true));
}
