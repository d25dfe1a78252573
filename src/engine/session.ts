/**
 * A session: parse, plan, execute, in that order and nowhere else; and what holds them together, the transaction, the
 * settings, cancellation.
 */
import { openCatalog, type Catalog } from '../catalog/index.ts';
import {
  toEngineError,
  type Batch,
  type EngineError,
  type Notice,
  type Parameter,
  type QueryResult,
  type RowsResult,
  type SqlType,
} from '../core/index.ts';
import type { DatabaseConnection } from '../database/index.ts';
import { execute, toSourceError, type ExecutorContext } from '../executor/index.ts';
import { parse, type Statement } from '../parser/index.ts';
import { plan, type PhysicalPlan, type PlannerContext } from '../planner/index.ts';
import { Activity } from './activity.ts';
import { ParsedTexts } from './parsed-texts.ts';
import { PlanCache } from './plan-cache.ts';
import type { PreparedStatement, Session, SessionRequest, TransactionStatus } from './session-contract.ts';
import type { EngineParts, StatementScope } from './session-parts.ts';
import type { SessionPrepared } from './session-prepared.ts';
import { SessionStatements } from './session-statements.ts';
import { Settings } from './setting.ts';
import { Transaction } from './transaction.ts';

let temporaryCount = 0;

export class EngineSession implements Session {
  readonly id: number;
  onNotice: (notice: Notice) => void = () => undefined;
  /** Called when another session terminates this one; the wire closes the connection. */
  onTerminate: () => void = () => void this.close();
  readonly #databaseName: string;
  readonly #request: SessionRequest;
  readonly #connection: DatabaseConnection;
  readonly #parts: EngineParts;
  readonly #catalog: Catalog;
  readonly #settings: Settings;
  readonly #transaction: Transaction;
  readonly #plans: PlanCache;
  readonly #texts = new ParsedTexts();
  readonly #statements: SessionStatements;
  readonly #onClose: () => void;
  #activity: Activity | undefined;
  #closing: Promise<void> | undefined;

