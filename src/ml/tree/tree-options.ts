/** Options of tree models. Source: statements reference, 2.6 and 2.7. */
import { invalidOption, unsupported } from '../../core/index.ts';
import type { CheckedOptions, OptionDomain, OptionSchema, WrittenOption } from '../option.ts';
import {
  checkSharedInteractions,
  classWeightOptions,
  explainOptions,
  instanceWeightOptions,
  iterationOptions,
  labelOptions,
  namePositionOf,
  registryOptions,
  seedOptions,
  splitOptions,
  testFractionOptions,
  tuningOptions,
  valuePositionOf,
} from '../shared-options.ts';

/** A share in [0, 1]. */
const share: OptionDomain = { kind: 'number', integer: false, min: 0, max: 1 };
const notNegative: OptionDomain = { kind: 'number', integer: false, min: 0 };

function option(
  name: string,
  domain: OptionDomain,
  defaultValue: OptionSchema['defaultValue'],
  meaning: string,
): OptionSchema {
  return { name, domain, defaultValue, meaning };
}

/** Options of both boosted trees and forests; defaults of the latter differ in `bynode`. */
function growthOptions(bynode: number): readonly OptionSchema[] {
  return [
    option('L1_REG', notNegative, 0, 'L1 regularisation of leaf values.'),
    option('L2_REG', notNegative, 1, 'L2 regularisation of leaf values.'),
    option(
      'TREE_METHOD',
      { kind: 'choice', values: ['AUTO', 'EXACT', 'APPROX', 'HIST'] },
      'AUTO',
      'How splits are found; AUTO is HIST, the others are not built.',
    ),
    option('MIN_TREE_CHILD_WEIGHT', notNegative, 1, 'Least sum of instance weight (hessian) in a child.'),
    option('COLSAMPLE_BYTREE', share, 1, 'Share of columns drawn for each tree; at least one column.'),
    option('COLSAMPLE_BYLEVEL', share, 1, 'Share of these drawn for each level; at least one column.'),
    option('COLSAMPLE_BYNODE', share, bynode, 'Share of these drawn for each split; at least one column.'),
    option('MIN_SPLIT_LOSS', notNegative, 0, 'Least loss reduction for a split.'),
    {
      name: 'XGBOOST_VERSION',
      domain: { kind: 'choice', values: ['0.9', '1.1', '2.1'] },
      defaultValue: '0.9',
      meaning: 'Version of the XGBoost library.',
      ignoredBecause: 'trees are grown by this engine and not by the XGBoost library',
    },
    {
      name: 'APPROX_GLOBAL_FEATURE_CONTRIB',
      domain: { kind: 'flag' },
      defaultValue: false,
      meaning: 'Fast approximate feature contributions.',
      ignoredBecause: 'ML.GLOBAL_EXPLAIN is not built',
    },
  ];
}

function commonOptions(isClassifier: boolean): readonly OptionSchema[] {
  return [
    ...labelOptions,
    ...splitOptions,
    ...testFractionOptions,
    ...instanceWeightOptions,
    ...(isClassifier ? classWeightOptions : []),
    ...explainOptions,
    ...seedOptions,
    ...tuningOptions,
    ...registryOptions,
  ];
}

export function boostedTreeOptions(isClassifier: boolean): readonly OptionSchema[] {
  return [
    option(
      'CATEGORY_ENCODING_METHOD',
      { kind: 'choice', values: ['LABEL_ENCODING', 'ONE_HOT_ENCODING', 'TARGET_ENCODING'] },
      'LABEL_ENCODING',
      'How features that are not numeric become numbers.',
    ),
    option(
      'BOOSTER_TYPE',
      { kind: 'choice', values: ['GBTREE', 'DART'] },
      'GBTREE',
      'GBTREE, or DART: each round fits without a random share of the earlier trees.',
    ),
    option(
      'DART_NORMALIZE_TYPE',
      { kind: 'choice', values: ['TREE', 'FOREST'] },
      'TREE',
      'How DART weighs a new tree against those dropped for it: like each of them, or like all together.',
    ),
    option('DROPOUT', share, 0, 'Share of earlier trees that a DART round drops.'),
    option(
      'NUM_PARALLEL_TREE',
      { kind: 'number', integer: true, min: 1 },
      1,
      'Trees grown side by side in a round.',
    ),
    option(
      'MAX_TREE_DEPTH',
      { kind: 'number', integer: true, min: 0 },
      6,
      'Depth of a tree at most; 0 is no limit.',
    ),
    option(
      'SUBSAMPLE',
      { kind: 'number', integer: false, min: 0, max: 1, openMin: true },
      1,
      'Share of rows drawn for each tree.',
    ),
    option('LEARN_RATE', notNegative, 0.3, 'Shrinkage of each round.'),
    ...growthOptions(1),
    ...iterationOptions,
    ...commonOptions(isClassifier),
  ];
}

