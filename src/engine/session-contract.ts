/** What a client's session is to the rooms above: the wire, the library, the command line. */
import type { Batch, Notice, Parameter, QueryResult, Schema, SqlType } from '../core/index.ts';

/** As ReadyForQuery reports it: I, T, E. */
export type TransactionStatus = 'idle' | 'transaction' | 'failed';

/** A statement that was parsed, planned and described; runs any number of times. */
export interface PreparedStatement {
  readonly text: string;
  /** One type a parameter; never undefined after describing (text where nothing tells). */
  readonly parameterTypes: readonly SqlType[];
  /** Undefined for a statement that returns no rows. */
  readonly schema: Schema | undefined;
}

/** One client's conversation with the engine. Not for concurrent use: one call at a time, results read to their end. */
export interface Session {
  /** Process id that clients see (pg_backend_pid, BackendKeyData). */
  readonly id: number;
  readonly transactionStatus: TransactionStatus;
  /** Where notices and changed settings (GUC_REPORT) go; set by the owner before the first statement. */
  onNotice: (notice: Notice) => void;
  onSettingChange: (name: string, value: string) => void;
  /** Called when another session ends this one (pg_terminate_backend): the owner closes its connection. */
  onTerminate: () => void;
  /** DEALLOCATE of a statement that the owner prepared over the protocol: the owner forgets it; whether it had one. */
  onDeallocate?: (name: string) => boolean;
  /**
   * Runs a script, statement by statement, as the simple query protocol does: several statements outside a transaction
   * block are one implicit transaction. Each result must be consumed before the next is asked for. Throws EngineError,
   * with positions relative to `text`.
   */
  query(text: string): AsyncIterable<QueryResult>;
  /** One statement, parsed and described. `parameterTypes[i]` undefined: to be inferred. Throws EngineError. */
  prepare(text: string, parameterTypes: readonly (SqlType | undefined)[]): Promise<PreparedStatement>;
  /**
   * Runs a prepared statement. `isPipelined`: more statements follow before the client's Sync, so they form one implicit
   * transaction that `sync` ends.
   */
  execute(
    statement: PreparedStatement,
    parameters: readonly Parameter[],
    isPipelined: boolean,
  ): Promise<QueryResult>;
  /**
   * All rows of a prepared query that needs neither the database nor time: such as have been run before, for the
   * definitions and settings as they are now. Undefined for any other, and where something is wrong: `execute` runs it,
   * or says what is wrong. Not for what is pipelined.
   */
  answerAtOnce(statement: PreparedStatement, parameters: readonly Parameter[]): Batch | undefined;
  /** The client's Sync: commits an implicit pipeline transaction, or rolls it back after an error (`failed` true). */
  sync(failed: boolean): Promise<void>;
  /** Value of a run-time setting as SHOW would print it; undefined when there is none of that name. */
  setting(name: string): string | undefined;
  /** Sets a run-time setting from a startup packet. Throws EngineError for an unknown or invalid one. */
  configure(name: string, value: string): void;
  /** Cancels what is running, if anything: it fails with 57014. Safe to call at any time, from anywhere. */
  cancel(reason?: string): void;
  /** Rolls back, cancels and frees everything. Idempotent. */
  close(): Promise<void>;
}

/** What a client says of itself when it connects. */
export interface SessionRequest {
  readonly user: string;
  readonly database: string;
  readonly remoteAddress: string | undefined;
}

/** The engine as the wire sees it. */
export interface SessionHost {
  openSession(request: SessionRequest): Promise<Session>;
  /** Name of the database that clients may connect to. */
  readonly databaseName: string;
}
