/**
 * The transaction of a session as PostgreSQL reports it: an error inside a block aborts it until ROLLBACK. The embedded
 * database is rolled back at the error itself, so nothing of an aborted block stays locked.
 */
import { engineError, SqlState, unsupported } from '../core/index.ts';
import type { DatabaseConnection } from '../database/index.ts';
import type { TransactionStatus } from './session-contract.ts';

/** Told where blocks begin and end. */
export interface BlockListener {
  beginBlock(): void;
  endBlock(isCommitted: boolean): void;
}

export class Transaction {
  readonly #connection: DatabaseConnection;
  readonly #listeners: readonly BlockListener[];
  #status: TransactionStatus = 'idle';
  /** A block nobody wrote: several statements of one simple query, or a pipeline until its Sync. */
  #isImplicit = false;

  constructor(connection: DatabaseConnection, listeners: readonly BlockListener[]) {
    this.#connection = connection;
    this.#listeners = listeners;
  }

  /** As the client sees it: an implicit block is none. */
  get status(): TransactionStatus {
    return this.#isImplicit ? 'idle' : this.#status;
  }

  /** Whether statements run in a block, written or not. */
  get isOpen(): boolean {
    return this.#status === 'transaction';
  }

  get isImplicit(): boolean {
    return this.#isImplicit;
  }

  /** BEGIN. In an implicit block it only makes the block explicit, so it cannot make it read-only any more. */
  async begin(isReadOnly: boolean): Promise<void> {
    if (this.#isImplicit) {
      if (isReadOnly) throw unsupported('BEGIN READ ONLY after other statements of a script');
      this.#isImplicit = false;
      return;
    }
    await this.#connection.run(isReadOnly ? 'BEGIN TRANSACTION READ ONLY' : 'BEGIN TRANSACTION');
    this.#status = 'transaction';
    for (const listener of this.#listeners) listener.beginBlock();
  }

  async beginImplicit(): Promise<void> {
    await this.begin(false);
    this.#isImplicit = true;
  }

  /** COMMIT of an open block; a failed one is rolled back. Gives the command tag. */
  async commit(): Promise<string> {
    const hasFailed = this.#status === 'failed';
    this.#status = 'idle';
    this.#isImplicit = false;
    if (hasFailed) return 'ROLLBACK';
    try {
      await this.#connection.run('COMMIT');
    } catch (thrown) {
      await this.#connection.run('ROLLBACK').catch(() => undefined);
      this.#endBlock(false);
      throw thrown;
    }
    this.#endBlock(true);
    return 'COMMIT';
  }

  async rollback(): Promise<void> {
    const wasOpen = this.#status === 'transaction';
    this.#status = 'idle';
    this.#isImplicit = false;
    if (!wasOpen) return;
    await this.#connection.run('ROLLBACK').catch(() => undefined);
    this.#endBlock(false);
  }

  #endBlock(isCommitted: boolean): void {
    for (const listener of this.#listeners) listener.endBlock(isCommitted);
  }

  /** After an error: an explicit block is aborted, an implicit one ends. */
  async fail(): Promise<void> {
    if (this.#status !== 'transaction') return;
    const isImplicit = this.#isImplicit;
    await this.rollback();
    this.#status = isImplicit ? 'idle' : 'failed';
  }

  /** Refuses a statement in an aborted block. */
  refuseIfFailed(): void {
    if (this.#status !== 'failed') return;
    throw engineError(
      SqlState.inFailedSqlTransaction,
      'current transaction is aborted, commands ignored until end of transaction block',
    );
  }

  /** Runs in the open block, or in one of its own. */
  async run<Result>(block: () => Promise<Result>): Promise<Result> {
    if (this.isOpen) return block();
    await this.beginImplicit();
    try {
      const result = await block();
      await this.commit();
      return result;
    } catch (thrown) {
      await this.rollback();
      throw thrown;
    }
  }
}
