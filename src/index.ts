/**
 * Augur as a library: open an engine on a file or in memory, run SQL, serve it to any PostgreSQL client.
 *
 *   import { Augur } from 'augur';
 *   const augur = await Augur.open({ file: 'shop.db' });
 *   const rows = await augur.query('SELECT 1 AS one');
 *   const server = await augur.serve({ port: 5433 });
 *   await augur.close();
 */
export { Augur, type QueryRows } from './augur.ts';
export { EngineError, type Notice, type QueryResult, type Value } from './core/index.ts';
export type { EngineOptions, Session } from './engine/index.ts';
export { createScramVerifier, type Authentication, type ServeOptions, type Server } from './wire/index.ts';
