/** Which models exist: kept in tables of the same database file, in the session's own transaction. */
export type * from './catalog.ts';
export type * from './model-entry.ts';
