/**
 * The works as both sides see them: the table, our model type and options, and the settings that the peers
 * get.
 */
import { higgsFeatures } from '../data/higgs.mjs';
import { mixedCategories, mixedNumbers } from '../data/mixed.mjs';

const trees = { trees: 100, depth: 6, learningRate: 0.1, bins: 256 };
const forest = { trees: 100, depth: 10, rowShare: 0.8, columnShare: 0.8 };
const clusters = { clusters: 10, iterations: 20 };

const boostedOptions = {
  MAX_ITERATIONS: trees.trees,
  MAX_TREE_DEPTH: trees.depth,
  LEARN_RATE: trees.learningRate,
  EARLY_STOP: false,
};

/** Rows that k-means starts from, here and there. */
function initialRows(rows) {
  return Array.from({ length: clusters.clusters }, (_, index) =>
    Math.floor((index * rows) / clusters.clusters),
  );
}

function supervised(work) {
  return { ...work, select: [...work.features, work.label].join(', ') };
}

/** Definition of each training work, for a number of rows. */
const trainingWorks = {
  boosted: () =>
    supervised({
      data: 'higgs',
      features: higgsFeatures,
      label: 'label',
      quality: 'auc',
      modelType: 'BOOSTED_TREE_CLASSIFIER',
      options: boostedOptions,
      peer: { work: 'boosted', settings: trees },
    }),
  forest: () =>
    supervised({
      data: 'higgs',
      features: higgsFeatures,
      label: 'label',
      quality: 'auc',
      modelType: 'RANDOM_FOREST_CLASSIFIER',
      options: {
        NUM_PARALLEL_TREE: forest.trees,
        MAX_TREE_DEPTH: forest.depth,
        SUBSAMPLE: forest.rowShare,
        COLSAMPLE_BYNODE: forest.columnShare,
      },
      peer: { work: 'forest', settings: forest },
    }),
  logistic: () =>
    supervised({
      data: 'complete',
      features: higgsFeatures,
      label: 'label',
      quality: 'logLoss',
      modelType: 'LOGISTIC_REG',
      options: { EARLY_STOP: false },
      peer: { work: 'logistic', settings: {} },
    }),
  linear: () =>
    supervised({
      data: 'complete',
      features: higgsFeatures,
      label: 'target',
      quality: 'rmse',
      modelType: 'LINEAR_REG',
      options: { OPTIMIZE_STRATEGY: 'NORMAL_EQUATION' },
      peer: { work: 'linear', settings: {} },
    }),
  kmeans: (rows) => ({
    data: 'complete',
    features: higgsFeatures,
    quality: 'inertia',
    modelType: 'KMEANS',
    isSplit: false,
    select: `${higgsFeatures.join(', ')}, id IN (${initialRows(rows).join(', ')}) AS is_initial`,
    options: {
      NUM_CLUSTERS: clusters.clusters,
      KMEANS_INIT_METHOD: 'CUSTOM',
      KMEANS_INIT_COL: 'is_initial',
      STANDARDIZE_FEATURES: false,
      MAX_ITERATIONS: clusters.iterations,
      EARLY_STOP: false,
    },
    peer: { work: 'kmeans', settings: { ...clusters, initialRows: initialRows(rows) } },
  }),
  mixed: () =>
    supervised({
      data: 'mixed',
      features: [...mixedNumbers, ...mixedCategories],
      label: 'label',
      quality: 'auc',
      modelType: 'BOOSTED_TREE_CLASSIFIER',
      options: { ...boostedOptions, CATEGORY_ENCODING_METHOD: 'TARGET_ENCODING' },
      peer: { work: 'boosted', settings: trees, categories: mixedCategories },
    }),
  text: () => ({
    data: 'text',
    features: ['words'],
    label: 'label',
    quality: 'logLoss',
    modelType: 'LOGISTIC_REG',
    options: { EARLY_STOP: false },
    select: "string_split(words, ' ') AS words, label",
    inputs: "string_split(words, ' ') AS words",
    peer: { work: 'text', settings: {} },
  }),
};

/** A training work with its name and table, as both sides are asked to do it. */
export function trainingWork(name, rows) {
  const definition = trainingWorks[name](rows);
  return { ...definition, name, table: definition.data };
}

/** The task that a peer gets for a training work. */
export function fitTask(work, files, rows, output) {
  return {
    ...work.peer,
    features: work.features,
    label: work.label,
    train: files.train,
    test: files.test,
    firstId: rows,
    output,
  };
}
