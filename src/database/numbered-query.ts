/**
 * A query of one table with the rows' own numbers as one more column. Numbers ascend in the order in which the query
 * gives its rows.
 */
import type { DatabaseConnection } from './contract.ts';
import { repeatablePlan, type PlanNode } from './repeatable-query.ts';
import { scanSql, type SqlToken } from './sql-scanner.ts';

/** Name of the further column. */
export const ROW_COLUMN = '__augur_row';

const opening: ReadonlySet<string> = new Set(['(', '[', '{']);
const closing: ReadonlySet<string> = new Set([')', ']', '}']);

/** Where the FROM of a plain SELECT stands. */
function fromClause(sql: string): SqlToken | undefined {
  let depth = 0;
  return scanSql(sql).find((token, index, tokens) => {
    if (opening.has(token.value)) depth += token.kind === 'symbol' ? 1 : 0;
    else if (closing.has(token.value)) depth -= token.kind === 'symbol' ? 1 : 0;
    const isFrom = depth === 0 && token.kind === 'word' && token.value.toLowerCase() === 'from';
    // IS DISTINCT FROM compares.
    return isFrom && tokens[index - 1]?.value.toLowerCase() !== 'distinct';
  });
}

/** Whether the plan reads a table, without a subquery or a view between, that has no column of the numbers' name. */
function readsNumbers({ type, expressions, children }: PlanNode): boolean {
  if (type !== 'LOGICAL_PROJECTION' || expressions?.at(-1)?.alias !== ROW_COLUMN) return false;
  let source = children?.[0];
  while (source?.type === 'LOGICAL_FILTER') source = source.children?.[0];
  return (
    source?.type === 'LOGICAL_GET' &&
    (source.names ?? []).every((name) => !['rowid', ROW_COLUMN].includes(name.toLowerCase()))
  );
}

/** The query with numbers; undefined when it is not one that merely reads a table, or cannot be told to be. */
export async function withRowNumbers(
  connection: Pick<DatabaseConnection, 'rows'>,
  sql: string,
): Promise<string | undefined> {
  const from = fromClause(sql);
  if (from === undefined) return undefined;
  const numbered = `${sql.slice(0, from.start)}, rowid AS "${ROW_COLUMN}" ${sql.slice(from.start)}`;
  const plan = await repeatablePlan(connection, numbered);
  return plan !== undefined && readsNumbers(plan) ? numbered : undefined;
}
