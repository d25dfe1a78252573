/**
 * RANDOM_FOREST_CLASSIFIER and RANDOM_FOREST_REGRESSOR. Source: statements reference, 2.7: XGBoost's forest
 * mode, one round with learning rate 1, on the squared error of the label or of the class indicators. A leaf
 * holds the mean label, or the share of each class, of its rows, shrunk by L2_REG towards that of all rows;
 * trees are averaged.
 */
import { CLASS_COUNT_MAX } from '../../core/index.ts';
import type { AnyPass } from '../aggregate.ts';
import type { Estimator, TrainingEstimate, TrainingShape } from '../estimator.ts';
import type { CheckedOptions } from '../option.ts';
import { binColumnCount, binPass, sketchPass } from './bin-mapper.ts';
import { FOREST_BINS, ForestGrowth } from './forest-growth.ts';
import { forestLossPass } from './forest-loss-pass.ts';
import { laneBytes, laneCount, lanePlan, forestLayout } from './growth-lane.ts';
import { growthBytesPerRow, growthHeapBytes, slotCountMax } from './growth-workspace.ts';
import { histogramPass, strideOf } from './histogram-pass.ts';
import { labelFactsPass, labelSpreadPass } from './label-facts-pass.ts';
import { labelPass } from './label-pass.ts';
import { RandomForestModel } from './random-forest-model.ts';
import { growTreePass, markPass, unitWeightPass } from './tree-grow-pass.ts';
import { ensembleBytes } from './tree-ensemble.ts';
import { checkForestColumns, checkTreeInteractions, randomForestOptions } from './tree-options.ts';

const passes: readonly AnyPass[] = [
  sketchPass,
  binPass,
  labelPass,
  labelSpreadPass,
  labelFactsPass,
  histogramPass,
  unitWeightPass,
  markPass,
  growTreePass,
  forestLossPass,
];

/** Threads where nobody says how many there will be. */
const THREADS = 2;
/** Bytes of everything small outside shared memory: a tree while it is taken over, parts of the forest for its loss. */
const DRIVER_BYTES = 64 * 1024 * 1024;

function estimate(shape: TrainingShape, options: CheckedOptions): TrainingEstimate {
  const trees = options.number('NUM_PARALLEL_TREE');
  const depth = options.number('MAX_TREE_DEPTH');
  const width = Math.max(1, shape.classCount);
  const nodes = Math.min(2 ** (Math.min(depth, 30) + 1) - 1, 2 * Math.max(1, shape.rowCount));
  const growth = shape.classCount > 2 ? waveBytes(shape, trees, depth) : laneWorkspace(shape, trees, depth);
  return {
    iterations: 1,
    workspaceBytes: growth.workspaceBytes + shape.rowCount * 8 * width,
    heapBytes: growth.heapBytes,
    modelBytes: ensembleBytes(nodes * trees, width),
  };
}

type GrowthBytes = Pick<TrainingEstimate, 'workspaceBytes' | 'heapBytes'>;

function waveBytes(shape: TrainingShape, trees: number, depth: number): GrowthBytes {
  const bytesPerRow = growthBytesPerRow(shape, slotCountMax(trees, shape.rowCount), 1);
  return {
    workspaceBytes: shape.rowCount * bytesPerRow,
    heapBytes: growthHeapBytes(shape, FOREST_BINS + 1, strideOf(shape.classCount), depth),
  };
}

/** With lanes for records that sum, as rows may turn out to have weights. */
function laneWorkspace(shape: TrainingShape, trees: number, depth: number): GrowthBytes {
  const columns = Math.max(1, binColumnCount(shape.numericWidth, shape.categoryCount, shape.width));
  const plan = lanePlan(forestLayout(columns, false), shape.rowCount, depth);
  const lanes = laneCount(plan, trees, shape.threadCount ?? THREADS);
  // A mark a row, and what is lost where lanes are made of whole bytes a row.
  const bytesPerRow = growthBytesPerRow(shape, 0, 1) + 2;
  return { workspaceBytes: shape.rowCount * bytesPerRow + lanes * laneBytes(plan), heapBytes: DRIVER_BYTES };
}

function randomForest(modelType: string, isClassifier: boolean): Estimator {
  return {
    modelType,
    task: isClassifier ? 'classification' : 'regression',
    options: randomForestOptions(isClassifier),
    checkInteractions(options, written) {
      checkTreeInteractions(options, written);
      checkForestColumns(options, written);
    },
    encoding: () => ({ numeric: 'raw', category: 'label', timestamp: 'refuse' }),
    classCountMax: CLASS_COUNT_MAX,
    passes,
    estimate,
    fit: (context) => new ForestGrowth(context, modelType).fit(),
    restore: (artifact) => RandomForestModel.restore(artifact),
  };
}

export const randomForestClassifier: Estimator = randomForest('RANDOM_FOREST_CLASSIFIER', true);
export const randomForestRegressor: Estimator = randomForest('RANDOM_FOREST_REGRESSOR', false);
