/**
 * Statements that go through planner and executor. Plans of those that only read or change rows are kept (plan-cache.ts);
 * everything that is checked at every run, the transaction's state and read-only settings, is checked before this.
 */
import type { Batch, QueryResult, RowsResult, SqlType } from '../core/index.ts';
import { singleRow } from '../executor/index.ts';
import type { Statement } from '../parser/index.ts';
import { singleRowPlan, type PhysicalPlan, type SingleRowPlan } from '../planner/index.ts';
import type { KeptPlan, PlanCache } from './plan-cache.ts';
import { screenStatement } from './screen-statement.ts';
import type { SessionParts, StatementScope } from './session-parts.ts';
import type { SessionPrepared } from './session-prepared.ts';

/** Statements that leave tables, views, schemas, types and models as they are, by kind. */
const harmlessKinds: ReadonlySet<string> = new Set(
  (
    'empty read insert update delete merge begin commit rollback savepoint set set-transaction show copy ' +
    'prepare execute deallocate declare-cursor fetch close-cursor'
  ).split(' '),
);
const keptKinds: ReadonlySet<string> = new Set(['read', 'insert', 'update', 'delete', 'merge']);
const ourReads: ReadonlySet<string> = new Set(['show-models', 'describe-model', 'show-create-model']);
/** Of the statements that give rows, those that are not queries. */
const calls = /^\s*(?:pragma|call)\b/i;

/** Whether a statement may change what plans depend on. */
export function mayChangeDefinitions(statement: Statement): boolean {
  if (statement.kind !== 'plain') return !ourReads.has(statement.kind);
  return !harmlessKinds.has(statement.class.kind) || calls.test(statement.fragment.text);
}

/** Whether a statement's plan may be kept. */
function isKeepable(statement: Statement): boolean {
  return (
    statement.kind === 'plain' && keptKinds.has(statement.class.kind) && !calls.test(statement.fragment.text)
  );
}

/** A query's result that is one batch. */
function singleBatch(batch: Batch): RowsResult {
  const batches = async function* (): AsyncGenerator<Batch> {
    yield batch;
  };
  return {
    kind: 'rows',
    schema: batch.schema,
    batches: batches(),
    tag: (rowCount) => `SELECT ${rowCount}`,
  };
}

export class PlannedStatements {
  readonly #parts: SessionParts;
  readonly #plans: PlanCache;
  readonly #readAhead: () => Promise<void>;

  /** `readAhead` frees the connection of open cursors. */
  constructor(parts: SessionParts, readAhead: () => Promise<void>) {
    this.#parts = parts;
    this.#plans = parts.plans;
    this.#readAhead = readAhead;
  }

  /** Plans a statement that was screened before or is now; keeps the plan where that can be. */
  async plan(statement: Statement, scope: StatementScope): Promise<PhysicalPlan> {
    screenStatement(statement, this.#parts.connection);
    await this.#readAhead();
    const mark = this.#plans.mark();
    const physical = await this.#parts.plan(statement, scope.text, scope.parameterTypes);
    if (physical.kind === 'sql' && isKeepable(statement))
      this.#plans.keepPlan(mark, statement, physical, scope.parameterTypes);
    return physical;
  }

  /** The plan of an earlier run, if it still holds. */
  kept(statement: Statement, scope: StatementScope): KeptPlan | undefined {
    return this.#plans.plan(statement, scope.parameterTypes);
  }

  /** Runs a statement again. */
  async runKept(kept: KeptPlan, scope: StatementScope): Promise<QueryResult> {
    const result = await this.#runWithoutDatabase(kept, scope);
    if (result !== undefined) return result;
    await this.#readAhead();
    return this.#parts.execute(kept.physical, { ...scope, isRepeated: true });
  }

  /**
   * Runs a statement that was just planned without the database, if it can be: to learn that takes about as long as
   * running it there, so it is tried at once for what has parameters, and will be run again.
   */
  async runSingle(statement: Statement, scope: StatementScope): Promise<QueryResult | undefined> {
    const kept = scope.parameterTypes.length === 0 ? undefined : this.kept(statement, scope);
    return kept && this.#runWithoutDatabase(kept, scope);
  }

  async #runWithoutDatabase(kept: KeptPlan, scope: StatementScope): Promise<QueryResult | undefined> {
    kept.single ??= await this.#lookForSingle(kept);
    const { single } = kept;
    const batch = single === undefined || single === 'none' ? undefined : singleRow(single, scope.parameters);
    return batch && singleBatch(batch);
  }

  /** The row of a statement of which it is known that its plan needs no database; undefined for any other. */
  answerAtOnce(statement: Statement, scope: StatementScope): Batch | undefined {
    const single = this.kept(statement, scope)?.single;
    if (single === undefined || single === 'none') return undefined;
    try {
      return singleRow(single, scope.parameters);
    } catch {
      // Running it says what is wrong, and ends the block that it is in.
      return undefined;
    }
  }

  /** Undefined when it is to be tried again: a block must not fail of it. */
  async #lookForSingle({ physical, parameterTypes }: KeptPlan): Promise<SingleRowPlan | 'none' | undefined> {
    if (physical.calls.length === 0) return 'none';
    const { connection, transaction } = this.#parts;
    await this.#readAhead();
    try {
      const plan = await singleRowPlan(physical, parameterTypes, {
        describe: async (sql, types) => connection.describe(sql, types),
        rows: async (sql) => connection.rows(sql),
        isInBlock: transaction.isOpen,
      });
      return plan ?? (transaction.isOpen ? undefined : 'none');
    } catch {
      // Whatever is wrong with the statement, the general way says it, and in which place of the text.
      return undefined;
    }
  }

  /** A statement of a text that was prepared before, if what it depends on is as it was. */
  keptPrepared(
    statement: Statement | undefined,
    declared: readonly (SqlType | undefined)[],
  ): SessionPrepared | undefined {
    return statement && this.#plans.prepared(statement, declared);
  }

  /** Prepares, and keeps what was prepared where that can be. */
  async prepare(
    statement: Statement,
    declared: readonly (SqlType | undefined)[],
    prepare: () => Promise<SessionPrepared>,
  ): Promise<SessionPrepared> {
    const mark = this.#plans.mark();
    const prepared = await prepare();
    if (isKeepable(statement)) this.#plans.keepPrepared(mark, prepared, declared);
    return prepared;
  }
}
