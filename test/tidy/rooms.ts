/** The rooms of the house: which room may import which, and who alone may use a package. */

/** A room's name and the rooms whose faces it may import. Single files at the top of src are rooms of their own. */
export const rooms: Readonly<Record<string, readonly string[]>> = {
  core: [],
  parser: ['core'],
  database: ['core'],
  ml: ['core'],
  catalog: ['core', 'database'],
  planner: ['core', 'parser', 'catalog', 'ml'],
  executor: ['core', 'planner', 'catalog', 'database', 'ml'],
  engine: ['core', 'parser', 'planner', 'executor', 'catalog', 'database', 'ml'],
  wire: ['core', 'engine'],
  'augur.ts': ['core', 'engine', 'wire'],
  'print-rows.ts': ['core', 'wire', 'augur.ts'],
  'command-line.ts': ['core'],
  'index.ts': ['core', 'engine', 'wire', 'augur.ts'],
  'program.ts': ['core', 'engine', 'wire', 'augur.ts', 'command-line.ts', 'print-rows.ts'],
};

/** Packages and modules that only the named folders may import. */
export const soleOwners: readonly { readonly module: RegExp; readonly owners: readonly string[] }[] = [
  { module: /^@duckdb\//, owners: ['database/'] },
  { module: /^@electric-sql\/pglite|^libpg-query/, owners: ['database/postgres-catalog/'] },
  { module: /^node-sql-parser/, owners: ['parser/'] },
  { module: /^piscina/, owners: ['ml/parallel/'] },
  { module: /^node:worker_threads/, owners: ['ml/parallel/', 'database/postgres-catalog/'] },
  { module: /^apache-arrow/, owners: ['ml/'] },
  { module: /^pg-protocol|^selfsigned|^@mongodb-js\/saslprep/, owners: ['wire/'] },
  { module: /^node:(net|tls|http|https|dgram)$/, owners: ['wire/'] },
  { module: /^node:child_process/, owners: [] },
];

/** In ml, families never import each other; only the registry imports a family; only parallel imports the registry. */
export const families: readonly string[] = ['linear', 'cluster', 'tree'];

/** Words that code here does not use, with what to say instead. */
export const bannedWords: readonly { readonly word: RegExp; readonly instead: string }[] = [
  { word: /\bthrow new Error\(/, instead: 'a builder of core/error.ts' },
  {
    word: /\b(idx|cfg|arr|tmp|cnt|ctx|msg|fn|cb|req|res|val|num|str|obj|elem|prev|curr)\b/,
    instead: 'the whole word',
  },
  { word: /\b(hyperparameters?Set|hyperParam)\b/, instead: 'option' },
  { word: /\bconsole\./, instead: 'core/log.ts' },
  { word: /\b(TODO|FIXME|XXX)\b/, instead: 'doing it, or an issue' },
  { word: /\bas any\b/, instead: 'a type' },
];

/** Names that no file or folder has; SQL's common tables are called so. */
export const bannedNames: RegExp = /(^|[-/])(utils?|helpers?|common(?!-table)|misc|shared-code)([-./]|$)/;
