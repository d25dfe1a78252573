/** Parts of batches, for portals and cursors that hand out rows by count. */
import type { Batch, Vector } from './batch.ts';
import { TextVector } from './text-vector.ts';

function sliceVector(vector: Vector, first: number, last: number): Vector {
  if (vector instanceof TextVector) return vector.slice(first, last);
  const values = vector.values;
  const part = 'subarray' in values ? values.subarray(first, last) : values.slice(first, last);
  return { type: vector.type, values: part, nulls: vector.nulls?.subarray(first, last) };
}

/** Rows `first` to `last` (exclusive) of a batch. */
export function sliceBatch(batch: Batch, first: number, last: number): Batch {
  if (first === 0 && last >= batch.rowCount) return batch;
  const columns = batch.columns.map((vector) => sliceVector(vector, first, last));
  return { schema: batch.schema, rowCount: last - first, columns };
}
