/**
 * DECISION_TREE_CLASSIFIER and DECISION_TREE_REGRESSOR: CART with MLlib's options and rules. Source:
 * MLlib reference, 5.
 *
 * Beyond it: categories of a binary class are ordered by their share of class 1 (MLlib: by its count); a
 * missing value goes the way that decreases impurity most in training, or with the heavier side where
 * training saw none; MAX_BINS bounds thresholds only, not categories. Leaves that predict the same class are
 * merged under PRUNE only: merging them, as MLlib does, makes probabilities coarser.
 */
import { CLASS_COUNT_MAX } from '../../core/index.ts';
import type { AnyPass } from '../aggregate.ts';
import type { Estimator, TrainingEstimate, TrainingShape } from '../estimator.ts';
import type { CheckedOptions } from '../option.ts';
import { binPass, sketchPass } from './bin-mapper.ts';
import { DecisionTreeGrowth } from './decision-tree-growth.ts';
import { DecisionTreeModel } from './decision-tree-model.ts';
import { forestLossPass } from './forest-loss-pass.ts';
import { growthBytesPerRow, growthHeapBytes } from './growth-workspace.ts';
import { histogramPass, strideOf } from './histogram-pass.ts';
import { labelFactsPass, labelSpreadPass } from './label-facts-pass.ts';
import { labelPass } from './label-pass.ts';
import { ensembleBytes } from './tree-ensemble.ts';
import { checkTreeInteractions, decisionTreeOptions } from './tree-options.ts';

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
  const width = Math.max(1, shape.classCount);
  const classes = shape.classCount === 2 ? 0 : shape.classCount;
  const depth = options.number('MAX_TREE_DEPTH');
  const nodes = Math.min(2 ** (depth + 1) - 1, 2 * Math.max(1, shape.rowCount));
  return {
    iterations: 1,
    workspaceBytes: shape.rowCount * (growthBytesPerRow(shape, 1, 1) + 8 * width),
    heapBytes: growthHeapBytes(shape, options.number('MAX_BINS') + 1, strideOf(classes), depth),
    modelBytes: ensembleBytes(nodes, width) + nodes * (16 + 8 * width),
  };
}

function decisionTree(modelType: string, isClassifier: boolean): Estimator {
  return {
    modelType,
    task: isClassifier ? 'classification' : 'regression',
    options: decisionTreeOptions(isClassifier),
    checkInteractions: checkTreeInteractions,
    encoding: () => ({ numeric: 'raw', category: 'code', timestamp: 'refuse' }),
    classCountMax: CLASS_COUNT_MAX,
    passes,
    estimate,
    fit: (context) => new DecisionTreeGrowth(context, modelType).fit(),
    restore: (artifact) => DecisionTreeModel.restore(artifact),
  };
}

export const decisionTreeClassifier: Estimator = decisionTree('DECISION_TREE_CLASSIFIER', true);
export const decisionTreeRegressor: Estimator = decisionTree('DECISION_TREE_REGRESSOR', false);
