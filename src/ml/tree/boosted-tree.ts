/** BOOSTED_TREE_CLASSIFIER and BOOSTED_TREE_REGRESSOR. Source: statements reference, 2.6. */
import { CLASS_COUNT_MAX } from '../../core/index.ts';
import type { AnyPass } from '../aggregate.ts';
import type { EncodingRequest, Estimator, TrainingEstimate, TrainingShape } from '../estimator.ts';
import type { CheckedOptions } from '../option.ts';
import { binPass, sketchPass } from './bin-mapper.ts';
import { BoostedTreeModel } from './boosted-tree-model.ts';
import { Boosting, BOOSTING_BINS, usesRecords } from './boosting.ts';
import { objectiveOf, outputCount } from './boosting-objective.ts';
import { boostingPass } from './boosting-pass.ts';
import { growthBytesPerRow, growthHeapBytes, recordGrowthBytes, slotCountMax } from './growth-workspace.ts';
import { histogramPass } from './histogram-pass.ts';
import { labelPass } from './label-pass.ts';
import { recordMarginPass } from './record-boosting.ts';
import { recordTreePass } from './record-tree-pass.ts';
import { recordPass } from './row-records.ts';
import { ensembleBytes } from './tree-ensemble.ts';
import { weightPass } from './weight-pass.ts';
import { boostedTreeOptions, checkTreeInteractions } from './tree-options.ts';

const encodings: Readonly<Record<string, EncodingRequest['category']>> = {
  LABEL_ENCODING: 'label',
  ONE_HOT_ENCODING: 'indicator',
  TARGET_ENCODING: 'target',
};

const passes: readonly AnyPass[] = [
  sketchPass,
  binPass,
  recordPass,
  labelPass,
  weightPass,
  histogramPass,
  recordTreePass,
  boostingPass,
  recordMarginPass,
];

function estimate(shape: TrainingShape, options: CheckedOptions): TrainingEstimate {
  const outputs = outputCount(objectiveOf(shape.classCount), shape.classCount);
  const treesPerRound = outputs * options.number('NUM_PARALLEL_TREE');
  const slots = slotCountMax(treesPerRound, shape.rowCount);
  const iterations = options.number('MAX_ITERATIONS');
  const depth = options.number('MAX_TREE_DEPTH') || Infinity;
  const nodes = Math.min(2 ** (Math.min(depth, 30) + 1) - 1, 2 * Math.max(1, shape.rowCount));
  const modelBytes = ensembleBytes(nodes * treesPerRound * iterations, 1);
  if (usesRecords(treesPerRound))
    return { iterations, ...recordGrowthBytes(shape, outputs, depth), modelBytes };
  const bytesPerRow = growthBytesPerRow(shape, slots, outputs) + 8 * outputs;
  return {
    iterations,
    workspaceBytes: shape.rowCount * bytesPerRow,
    heapBytes: growthHeapBytes(shape, BOOSTING_BINS + 1, 3, depth),
    modelBytes,
  };
}

function boostedTree(modelType: string, isClassifier: boolean): Estimator {
  return {
    modelType,
    task: isClassifier ? 'classification' : 'regression',
    options: boostedTreeOptions(isClassifier),
    checkInteractions: checkTreeInteractions,
    encoding: (options) => ({
      numeric: 'raw',
      category: encodings[options.text('CATEGORY_ENCODING_METHOD')]!,
      timestamp: 'refuse',
    }),
    classCountMax: CLASS_COUNT_MAX,
    passes,
    estimate,
    fit: (context) => new Boosting(context, modelType).fit(),
    restore: (artifact) => BoostedTreeModel.restore(artifact),
  };
}

export const boostedTreeClassifier: Estimator = boostedTree('BOOSTED_TREE_CLASSIFIER', true);
export const boostedTreeRegressor: Estimator = boostedTree('BOOSTED_TREE_REGRESSOR', false);
