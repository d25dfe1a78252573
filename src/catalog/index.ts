/** Which models exist: kept in tables of the same database file, in the session's own transaction. */
export type * from './catalog.ts';
export type * from './model-entry.ts';
export { prepareCatalogTables } from './catalog-tables.ts';
export { artifactChecksum, openCatalog } from './stored-catalog.ts';
