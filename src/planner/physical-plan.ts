/** How it is done: one node an operator of the executor. */
import type { ModelEntry } from '../catalog/index.ts';
import type { Column, Schema } from '../core/index.ts';
import type { CheckedOptions, EncodingRequest, Estimator, FeatureInput } from '../ml/index.ts';
import type { PlainStatement } from '../parser/index.ts';
import type { SparseFeature } from './feature.ts';
import type {
  LogicalAlterModel,
  LogicalDropModel,
  LogicalRows,
  LogicalSkip,
  SplitRule,
} from './logical-plan.ts';
import type { BoundCall } from './ml-call.ts';
import type { SqlText } from './sql-text.ts';

/** A model input as a column of the training relation: `x0`, `x1`, …. */
export interface TrainingInput {
  readonly input: FeatureInput;
  readonly column: string;
  /** Over the source relation's columns. */
  readonly sql: string;
  /** Sparse vectors are kept as they are in the training relation and made dense once their length is known. */
  readonly sparse: SparseFeature | undefined;
}

/** The training: the query is run once into a temporary relation, encoded into partitions, and learned from. */
export interface PhysicalCreateModel {
  readonly kind: 'create-model';
  readonly schemaName: string;
  readonly name: string;
  readonly orReplace: boolean;
  readonly statementText: string;
  readonly estimator: Estimator;
  readonly options: CheckedOptions;
  readonly encoding: EncodingRequest;
  readonly warnings: readonly string[];
  readonly source: SqlText;
  readonly features: readonly Column[];
  readonly inputs: readonly TrainingInput[];
  readonly label: Column | undefined;
  readonly weight: Column | undefined;
  readonly initial: Column | undefined;
  readonly split: SplitRule;
  readonly previous: ModelEntry | undefined;
  /** Name of the temporary relation; its columns are x0…, y, w, k and what the split needs. */
  readonly relation: string;
}

/** Plain SQL for the embedded database, ML calls already in its words. */
export interface PhysicalSql {
  readonly kind: 'sql';
  readonly statement: PlainStatement;
  readonly sql: SqlText;
  /** Models read; a CREATE VIEW keeps them as its dependencies. */
  readonly models: readonly ModelEntry[];
  /** The ML calls of the statement itself, as bound. */
  readonly calls: readonly BoundCall[];
}

/** Nodes that need no lowering: what is to be done says how. */
export type PhysicalSkip = LogicalSkip;
export type PhysicalDropModel = LogicalDropModel;
export type PhysicalAlterModel = LogicalAlterModel;
export type PhysicalRows = LogicalRows;

export interface PhysicalExplain {
  readonly kind: 'explain';
  readonly isAnalyze: boolean;
  readonly plan: PhysicalCreateModel;
}

export type PhysicalPlan =
  | PhysicalCreateModel
  | PhysicalSql
  | PhysicalSkip
  | PhysicalDropModel
  | PhysicalAlterModel
  | PhysicalRows
  | PhysicalExplain;

/** Columns that a plan's result will have; undefined when it gives no rows (or only the database knows). */
export function planSchema(plan: PhysicalPlan): Schema | undefined {
  if (plan.kind === 'rows') return plan.schema;
  return plan.kind === 'explain' ? explainSchema : undefined;
}

/** EXPLAIN prints text, one line a row, as PostgreSQL does. */
export const explainSchema: Schema = [{ name: 'QUERY PLAN', type: { kind: 'text' } }];
