/** What is to be done, with every name resolved: one node a kind of statement. */
import type { ModelEntry } from '../catalog/index.ts';
import type { Column, Schema, Value } from '../core/index.ts';
import type { CheckedOptions, Estimator } from '../ml/index.ts';
import type { CreateModelStatement, PlainStatement } from '../parser/index.ts';
import type { BoundFragment } from './ml-call.ts';

/** How rows are split, with the column that drives it. */
export interface SplitRule {
  readonly method: 'AUTO_SPLIT' | 'RANDOM' | 'CUSTOM' | 'SEQ' | 'NO_SPLIT';
  /** RANDOM and SEQ: share of evaluation rows, when written. */
  readonly evaluationFraction: number | undefined;
  readonly column: Column | undefined;
}

export interface LogicalCreateModel {
  readonly kind: 'create-model';
  readonly statement: CreateModelStatement;
  readonly schemaName: string;
  readonly name: string;
  readonly estimator: Estimator;
  readonly options: CheckedOptions;
  /** Warnings of the option check: options without effect here. */
  readonly warnings: readonly string[];
  readonly source: BoundFragment;
  readonly features: readonly Column[];
  readonly label: Column | undefined;
  readonly weight: Column | undefined;
  /** k-means' KMEANS_INIT_COL. */
  readonly initial: Column | undefined;
  readonly split: SplitRule;
  /** The model to go on from, under WARM_START. */
  readonly previous: ModelEntry | undefined;
}

/** IF NOT EXISTS met an existing model: nothing to do but to say so. */
export interface LogicalSkip {
  readonly kind: 'skip';
  readonly tag: string;
  readonly notice: string;
}

export interface LogicalQuery {
  readonly kind: 'query';
  readonly statement: PlainStatement;
  readonly bound: BoundFragment;
}

export interface LogicalDropModel {
  readonly kind: 'drop-model';
  readonly entry: ModelEntry;
}

export interface LogicalAlterModel {
  readonly kind: 'alter-model';
  readonly entry: ModelEntry;
  readonly comment: string | null | undefined;
  readonly labels: readonly (readonly [string, string])[] | undefined;
}

/** Rows that are known when the plan is: SHOW MODELS, DESCRIBE MODEL, SHOW CREATE MODEL. */
export interface LogicalRows {
  readonly kind: 'rows';
  readonly schema: Schema;
  readonly rows: readonly (readonly Value[])[];
  readonly tag: string;
}

export interface LogicalExplain {
  readonly kind: 'explain';
  readonly isAnalyze: boolean;
  readonly plan: LogicalCreateModel;
}

export type LogicalPlan =
  | LogicalCreateModel
  | LogicalSkip
  | LogicalQuery
  | LogicalDropModel
  | LogicalAlterModel
  | LogicalRows
  | LogicalExplain;
