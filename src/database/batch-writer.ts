/** placeholder */
import type duckdb from '@duckdb/node-bindings';
import { unsupported } from '../core/index.ts';
import type { DatabaseConnection, RowAppender } from './contract.ts';
export function openAppender(
  _connection: DatabaseConnection,
  _isInTransaction: () => boolean,
  _perform: <T>(work: (connection: duckdb.Connection) => Promise<T>) => Promise<T>,
  _table: readonly string[],
  _columns: readonly string[] | undefined,
): Promise<RowAppender> {
  throw unsupported('append');
}
