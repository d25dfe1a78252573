/** Relations that were computed at training and kept with the model. */
import type { ModelEntry } from '../../catalog/index.ts';
import { present, type Schema } from '../../core/index.ts';
import { generated, type SqlText } from '../sql-text.ts';
import { relationSql } from '../value-sql.ts';

/** The stored relation as a parenthesised query. */
export function storedTable(
  entry: ModelEntry,
  name: string,
  position: number,
): { readonly schema: Schema; readonly sql: SqlText } {
  const table = present(entry.tables[name], `table ${name} of model ${entry.name}`);
  return { schema: table.schema, sql: generated(relationSql(table.schema, table.rows), position) };
}
