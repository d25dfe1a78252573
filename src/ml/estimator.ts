/**
 * The contract between an algorithm and the engine. An estimator learns; a model is learned and immutable.
 */
import type { Schema, Value } from '../core/index.ts';
import type { Aggregator, AnyPass } from './aggregate.ts';
import type { ModelArtifact } from './artifact.ts';
import type { ColumnScoring } from './column-scoring.ts';
import type { Dataset } from './dataset.ts';
import type { NumberScaling } from './encode/number-scaling.ts';
import type { FeatureEncoder } from './encode/feature-encoder.ts';
import type { CheckedOptions, OptionSchema, WrittenOption } from './option.ts';
import type { Scorer } from './scorer.ts';

export type Task = 'regression' | 'classification' | 'clustering';

/**
 * How an estimator wants its features.
 *
 *   numeric    `standardize`: (x - mean) / sd with missing values at the mean; `center` only subtracts;
 *              `raw` keeps values, missing as NaN
 *   category   `indicator`: one block a column (all categories); `dummy` drops the most frequent one;
 *              `label`: one raw numeric column, 1…N alphabetically, 0 for NULL and unseen;
 *              `target`: one numeric column, the category's mean label (probability of the positive class;
 *              one column a class when there are more than two);
 *              `code`: one block a column, for estimators that split on categories
 *   timestamp  `expand` (seconds and seven calendar categories), or not accepted
 */
export interface EncodingRequest {
  readonly numeric: 'standardize' | 'center' | 'raw';
  readonly category: 'indicator' | 'dummy' | 'label' | 'target' | 'code';
  readonly timestamp: 'expand' | 'refuse';
}

/** One row of ML.TRAINING_INFO. */
export interface IterationReport {
  readonly iteration: number;
  readonly loss: number;
  readonly evaluationLoss?: number | undefined;
  readonly learningRate?: number | undefined;
  readonly durationMs: number;
  /** k-means only. */
  readonly clusters?: readonly ClusterFacts[] | undefined;
}

/** A cluster of the training rows: root mean square distance to its centroid in model space, and rows. */
export interface ClusterFacts {
  readonly radius: number;
  readonly size: number;
}

/** Everything a fit may use. */
export interface FitContext {
  readonly dataset: Dataset;
  readonly options: CheckedOptions;
  readonly aggregator: Aggregator;
  /** Names and widths of the encoded columns; statistics of the inputs. */
  readonly encoder: FeatureEncoder;
  /** Seed of every random choice. */
  readonly seed: number;
  /** The model to go on from, under WARM_START. */
  readonly previous: Model | undefined;
  /** Call after each iteration: feeds progress notices and ML.TRAINING_INFO. */
  report(iteration: IterationReport): void;
  /** A warning for the client (for instance: no convergence). */
  warn(message: string): void;
}

/** A small relation that a model can show: ML.WEIGHTS, ML.CENTROIDS, ML.FEATURE_IMPORTANCE, … */
export interface ModelTable {
  readonly schema: Schema;
  readonly rows: readonly (readonly Value[])[];
}

/** Which table of a model is asked for, and with which setting. */
export interface ModelTableRequest {
  readonly name:
    | 'weights'
    | 'advanced_weights'
    | 'centroids'
    | 'centroid_distances'
    | 'feature_importance'
    | 'tree'
    | 'tree_text';
  /** ML.WEIGHTS and ML.CENTROIDS: values on standardised inputs. */
  readonly standardize: boolean;
  /** Label of each class, in class order, as text; empty unless classification. */
  readonly classLabels: readonly string[];
}

/** A learned model. Immutable; scoring is deterministic. */
export interface Model extends Scorer {
  readonly modelType: string;
  readonly task: Task;
  /**
   * Clustering: radius (root mean square distance) and size of each cluster of the training rows, where the fit has
   * measured them to the final centroids. Judging then scores nothing.
   */
  readonly trainingClusters?: readonly ClusterFacts[] | undefined;
  /**
   * Workspace of the training that made the model, with what `scoreKept` needs of the rows of both splits. Judging then
   * scores nothing anew. Of no use once the training has ended.
   */
  readonly keptScores?: string | undefined;
  /**
   * How rows are scored from columns of numbers that the encoder scales in this way; undefined where encoded rows are
   * needed, `later` if it does not pay for so few rows.
   */
  columnScoring?(scalings: readonly NumberScaling[], rowCount: number): ColumnScoring | 'later' | undefined;
  /** The table, or undefined if this kind of model has none of that name. */
  table(request: ModelTableRequest, encoder: FeatureEncoder): ModelTable | undefined;
  toArtifact(): ModelArtifact;
}

/** What is known before training: for EXPLAIN and for the memory budget. */
export interface TrainingEstimate {
  /** Iterations at most. */
  readonly iterations: number;
  /** Bytes of shared memory beyond the encoded rows themselves (workspaces). */
  readonly workspaceBytes: number;
  /** Bytes outside it: partials and the driver's own arrays. */
  readonly heapBytes: number;
  /** Bytes of the model's artifact, roughly. */
  readonly modelBytes: number;
}

/** Shape of the training data, known or estimated before it is loaded. */
export interface TrainingShape {
  readonly rowCount: number;
  readonly numericWidth: number;
  readonly categoryCount: number;
  readonly width: number;
  readonly classCount: number;
  /** Threads that will train; 2 if not given. */
  readonly threadCount?: number;
}

/** An algorithm. Stateless; knows no SQL, no file and no thread. */
export interface Estimator {
  /** As MODEL_TYPE names it, upper case. */
  readonly modelType: string;
  readonly task: Task;
  readonly options: readonly OptionSchema[];
  /**
   * Refuses combinations of options that no schema entry can see (statements reference, 3.13). Throws
   * EngineError.
   */
  checkInteractions(options: CheckedOptions, written: readonly WrittenOption[]): void;
  encoding(options: CheckedOptions): EncodingRequest;
  /** Classes a classifier takes at most. */
  readonly classCountMax: number;
  /** The passes its fit runs; workers find them here by name. */
  readonly passes: readonly AnyPass[];
  estimate(shape: TrainingShape, options: CheckedOptions): TrainingEstimate;
  /**
   * Throws EngineError for data it cannot learn from. Must call aggregator.checkpoint() at least every
   * iteration.
   */
  fit(context: FitContext): Promise<Model>;
  /** The model of an artifact that `toArtifact` made, in this or an earlier format version. */
  restore(artifact: ModelArtifact): Model;
}
