/** `SELECT pg_cancel_backend(n)` and `SELECT pg_terminate_backend(n)`: they act on sessions, not on data. */
import { batchOf, Types, type Batch, type QueryResult } from '../core/index.ts';
import type { PlainStatement } from '../parser/index.ts';
import type { SessionParts, StatementScope } from './session-parts.ts';

const pattern =
  /^\s*select\s+(?:pg_catalog\s*\.\s*)?pg_(cancel|terminate)_backend\s*\(\s*(\d+|\$1)\s*(?:::\s*\w+\s*)?\)\s*(?:as\s+(\w+)\s*)?$/i;

/** Runs the statement if it is one of these. */
export function signalStatement(
  statement: PlainStatement,
  scope: StatementScope,
  { parts }: SessionParts,
): QueryResult | undefined {
  const match = pattern.exec(statement.fragment.text);
  if (match === null) return undefined;
  const verb = match[1]!.toLowerCase() as 'cancel' | 'terminate';
  const processId = match[2] === '$1' ? Number(scope.parameters[0]) : Number(match[2]);
  const wasSent = parts.signalSession(processId, verb);
  const schema = [{ name: match[3] ?? `pg_${verb}_backend`, type: Types.boolean }];
  async function* batches(): AsyncGenerator<Batch> {
    yield batchOf(schema, [[wasSent]]);
  }
  return { kind: 'rows', schema, batches: batches(), tag: (rowCount) => `SELECT ${rowCount}` };
}
