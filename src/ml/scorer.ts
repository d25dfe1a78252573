/** What can score encoded rows: every model, and all that judging asks of one. */
import type { WorkspaceArray } from './dataset.ts';
import type { Kernel } from './kernel/kernel.ts';
import type { EncodedRows } from './layout.ts';

export interface Scorer {
  /**
   * Numbers that `score` writes for one row: 1 (regression), the class count (classification), k
   * (clustering).
   */
  readonly scoreWidth: number;
  /**
   * Scores rows encoded by the encoder the model was fitted with. Regression: the prediction. Classification:
   * the probability of each class in class order, summing to 1. Clustering: the distance to each centroid.
   * `output` holds rowCount × scoreWidth numbers, row-major. `kernel`: a thread's own, when the rows lie in its memory;
   * the scores are the same without.
   */
  score(rows: EncodedRows, output: Float64Array, kernel?: Kernel): void;
  /**
   * The same scores, but for rounding, out of what the training kept of its rows (`Model.keptScores`): of `count` rows
   * of a partition from `first` on, whose workspace is `kept`.
   */
  scoreKept?(kept: WorkspaceArray, first: number, count: number, output: Float64Array): void;
}
