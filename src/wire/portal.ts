/** Prepared statements and portals of one connection, by name. The empty name is the unnamed one. */
import { engineError, type Parameter, SqlState } from '../core/index.ts';
import type { PreparedStatement } from '../engine/index.ts';
import { afterwards, type Eventual } from './eventual.ts';
import type { FormatCode } from './message/frontend.ts';
import type { RowCursor } from './row-cursor.ts';

/** A statement as Parse left it. */
export interface Prepared {
  readonly statement: PreparedStatement;
  /** Type of each parameter as the client declared it, or as it was inferred. */
  readonly parameterOids: readonly number[];
}

/** A statement with its parameters: ready to run, partly read, or done. */
export interface Portal {
  readonly prepared: Prepared;
  readonly parameters: readonly Parameter[];
  /** One format a column of the result. */
  readonly formats: readonly FormatCode[];
  /** Rows that were begun; undefined before the first Execute and for a statement without rows. */
  cursor: RowCursor | undefined;
  isDone: boolean;
}

export class PortalStore {
  #statements = new Map<string, Prepared>();
  #portals = new Map<string, Portal>();

  /** Throws 42P05 for a name that is taken. */
  checkStatementName(name: string): void {
    if (name === '' || !this.#statements.has(name)) return;
    throw engineError(SqlState.duplicatePreparedStatement, `prepared statement "${name}" already exists`);
  }

  addStatement(name: string, prepared: Prepared): void {
    this.#statements.set(name, prepared);
  }

  /** Throws 26000 when there is none. */
  statement(name: string): Prepared {
    const prepared = this.#statements.get(name);
    if (prepared !== undefined) return prepared;
    const named = name === '' ? 'unnamed prepared statement' : `prepared statement "${name}"`;
    throw engineError(SqlState.invalidSqlStatementName, `${named} does not exist`);
  }

  /** Forgets a statement; its portals live on. Whether there was one. */
  removeStatement(name: string): boolean {
    return this.#statements.delete(name);
  }

  removeAllStatements(): void {
    this.#statements.clear();
  }

  /** Adds a portal; the unnamed one is replaced. Throws 42P03 for a name that is taken. */
  addPortal(name: string, portal: Portal): Eventual<void> {
    if (name !== '' && this.#portals.has(name)) {
      throw engineError(SqlState.duplicateCursor, `portal "${name}" already exists`);
    }
    return afterwards(this.removePortal(name), () => void this.#portals.set(name, portal));
  }

  /** Throws 34000 when there is none. */
  portal(name: string): Portal {
    const portal = this.#portals.get(name);
    if (portal !== undefined) return portal;
    throw engineError(SqlState.invalidCursorName, `portal "${name}" does not exist`);
  }

  /** Closes a portal; nothing happens when there is none. */
  removePortal(name: string): Eventual<void> {
    const portal = this.#portals.get(name);
    this.#portals.delete(name);
    return portal?.cursor?.close();
  }

  removeAllPortals(): Eventual<void> {
    let removed: Eventual<void> = undefined;
    for (const name of this.#portals.keys()) removed = afterwards(removed, () => this.removePortal(name));
    return removed;
  }

  /**
   * Before the session runs anything else: the rest of a suspended portal's rows is read into memory, because
   * a session has one open result at a time.
   */
  materializePortals(): Eventual<void> {
    let done: Eventual<void> = undefined;
    for (const { cursor } of this.#portals.values())
      if (cursor !== undefined) done = afterwards(done, () => cursor.materialize());
    return done;
  }
}
