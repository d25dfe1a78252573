/** Training rows in shared memory: what an estimator knows of them, and what a pass sees of one partition. */
import type { EncodedRows, FeatureLayout } from './layout.ts';

/** Which rows a pass runs over. */
export type Split = 'training' | 'evaluation';

/** Element type of a workspace. */
export type WorkspaceKind = 'uint8' | 'uint16' | 'int32' | 'float32' | 'float64';

/** Typed array of a workspace kind. */
export type WorkspaceArray = Uint8Array | Uint16Array | Int32Array | Float32Array | Float64Array;

/** Resident rows that one pass call works on. Arrays are views on shared memory; nothing is copied. */
export interface Partition extends EncodedRows {
  readonly split: Split;
  /** Position among the partitions of its split; random streams are seeded with it. */
  readonly index: number;
  /** Number of the partition's first row within its split. */
  readonly firstRow: number;
  /** Class index (0-based, in ascending label order) or value; empty without labels. */
  readonly label: Float64Array;
  /** Row weight, class weights multiplied in; always rowCount long. */
  readonly weight: Float64Array;
  /**
   * A per-row scratch array that the fit allocated: `perRow × rowCount` elements (column-major: perRow
   * columns).
   */
  workspace(name: string): WorkspaceArray;
}

/** What an estimator may know of its rows without touching them. */
export interface Dataset {
  readonly layout: FeatureLayout;
  readonly trainingRowCount: number;
  /** 0 without a split. */
  readonly evaluationRowCount: number;
  /** Partitions of the training rows; depends on the row count alone. */
  readonly partitionCount: number;
  /** Classes of a classification (at least 2 unless the data has one only); 0 otherwise. */
  readonly classCount: number;
  /** Training rows of each class before weighting, in class order; empty unless classification. */
  readonly classRowCounts: readonly number[];
}
