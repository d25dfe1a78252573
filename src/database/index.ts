/** The only room that knows DuckDB: opens it, shuts users off from files and network, streams batches out and in. */
export type * from './contract.ts';
export { openDatabase } from './database.ts';
