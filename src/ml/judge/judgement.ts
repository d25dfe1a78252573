/** How good a model is on the rows of a training: the numbers of ML.EVALUATE, the confusion matrix and the ROC curve. */
import type { CurvePoint } from './rank-curve.ts';

export interface Judgement {
  /** ML.EVALUATE's columns in their order (functions reference, 2.2 to 2.4). */
  readonly metrics: readonly (number | null)[];
  /** Classifiers: rows by actual and predicted class, in class order; else empty. */
  readonly confusion: readonly (readonly number[])[];
  /** Classifiers of two classes. */
  readonly curve: readonly CurvePoint[] | undefined;
  /** Rows of each class, in class order; else empty. */
  readonly classRowCounts: readonly number[];
}
