/**
 * A training from its opening to its end: what is asked for, and what a fit and the loader of its rows are
 * given.
 */
import { invalidData } from '../../core/index.ts';
import type { Aggregator } from '../aggregate.ts';
import type { Dataset } from '../dataset.ts';
import type { FeatureLayout } from '../layout.ts';
import type { MemoryShape } from './memory-plan.ts';
import type { TrainingMemory } from './training-memory.ts';

/** Shape of a training, known once its rows were counted and its encoder was learned. */
export interface TrainingRequest {
  readonly layout: FeatureLayout;
  readonly trainingRowCount: number;
  /** 0 without a split. */
  readonly evaluationRowCount: number;
  /** Whether rows carry a number beside their features: a label, or the initial-centroid flag of k-means. */
  readonly hasLabel: boolean;
  /** 0 unless classification. */
  readonly classCount: number;
  readonly classRowCounts: readonly number[];
  /**
   * Aborting it cancels the training: passes stop, and whatever runs or checks next throws query-cancelled.
   */
  readonly signal: AbortSignal;
  /** What `Estimator.estimate` said of its per-row scratch arrays. */
  readonly workspaceBytes: number;
  /** What it said of everything else, which the budget must hold, too. */
  readonly heapBytes?: number;
}

/** An open training. `dispose` must be called once, whatever happened; it gives the memory back. */
export interface Training {
  readonly memory: TrainingMemory;
  readonly dataset: Dataset;
  readonly aggregator: Aggregator;
  dispose(): void;
}

/** What fixes a memory's layout, for so many threads with a compiled kernel. Throws 22000 when no row is there to learn from. */
export function memoryShapeOf(request: TrainingRequest, threadCount: number): MemoryShape {
  const { layout, trainingRowCount, evaluationRowCount, hasLabel } = request;
  if (trainingRowCount === 0) {
    throw invalidData(
      'there are no training rows',
      evaluationRowCount > 0 ? `All ${evaluationRowCount} rows went to the evaluation data.` : undefined,
      'Check the training query and how its rows are split.',
    );
  }
  return { layout, trainingRowCount, evaluationRowCount, hasLabel, scratchAreas: threadCount };
}

/** The dataset that an estimator sees, from the request. */
export function datasetOf(request: TrainingRequest, memory: TrainingMemory): Dataset {
  return {
    layout: request.layout,
    trainingRowCount: request.trainingRowCount,
    evaluationRowCount: request.evaluationRowCount,
    partitionCount: memory.partitions('training').length,
    classCount: request.classCount,
    classRowCounts: request.classRowCounts,
  };
}
