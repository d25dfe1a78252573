/** What the planner asks of the world. The session supplies it; the planner opens no connection itself. */
import type { Catalog, ModelEntry } from '../catalog/index.ts';
import type { Schema, SqlType } from '../core/index.ts';
import type { FeatureEncoder, Model } from '../ml/index.ts';
import type { SqlText } from './sql-text.ts';

/** A model with its learned parts in memory. */
export interface LoadedModel {
  readonly entry: ModelEntry;
  readonly model: Model;
  readonly encoder: FeatureEncoder;
}

/** A described statement: what its parameters are and which columns it gives. */
export interface Description {
  readonly parameterTypes: readonly (SqlType | undefined)[];
  readonly schema: Schema | undefined;
}

export interface PlannerContext {
  readonly catalog: Catalog;
  /** Types the client declared for `$1`, `$2`, …; undefined where it did not. */
  readonly parameterTypes: readonly (SqlType | undefined)[];
  /** Schema where unqualified names are created. */
  readonly defaultSchema: string;
  readonly databaseName: string;
  /** WITH lists around what is being bound, outermost first: `WITH a AS (…)`. None at the top. */
  readonly scopes: readonly SqlText[];
  /** Describes SQL in the session's transaction; errors carry positions of the client's text. */
  describe(sql: SqlText): Promise<Description>;
  /** The model's learned parts, from memory or from its artifact. */
  load(entry: ModelEntry): Promise<LoadedModel>;
  /** A name for a temporary relation that no other statement of the session uses. */
  temporaryName(): string;
}
