/** Scratch arrays that growing trees takes, and how many trees grow at a time. */
import type { Aggregator } from '../aggregate.ts';
import type { Dataset } from '../dataset.ts';
import type { CheckedOptions } from '../option.ts';
import { binColumnCount, type BinMapper } from './bin-mapper.ts';
import type { TrainingEstimate, TrainingShape } from '../estimator.ts';
import { LOCAL_ROWS, type GrowthRules } from './growth.ts';
import { ORDER_WORKSPACE, strideOf } from './histogram-pass.ts';
import { recordLayout } from '../kernel/record-kernel.ts';
import { arenaBytes, arenaPlan, jobsOf } from './node-arena.ts';
import { NODE_WORKSPACE } from './node-runs.ts';
import { KEPT_BYTES } from './tree-levels.ts';

/** Threads that train unless it is said. */
const THREADS = 2;
/** Trees that share a pass at most: enough to keep workers busy. */
const SLOT_COUNT_MAX = 16;
/** Rows of all trees of a wave, roughly at most. */
const WAVE_ROWS = 4_000_000;
/** Bytes of the root histograms of a wave, roughly at most. */
const ROOT_BYTES = 16 * 1024 * 1024;
/** Bytes of everything small: trees while they grow, rows picked up, the code's own. */
const DRIVER_BYTES = 32 * 1024 * 1024;

/** Trees of a wave, before the bins are known. */
export function slotCountMax(treeCount: number, rowCount: number): number {
  return Math.max(1, Math.min(SLOT_COUNT_MAX, treeCount, Math.floor(WAVE_ROWS / Math.max(1, rowCount))));
}

/** Trees of a wave. */
export function slotCount(
  treeCount: number,
  dataset: Dataset,
  mapper: BinMapper,
  classCount: number,
): number {
  const bytes = mapper.binStart.at(-1)! * strideOf(classCount) * 8;
  const fitting = Math.max(1, Math.floor(ROOT_BYTES / bytes));
  return Math.min(fitting, slotCountMax(treeCount, dataset.trainingRowCount));
}

/** Bytes a row of the workspaces of bins, order, nodes and facts. */
export function growthBytesPerRow(shape: TrainingShape, slots: number, outputs: number): number {
  const columns = binColumnCount(shape.numericWidth, shape.categoryCount, shape.width) + 1;
  return 2 * columns + 8 * slots + 16 * outputs;
}

/** Bytes of records, nodes, facts and histograms, and of the thread that decides, where rows are records. */
export function recordGrowthBytes(
  shape: TrainingShape,
  outputs: number,
  depthMax: number,
): Pick<TrainingEstimate, 'workspaceBytes' | 'heapBytes'> {
  const columns = binColumnCount(shape.numericWidth, shape.categoryCount, shape.width) + 1;
  const bytesPerRow = recordLayout(columns).bytes + 4 + 16 * outputs;
  const jobs = jobsOf(shape.threadCount ?? THREADS);
  const arena = arenaPlan(columns, shape.rowCount, depthMax, jobs);
  return { workspaceBytes: shape.rowCount * bytesPerRow + arenaBytes(arena), heapBytes: DRIVER_BYTES };
}

/**
 * Bytes outside shared memory, at most: histograms kept for a level and those of a pass, and the driver's.
 */
export function growthHeapBytes(
  shape: TrainingShape,
  binsPerColumn: number,
  stride: number,
  depthMax: number,
): number {
  const columns = binColumnCount(shape.numericWidth, shape.categoryCount, shape.width);
  const histogram = columns * binsPerColumn * stride * 8;
  const nodes = Math.min(2 ** Math.min(depthMax, 30), Math.ceil(shape.rowCount / LOCAL_ROWS));
  return DRIVER_BYTES + Math.min(KEPT_BYTES, nodes * histogram) + 4 * Math.max(ROOT_BYTES, histogram);
}

/** Allocates what `tree-grower.ts` needs, bins and facts apart. */
export function allocateGrowth(aggregator: Aggregator, slots: number): void {
  aggregator.allocate(ORDER_WORKSPACE, 'int32', slots);
  aggregator.allocate(NODE_WORKSPACE, 'int32', slots);
}

/** Rules of boosted trees and forests. */
export function rulesOf(options: CheckedOptions, depthMax: number): GrowthRules {
  return {
    depthMax,
    limits: { rows: 1, weight: options.number('MIN_TREE_CHILD_WEIGHT') },
    weightFraction: 0,
    gainMin: options.number('MIN_SPLIT_LOSS'),
    isGainPerWeight: false,
    shares: {
      byTree: options.number('COLSAMPLE_BYTREE'),
      byLevel: options.number('COLSAMPLE_BYLEVEL'),
      byNode: options.number('COLSAMPLE_BYNODE'),
    },
    rowShare: options.number('SUBSAMPLE'),
  };
}
