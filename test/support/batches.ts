/** A query's rows as the database hands them over. */
import type { Batch } from '../../src/core/index.ts';
import type { DatabaseConnection } from '../../src/database/index.ts';

export async function batchesOf(connection: DatabaseConnection, sql: string): Promise<Batch[]> {
  const result = await connection.run(sql);
  const batches: Batch[] = [];
  if (result.kind === 'rows') for await (const batch of result.batches) batches.push(batch);
  return batches;
}
