/**
 * The only room that knows DuckDB: opens it, shuts users off from files and network, streams batches out and
 * in.
 */
export type * from './contract.ts';
export { openDatabase } from './database.ts';
export type { CatalogSnapshot, SnapshotModel } from './postgres-catalog/catalog-snapshot.ts';
export {
  createPostgresCatalog,
  type CatalogSession,
  type PostgresCatalog,
} from './postgres-catalog/postgres-catalog.ts';
export { readSnapshot } from './postgres-catalog/read-snapshot.ts';
export { ROW_COLUMN, withRowNumbers } from './numbered-query.ts';
export { isRepeatableQuery } from './repeatable-query.ts';