export function randomForestOptions(isClassifier: boolean): readonly OptionSchema[] {
  return [
    option('NUM_PARALLEL_TREE', { kind: 'number', integer: true, min: 2 }, 100, 'Trees of the forest.'),
    option('MAX_TREE_DEPTH', { kind: 'number', integer: true, min: 1 }, 15, 'Depth of a tree at most.'),
    option(
      'SUBSAMPLE',
      { kind: 'number', integer: false, min: 0, max: 1, openMin: true, openMax: true },
      0.8,
      'Share of rows drawn for each tree.',
    ),
    ...growthOptions(0.8),
    ...iterationOptions
      .filter((schema) => schema.name !== 'MAX_ITERATIONS')
      .map((schema) => ({ ...schema, ignoredBecause: 'a random forest is grown in one round' })),
    ...commonOptions(isClassifier),
  ];
}

/** MLlib's decision tree, in the manner of BigQuery ML's options. Source: MLlib reference, 5. */
export function decisionTreeOptions(isClassifier: boolean): readonly OptionSchema[] {
  const impurities = isClassifier ? ['GINI', 'ENTROPY'] : ['VARIANCE'];
  return [
    option(
      'MAX_TREE_DEPTH',
      { kind: 'number', integer: true, min: 0, max: 30 },
      5,
      'Depth of the tree at most; 0 is a single leaf.',
    ),
    option(
      'MAX_BINS',
      { kind: 'number', integer: true, min: 2, max: 255 },
      32,
      'Bins of a numeric column: one more than its thresholds at most.',
    ),
    option(
      'MIN_INSTANCES_PER_NODE',
      { kind: 'number', integer: true, min: 1 },
      1,
      'Rows that each side of a split must have at least.',
    ),
    option(
      'MIN_WEIGHT_FRACTION_PER_NODE',
      { kind: 'number', integer: false, min: 0, max: 0.5, openMax: true },
      0,
      'Share of the total weight that each side of a split must have at least.',
    ),
    option('MIN_INFO_GAIN', notNegative, 0, 'Least decrease of impurity for a split.'),
    option('IMPURITY', { kind: 'choice', values: impurities }, impurities[0], 'What a split is to decrease.'),
    ...(isClassifier
      ? [option('PRUNE', { kind: 'flag' }, false, 'Merge neighbouring leaves that predict the same class.')]
      : []),
    ...commonOptions(isClassifier),
  ];
}

/** Refuses what no single option's domain can tell. Safe for every tree model. */
export function checkTreeInteractions(options: CheckedOptions, written: readonly WrittenOption[]): void {
  checkSharedInteractions(options, written);
  if (options.has('TREE_METHOD')) {
    const method = options.text('TREE_METHOD');
    if (method === 'EXACT' || method === 'APPROX') {
      const hint = "Use 'HIST' or 'AUTO'.";
      throw unsupported(`TREE_METHOD '${method}'`, valuePositionOf(written, 'TREE_METHOD'), hint);
    }
  }
  if (options.has('BOOSTER_TYPE') && options.text('BOOSTER_TYPE') !== 'DART') {
    for (const name of ['DROPOUT', 'DART_NORMALIZE_TYPE']) {
      if (!options.isWritten(name)) continue;
      throw invalidOption(`option ${name} requires BOOSTER_TYPE = 'DART'`, namePositionOf(written, name));
    }
  }
  const contribution = 'APPROX_GLOBAL_FEATURE_CONTRIB';
  if (options.has(contribution) && options.flag(contribution) && !options.flag('ENABLE_GLOBAL_EXPLAIN')) {
    throw invalidOption(
      `option ${contribution} requires ENABLE_GLOBAL_EXPLAIN = TRUE`,
      namePositionOf(written, contribution),
    );
  }
}

/** A random forest whose trees all see the same columns at every split is none. */
export function checkForestColumns(options: CheckedOptions, written: readonly WrittenOption[]): void {
  const names = ['COLSAMPLE_BYTREE', 'COLSAMPLE_BYLEVEL', 'COLSAMPLE_BYNODE'];
  if (names.some((name) => options.number(name) < 1)) return;
  throw invalidOption(
    `at least one of ${names.join(', ')} must be below 1 for a random forest`,
    valuePositionOf(written, 'COLSAMPLE_BYNODE'),
  );
}
