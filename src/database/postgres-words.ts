/** DuckDB's commonest messages in PostgreSQL's words, which users know and some tools look for. */

const typeNames: Readonly<Record<string, string>> = {
  INT8: 'smallint',
  INT16: 'smallint',
  INT32: 'integer',
  INT64: 'bigint',
  FLOAT: 'real',
  DOUBLE: 'double precision',
  BOOL: 'boolean',
};

const rewordings: readonly (readonly [pattern: RegExp, words: (...groups: readonly string[]) => string])[] = [
  [/^(?:Table|View) with name "?(.+?)"? does not exist/, (name) => `relation "${name}" does not exist`],
  [/^(?:Table|View) with name "?(.+?)"? already exists/, (name) => `relation "${name}" already exists`],
  [/^Schema with name "?(.+?)"? does not exist/, (name) => `schema "${name}" does not exist`],
  [/^Schema with name "?(.+?)"? already exists/, (name) => `schema "${name}" already exists`],
  [/^Referenced column "(.+?)" not found in FROM clause/, (name) => `column "${name}" does not exist`],
  [/^Ambiguous reference to column name "(.+?)"/, (name) => `column reference "${name}" is ambiguous`],
  [
    /^(?:Scalar |Aggregate |Table |Window |Macro )*Function with name "?(.+?)"? does not exist/,
    (name) => `function ${name} does not exist`,
  ],
  [
    /^NOT NULL constraint failed: (?:.+\.)?(.+)\.(.+)$/,
    (table, column) => `null value in column "${column}" of relation "${table}" violates not-null constraint`,
  ],
  [
    /^Could not convert string '([\s\S]*)' to (INT8|INT16|INT32|INT64|FLOAT|DOUBLE|BOOL)$/,
    (value, type) => `invalid input syntax for type ${typeNames[type]}: "${value}"`,
  ],
];

/** The message as PostgreSQL would put it; as it is where there is no saying. */
export function postgresMessage(message: string): string {
  for (const [pattern, words] of rewordings) {
    const match = pattern.exec(message);
    if (match !== null) return words(...match.slice(1));
  }
  return message;
}

/** A suggestion, unless it is one of the database's own system relations, which nobody meant. */
export function usefulHint(hint: string | undefined): string | undefined {
  return hint !== undefined && /^Did you mean "(pg_|duckdb_|sqlite_|pragma_|information_schema)/.test(hint)
    ? undefined
    : hint;
}
