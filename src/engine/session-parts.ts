/** What sessions share, and what the statements of one session need of it. */
import type { Catalog } from '../catalog/index.ts';
import type { Log, Notice, Parameter, QueryResult, SqlType } from '../core/index.ts';
import type { Database, DatabaseConnection, PostgresCatalog } from '../database/index.ts';
import type { ModelCache, ProgressBoard } from '../executor/index.ts';
import type { ScoringThreads, WorkerPool } from '../ml/index.ts';
import type { Statement } from '../parser/index.ts';
import type { PhysicalPlan } from '../planner/index.ts';
import type { DefinitionClock } from './definition-clock.ts';
import type { PlanCache } from './plan-cache.ts';
import type { Session, SessionRequest } from './session-contract.ts';
import type { Settings } from './setting.ts';
import type { Transaction } from './transaction.ts';

/** What all sessions of an engine share. */
export interface EngineParts {
  readonly database: Database;
  readonly postgresCatalog: PostgresCatalog;
  readonly pool: WorkerPool;
  readonly scoringThreads: ScoringThreads;
  readonly models: ModelCache;
  readonly progress: ProgressBoard;
  readonly log: Log;
  readonly definitions: DefinitionClock;
  /** Cancels what a session runs, or ends the session; false when there is no such session. */
  signalSession(processId: number, verb: 'cancel' | 'terminate'): boolean;
}

/** The script a statement stands in, and its parameters. */
export interface StatementScope {
  readonly text: string;
  readonly parameters: readonly Parameter[];
  readonly parameterTypes: readonly SqlType[];
  /** Whether the statement has run before: the database then keeps it prepared. */
  readonly isRepeated?: true;
}

/** What statements need of their session. */
export interface SessionParts {
  readonly session: Session;
  readonly request: SessionRequest;
  readonly databaseName: string;
  readonly connection: DatabaseConnection;
  readonly parts: EngineParts;
  readonly catalog: Catalog;
  readonly settings: Settings;
  readonly transaction: Transaction;
  readonly plans: PlanCache;
  notice(notice: Notice): void;
  parse(text: string): readonly Statement[];
  plan(
    statement: Statement,
    text: string,
    parameterTypes: readonly (SqlType | undefined)[],
  ): Promise<PhysicalPlan>;
  execute(plan: PhysicalPlan, scope: StatementScope): Promise<QueryResult>;
}
