/** What a histogram pass is asked for, and what it answers. */
import type { FixedPoint } from '../kernel/fixed-point.ts';

/** Nodes that were split since the last pass. */
export interface AppliedSplits {
  readonly node: Int32Array;
  readonly column: Int32Array;
  readonly left: Int32Array;
  readonly binSets: Int32Array;
}

/** What to do for one tree. */
export interface SlotRequest {
  readonly slot: number;
  /** Which column of facts it fits. */
  readonly output: number;
  /** At the start of a tree: share of rows to draw, and the seed of the draw. */
  readonly begin: { readonly share: number; readonly seed: number } | undefined;
  readonly splits: AppliedSplits | undefined;
  /** Nodes whose histogram is wanted, in this order. */
  readonly build: readonly number[];
  /** Nodes whose rows are wanted. */
  readonly collect: readonly number[];
}

export interface HistogramRequest {
  readonly binStart: Int32Array;
  /** Classes of a class histogram; 0 for gradient histograms. */
  readonly classCount: number;
  readonly units: FixedPoint;
  readonly slots: readonly SlotRequest[];
}

/** Rows of one node of one partition. */
export interface CollectedRows {
  readonly slot: number;
  readonly node: number;
  readonly rowCount: number;
  /** Row-major. */
  readonly bins: Uint8Array;
  /** Two numbers a row: gradient and hessian, or class and weight. */
  readonly facts: Float64Array;
}

export interface HistogramPartial {
  /** The wanted histograms end to end: slots in order, each slot's nodes in order. */
  readonly histograms: Float64Array;
  readonly collected: CollectedRows[];
}
