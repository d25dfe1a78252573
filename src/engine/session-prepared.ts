/** A prepared statement as its session keeps it. */
import type { Statement } from '../parser/index.ts';
import type { PreparedStatement } from './session-contract.ts';

/** A prepared statement with what the session keeps of it. */
export interface SessionPrepared extends PreparedStatement {
  /** Undefined for an empty statement. */
  readonly statement: Statement | undefined;
}
