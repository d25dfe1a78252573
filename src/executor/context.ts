/** What an operator may use: the session's own connection, catalogue, models and means of telling its client. */
import type { Catalog, ModelView } from '../catalog/index.ts';
import type { Notice, Parameter, SqlType } from '../core/index.ts';
import type { DatabaseConnection } from '../database/index.ts';
import type { WorkerPool } from '../ml/index.ts';
import type { ModelCache } from './model-cache.ts';
import type { ProgressBoard } from './progress-board.ts';

export interface ExecutorContext {
  /** Runs statements of ours and lowered ones; users' own text was screened before. */
  readonly connection: DatabaseConnection;
  readonly catalog: Catalog;
  readonly models: ModelCache;
  readonly pool: WorkerPool;
  readonly progress: ProgressBoard;
  /** Aborted when the session's statement is cancelled. */
  readonly signal: AbortSignal;
  readonly user: string;
  /** Process id of the session, for augur.progress. */
  readonly processId: number;
  readonly parameters: readonly Parameter[];
  readonly parameterTypes: readonly SqlType[];
  /** Whether the statement has run before, and is worth keeping prepared. */
  readonly isRepeated: boolean;
  notice(notice: Notice): void;
  /** Runs a block in the session's transaction, or in one of its own that commits at its end. */
  inTransaction<Result>(block: () => Promise<Result>): Promise<Result>;
  /** Lowers a view's statement again, after a model it reads was replaced. */
  refreshView(view: ModelView): Promise<void>;
}
