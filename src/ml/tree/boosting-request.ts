/** What the pass between two rounds of boosting is asked for, and what it answers. */
import type { FixedPoint } from '../kernel/fixed-point.ts';
import type { BinnedTree } from '../kernel/tree-kernel.ts';
import type { BoostingObjective } from './boosting-objective.ts';

export interface BoostingRequest {
  readonly objective: BoostingObjective;
  readonly base: readonly number[];
  readonly columnCount: number;
  /** Trees to add, each to one output. */
  readonly trees: readonly { readonly output: number; readonly tree: BinnedTree }[];
  /** Whether rows are records. */
  readonly usesRecords: boolean;
  /** Whether it is the first pass over these rows: records get their labels and numbers. */
  readonly isFirst: boolean;
  /** Whether all rows have weight 1. */
  readonly isUnweighted: boolean;
  /** Whether the last of the trees was grown last, so that the records know where they stand in it. */
  readonly isGrown: boolean;
  readonly writeGradients: boolean;
  /** Units that gradients are rounded to. */
  readonly units: FixedPoint;
}

/** Weighted sums of losses and of absolute errors (squared objective only). */
export interface BoostingPartial {
  loss: number;
  error: number;
  /** The greatest weighted absolute error of a row; squared objective only. */
  errorMax: number;
}
