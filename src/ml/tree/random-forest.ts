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
import { binPass, sketchPass } from './bin-mapper.ts';
import { FOREST_BINS, ForestGrowth } from './forest-growth.ts';
import { forestLossPass } from './forest-loss-pass.ts';
import { growthBytesPerRow, growthHeapBytes, slotCountMax } from './growth-workspace.ts';
import { histogramPass, strideOf } from './histogram-pass.ts';
import { labelFactsPass, labelSpreadPass } from './label-facts-pass.ts';
import { labelPass } from './label-pass.ts';
import { RandomForestModel } from './random-forest-model.ts';
import { ensembleBytes } from './tree-ensemble.ts';
import { checkForestColumns, checkTreeInteractions, randomForestOptions } from './tree-options.ts';

const passes: readonly AnyPass[] = [
  sketchPass,
  binPass,
  labelPass,
  labelSpreadPass,
  labelFactsPass,
  histogramPass,
  forestLossPass,
];

function estimate(shape: TrainingShape, options: CheckedOptions): TrainingEstimate {
  const trees = options.number('NUM_PARALLEL_TREE');
  const classes = shape.classCount > 2 ? shape.classCount : 0;
  const depth = options.number('MAX_TREE_DEPTH');
  const width = Math.max(1, shape.classCount);
  const nodes = Math.min(2 ** (Math.min(depth, 30) + 1) - 1, 2 * Math.max(1, shape.rowCount));
  const bytesPerRow = growthBytesPerRow(shape, slotCountMax(trees, shape.rowCount), 1) + 8 * width;
  return {
    iterations: 1,
    workspaceBytes: shape.rowCount * bytesPerRow,
    heapBytes: growthHeapBytes(shape, FOREST_BINS + 1, strideOf(classes), depth),
    modelBytes: ensembleBytes(nodes * trees, width),
  };
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
