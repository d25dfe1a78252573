/** Rows that the plan already holds. */
import { batchOf, type Batch, type RowsResult, type Schema, type Value } from '../../core/index.ts';
import type { PhysicalRows } from '../../planner/index.ts';

/** A result of known rows. */
export function rowsResult(schema: Schema, rows: readonly (readonly Value[])[], tag: string): RowsResult {
  async function* batches(): AsyncGenerator<Batch> {
    if (rows.length > 0) yield batchOf(schema, rows);
  }
  return { kind: 'rows', schema, batches: batches(), tag: () => tag };
}

export function rows(plan: PhysicalRows): RowsResult {
  return rowsResult(plan.schema, plan.rows, plan.tag);
}
