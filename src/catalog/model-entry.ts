/** A model as the catalogue keeps it. The artifact is opaque here. */
import type { Schema, SqlType, Value } from '../core/index.ts';

/** A feature as the training query gave it (before structs are flattened). */
export interface FeatureColumn {
  readonly name: string;
  readonly type: SqlType;
}

/** The label of a supervised model. */
export interface LabelColumn {
  readonly name: string;
  readonly type: SqlType;
  /** Classes in ascending order, as values of `type`; empty for regression. */
  readonly classes: readonly Value[];
}

/**
 * A small relation that was computed at training: evaluation, confusion matrix, ROC curve, training and
 * feature info.
 */
export interface StoredTable {
  readonly schema: Schema;
  readonly rows: readonly (readonly Value[])[];
}

/** One version of one model. */
export interface ModelEntry {
  readonly schemaName: string;
  readonly name: string;
  /** Unique for ever, in the whole database; a replaced model gets a new one. */
  readonly versionId: string;
  /** 1 for the first model of the name, then one more at each replacement. */
  readonly versionNumber: number;
  readonly modelType: string;
  readonly task: 'regression' | 'classification' | 'clustering';
  /** Microseconds since 1970-01-01 UTC. */
  readonly createdAt: bigint;
  readonly owner: string;
  readonly comment: string | undefined;
  readonly labels: readonly (readonly [string, string])[];
  /** Every option with its value, defaults included; and which were written. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly writtenOptions: readonly string[];
  /** The CREATE MODEL statement, as written. */
  readonly statementText: string;
  readonly features: readonly FeatureColumn[];
  readonly label: LabelColumn | undefined;
  readonly trainingRowCount: number;
  readonly evaluationRowCount: number;
  /** FeatureEncoder as JSON. */
  readonly encoder: unknown;
  /** By name: training_info, feature_info, evaluate, confusion_matrix, roc_curve. */
  readonly tables: Readonly<Record<string, StoredTable>>;
  readonly artifactBytes: number;
  /** SHA-256 of the artifact, hexadecimal. */
  readonly artifactChecksum: string;
}