  constructor(
    id: number,
    request: SessionRequest,
    databaseName: string,
    connection: DatabaseConnection,
    parts: EngineParts,
    onClose: () => void,
  ) {
    this.id = id;
    this.#databaseName = databaseName;
    this.#request = request;
    this.#connection = connection;
    this.#parts = parts;
    this.#onClose = onClose;
    this.#catalog = openCatalog(connection);
    this.#settings = new Settings({ session_authorization: request.user });
    this.#plans = new PlanCache(parts.definitions, () => connection.forget());
    this.#transaction = new Transaction(connection, [this.#settings, this.#plans]);
    this.#statements = new SessionStatements({
      session: this,
      request,
      databaseName,
      connection,
      parts,
      catalog: this.#catalog,
      settings: this.#settings,
      transaction: this.#transaction,
      plans: this.#plans,
      notice: (notice) => this.onNotice(notice),
      plan: (statement, text, types) => this.#plan(statement, text, types),
      execute: (physical, scope) => execute(physical, this.#executorContext(scope)),
      parse,
    });
  }

  get transactionStatus(): TransactionStatus {
    return this.#transaction.status;
  }

  set onSettingChange(listener: (name: string, value: string) => void) {
    this.#settings.onChange = listener;
  }

  get onSettingChange(): (name: string, value: string) => void {
    return this.#settings.onChange;
  }

  async *query(text: string): AsyncGenerator<QueryResult> {
    const statements = await this.#parseOrFail(text);
    if (statements.length === 0) yield { kind: 'command', tag: '' };
    const isScript = statements.length > 1;
    try {
      for (const statement of statements) {
        if (isScript) await this.#holdTogether(statement);
        yield await this.#run(statement, { text, parameters: [], parameterTypes: [] });
      }
    } finally {
      // A client that stops reading in the middle of a script commits nothing of it.
      if (isScript && this.#transaction.isImplicit && this.#activity !== undefined)
        await this.#transaction.rollback();
    }
    if (isScript && this.#transaction.isImplicit) await this.#commitImplicit();
  }

  async prepare(text: string, parameterTypes: readonly (SqlType | undefined)[]): Promise<SessionPrepared> {
    const statements = await this.#parseOrFail(text);
    return this.#guard(async () => this.#statements.prepare(text, statements, parameterTypes));
  }

  async execute(
    statement: PreparedStatement,
    parameters: readonly Parameter[],
    isPipelined: boolean,
  ): Promise<QueryResult> {
    const prepared = statement as SessionPrepared;
    if (prepared.statement === undefined) return { kind: 'command', tag: '' };
    if (isPipelined) await this.#holdTogether(prepared.statement);
    const scope = { text: prepared.text, parameters, parameterTypes: prepared.parameterTypes };
    return this.#run(prepared.statement, scope);
  }

  answerAtOnce(statement: PreparedStatement, parameters: readonly Parameter[]): Batch | undefined {
    const prepared = statement as SessionPrepared;
    if (prepared.statement === undefined) return undefined;
    const { text, parameterTypes } = prepared;
    return this.#statements.answerAtOnce(prepared.statement, { text, parameters, parameterTypes });
  }

  /** Statements of a script or a pipeline outside a block are one transaction: as far as the next COMMIT, if there is one. */
  async #holdTogether(statement: Statement): Promise<void> {
    const isBegin = statement.kind === 'plain' && statement.class.kind === 'begin';
    if (isBegin || this.#transaction.isOpen || this.#transaction.status !== 'idle') return;
    await this.#transaction.beginImplicit();
  }

  async sync(failed: boolean): Promise<void> {
    if (!this.#transaction.isImplicit) return;
    if (failed) await this.#transaction.rollback();
    else await this.#commitImplicit();
  }

  setting(name: string): string | undefined {
    return this.#settings.get(name);
  }

  configure(name: string, value: string): void {
    this.#settings.set(name, value);
  }

  cancel(reason?: string): void {
    this.#activity?.cancel(reason);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.cancel('terminating connection because it was closed');
    await this.#statements.close();
    await this.#connection.close();
    this.#onClose();
  }

  async #commitImplicit(): Promise<void> {
    await this.#statements.closeCursors();
    await this.#transaction.commit();
  }

  async #parseOrFail(text: string): Promise<readonly Statement[]> {
    try {
      return this.#texts.parse(text);
    } catch (thrown) {
      await this.#transaction.fail();
      throw toEngineError(thrown);
    }
  }

  /** An error in a block aborts it, whatever the error is. */
  async #guard<Result>(work: () => Promise<Result>): Promise<Result> {
    const activity = this.#begin();
    try {
      return await work();
    } catch (thrown) {
      throw await this.#failed(thrown, activity);
    } finally {
      this.#end(activity);
    }
  }

  #begin(): Activity {
    const activity = new Activity(
      () => this.#connection.interrupt(),
      this.#settings.milliseconds('statement_timeout'),
    );
    this.#activity = activity;
    return activity;
  }

  #end(activity: Activity): void {
    activity.end();
    if (this.#activity === activity) this.#activity = undefined;
  }

  async #failed(thrown: unknown, activity: Activity): Promise<EngineError> {
    const error = toEngineError(activity.explain(thrown));
    if (error.state === 'XX000')
      this.#parts.log.write('error', error.message, {
        stack: String((error.cause as Error | undefined)?.stack ?? error.stack),
      });
    await this.#statements.closeCursors();
    await this.#transaction.fail();
    return error;
  }

  async #run(statement: Statement, scope: StatementScope): Promise<QueryResult> {
    const activity = this.#begin();
    try {
      const result = await this.#statements.run(statement, scope);
      if (result.kind === 'rows') return { ...result, batches: this.#tracked(result, activity) };
      if (result.kind === 'copy-out') return { ...result, batches: this.#tracked(result, activity) };
      this.#end(activity);
      return result;
    } catch (thrown) {
      this.#end(activity);
      throw await this.#failed(thrown, activity);
    }
  }

  /**
   * The rows, with the statement ending where they do, or where they are given up, were it before the first; an
   * error in them counts as the statement's.
   */
  #tracked(result: Pick<RowsResult, 'batches'>, activity: Activity): AsyncIterableIterator<Batch> {
    const source = result.batches[Symbol.asyncIterator]();
    const finish = async (): Promise<IteratorResult<Batch>> => {
      this.#end(activity);
      await source.return?.();
      return { done: true, value: undefined };
    };
    return {
      [Symbol.asyncIterator]() {
        return this;
      },
      next: async () => {
        try {
          const next = await source.next();
          activity.throwIfCancelled();
          if (next.done === true) this.#end(activity);
          return next;
        } catch (thrown) {
          const error = await this.#failed(thrown, activity);
          await finish();
          throw error;
        }
      },
      return: finish,
    };
  }

  #plan(
    statement: Statement,
    text: string,
    parameterTypes: readonly (SqlType | undefined)[],
  ): Promise<PhysicalPlan> {
    return plan(statement, text, this.#plannerContext(parameterTypes));
  }

  #plannerContext(parameterTypes: readonly (SqlType | undefined)[]): PlannerContext {
    return {
      catalog: this.#catalog,
      parameterTypes,
      defaultSchema: this.#settings.searchPath()[0]!,
      databaseName: this.#databaseName,
      scopes: [],
      describe: async (sql) => {
        try {
          return await this.#connection.describe(sql.text, parameterTypes);
        } catch (thrown) {
          throw toSourceError(thrown, sql);
        }
      },
      load: (entry) => this.#parts.models.load(entry, this.#catalog),
      temporaryName: () => `__augur_training_${this.id}_${++temporaryCount}`,
    };
  }

  #executorContext(scope: StatementScope): ExecutorContext {
    const activity = this.#activity;
    return {
      connection: this.#connection,
      catalog: this.#catalog,
      models: this.#parts.models,
      pool: this.#parts.pool,
      progress: this.#parts.progress,
      get signal() {
        return activity?.signal ?? new AbortController().signal;
      },
      user: this.#request.user,
      processId: this.id,
      parameters: scope.parameters,
      parameterTypes: scope.parameterTypes,
      isRepeated: scope.isRepeated === true,
      notice: (notice) => this.onNotice(notice),
      inTransaction: (block) => this.#transaction.run(block),
      refreshView: (view) => this.#statements.refreshView(view),
    };
  }
}
