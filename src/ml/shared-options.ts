/**
 * Option blocks that several model types share, and the rules between their options.
 * Source: statements reference, 2.0 (shared blocks) and 3.13 (interactions).
 */
import { invalidOption } from '../core/index.ts';
import type { CheckedOptions, OptionSchema, WrittenOption } from './option.ts';

/** The label column. */
export const labelOptions: readonly OptionSchema[] = [
  {
    name: 'INPUT_LABEL_COLS',
    domain: { kind: 'texts', length: 1 },
    defaultValue: undefined,
    meaning: 'Name of the label column; the column called label when not given.',
  },
];

/** How rows go to training and evaluation. */
export const splitOptions: readonly OptionSchema[] = [
  {
    name: 'DATA_SPLIT_METHOD',
    domain: { kind: 'choice', values: ['AUTO_SPLIT', 'RANDOM', 'CUSTOM', 'SEQ', 'NO_SPLIT'] },
    defaultValue: 'AUTO_SPLIT',
    meaning: 'How rows are split into training and evaluation data.',
  },
  {
    name: 'DATA_SPLIT_EVAL_FRACTION',
    domain: { kind: 'number', integer: false, min: 0, max: 1, openMin: true, openMax: true },
    defaultValue: 0.2,
    meaning: 'Share of rows kept for evaluation, to two decimals; RANDOM and SEQ only.',
  },
  {
    name: 'DATA_SPLIT_COL',
    domain: { kind: 'text' },
    defaultValue: undefined,
    meaning: 'Column that drives a CUSTOM (BOOL) or SEQ (sortable) split; never a feature.',
  },
];

/** Iterations and when to stop them. */
export const iterationOptions: readonly OptionSchema[] = [
  {
    name: 'MAX_ITERATIONS',
    domain: { kind: 'number', integer: true, min: 1 },
    defaultValue: 20,
    meaning: 'Iterations at most.',
  },
  {
    name: 'EARLY_STOP',
    domain: { kind: 'flag' },
    defaultValue: true,
    meaning: 'Stop after the first iteration whose relative loss improvement is below MIN_REL_PROGRESS.',
  },
  {
    name: 'MIN_REL_PROGRESS',
    domain: { kind: 'number', integer: false, min: 0 },
    defaultValue: 0.01,
    meaning: 'Relative loss improvement below which EARLY_STOP stops.',
  },
];

/** Weights of classes: classifiers only. */
export const classWeightOptions: readonly OptionSchema[] = [
  {
    name: 'AUTO_CLASS_WEIGHTS',
    domain: { kind: 'flag' },
    defaultValue: false,
    meaning: 'Weight each class by rows / (rows of the class × classes).',
  },
  {
    name: 'CLASS_WEIGHTS',
    domain: { kind: 'weights' },
    defaultValue: undefined,
    meaning: 'Weight of every class, by label; not with AUTO_CLASS_WEIGHTS.',
  },
];

/** A column of row weights: trees only. */
export const instanceWeightOptions: readonly OptionSchema[] = [
  {
    name: 'INSTANCE_WEIGHT_COL',
    domain: { kind: 'text' },
    defaultValue: undefined,
    meaning: 'Numeric column of row weights; never a feature.',
  },
];

/** Going on from the model that stands. */
export const warmStartOptions: readonly OptionSchema[] = [
  {
    name: 'WARM_START',
    domain: { kind: 'flag' },
    defaultValue: false,
    meaning: 'Go on from the existing model of this name; model type, label and features must be the same.',
  },
];

/** Our extension: every random choice is drawn from it, so that a training can be repeated to the bit. */
export const seedOptions: readonly OptionSchema[] = [
  {
    name: 'SEED',
    domain: { kind: 'number', integer: true, min: 0, max: Number.MAX_SAFE_INTEGER },
    defaultValue: 42,
    meaning: 'Seed of every random choice (not in BigQuery ML).',
  },
];

const tuningFeature = 'hyperparameter tuning';

/** Hyperparameter tuning: known, not built. */
export const tuningOptions: readonly OptionSchema[] = [
  {
    name: 'NUM_TRIALS',
    domain: { kind: 'number', integer: true, min: 1, max: 100 },
    defaultValue: undefined,
    meaning: 'Turns hyperparameter tuning on: number of models to try.',
    notBuilt: tuningFeature,
  },
  {
    name: 'MAX_PARALLEL_TRIALS',
    domain: { kind: 'number', integer: true, min: 1, max: 5 },
    defaultValue: 1,
    meaning: 'Trials at a time.',
    notBuilt: tuningFeature,
  },
  {
    name: 'HPARAM_TUNING_ALGORITHM',
    domain: { kind: 'choice', values: ['VIZIER_DEFAULT', 'RANDOM_SEARCH', 'GRID_SEARCH'] },
    defaultValue: 'VIZIER_DEFAULT',
    meaning: 'Search strategy of the tuning.',
    notBuilt: tuningFeature,
  },
  {
    name: 'HPARAM_TUNING_OBJECTIVES',
    domain: { kind: 'texts', length: 1 },
    defaultValue: undefined,
    meaning: 'Metric that the tuning optimises.',
    notBuilt: tuningFeature,
  },
];

/** The test share of a tuned training: for model types that split their data. */
export const testFractionOptions: readonly OptionSchema[] = [
  {
    name: 'DATA_SPLIT_TEST_FRACTION',
    domain: { kind: 'number', integer: false, min: 0, max: 1, openMax: true },
    defaultValue: 0,
    meaning: 'Share of rows kept for testing a tuned model.',
    notBuilt: tuningFeature,
  },
];

/** Cloud registry and keys: accepted so that scripts run unchanged, and told to have no effect. */
export const registryOptions: readonly OptionSchema[] = [
  {
    name: 'MODEL_REGISTRY',
    domain: { kind: 'choice', values: ['VERTEX_AI'] },
    defaultValue: undefined,
    meaning: 'Cloud registry to register the model in.',
    ignoredBecause: 'models are kept in this database and there is no cloud registry to put them in',
  },
  {
    name: 'VERTEX_AI_MODEL_ID',
    domain: { kind: 'text' },
    defaultValue: undefined,
    meaning: 'Name of the model in the cloud registry.',
    ignoredBecause: 'models are kept in this database and there is no cloud registry to name them in',
  },
  {
    name: 'VERTEX_AI_MODEL_VERSION_ALIASES',
    domain: { kind: 'texts' },
    defaultValue: undefined,
    meaning: 'Aliases of the version in the cloud registry.',
    ignoredBecause: 'models are kept in this database and there is no cloud registry to name them in',
  },
  {
    name: 'KMS_KEY_NAME',
    domain: { kind: 'text' },
    defaultValue: undefined,
    meaning: 'Cloud key that encrypts the model.',
    ignoredBecause: 'models are not encrypted with a cloud key here',
  },
];

/** Global explanations: accepted, without effect until they are built. */
export const explainOptions: readonly OptionSchema[] = [
  {
    name: 'ENABLE_GLOBAL_EXPLAIN',
    domain: { kind: 'flag' },
    defaultValue: false,
    meaning: 'Compute global feature attributions at training time.',
    ignoredBecause: 'ML.GLOBAL_EXPLAIN is not built',
  },
];

/** Where the value of a written option stands in the statement. */
export function valuePositionOf(written: readonly WrittenOption[], name: string): number | undefined {
  return written.find((option) => option.name.toUpperCase() === name)?.valuePosition;
}

/** Where the name of a written option stands in the statement. */
export function namePositionOf(written: readonly WrittenOption[], name: string): number | undefined {
  return written.find((option) => option.name.toUpperCase() === name)?.position;
}

/** Refuses forbidden combinations of the shared options. Safe for model types that have only some of them. */
export function checkSharedInteractions(options: CheckedOptions, written: readonly WrittenOption[]): void {
  checkWeightOptions(options, written);
  checkSplitOptions(options, written);
  for (const name of ['VERTEX_AI_MODEL_ID', 'VERTEX_AI_MODEL_VERSION_ALIASES']) {
    if (options.isWritten(name) && !options.isWritten('MODEL_REGISTRY')) {
      throw invalidOption(`option ${name} requires MODEL_REGISTRY`, namePositionOf(written, name));
    }
  }
}

function checkWeightOptions(options: CheckedOptions, written: readonly WrittenOption[]): void {
  const automatic = options.has('AUTO_CLASS_WEIGHTS') && options.flag('AUTO_CLASS_WEIGHTS');
  const explicit = options.isWritten('CLASS_WEIGHTS');
  if (automatic && explicit) {
    throw invalidOption(
      'options CLASS_WEIGHTS and AUTO_CLASS_WEIGHTS exclude each other',
      namePositionOf(written, 'CLASS_WEIGHTS'),
    );
  }
  if (options.isWritten('INSTANCE_WEIGHT_COL') && (automatic || explicit)) {
    const other = explicit ? 'CLASS_WEIGHTS' : 'AUTO_CLASS_WEIGHTS';
    throw invalidOption(
      `options INSTANCE_WEIGHT_COL and ${other} exclude each other`,
      namePositionOf(written, 'INSTANCE_WEIGHT_COL'),
    );
  }
}

function checkSplitOptions(options: CheckedOptions, written: readonly WrittenOption[]): void {
  if (!options.has('DATA_SPLIT_METHOD')) return;
  const method = options.text('DATA_SPLIT_METHOD');
  const needsColumn = method === 'CUSTOM' || method === 'SEQ';
  if (needsColumn && !options.isWritten('DATA_SPLIT_COL')) {
    throw invalidOption(
      `option DATA_SPLIT_METHOD = '${method}' requires DATA_SPLIT_COL`,
      namePositionOf(written, 'DATA_SPLIT_METHOD'),
    );
  }
  if (!needsColumn && options.isWritten('DATA_SPLIT_COL')) {
    throw invalidOption(
      `option DATA_SPLIT_COL requires DATA_SPLIT_METHOD 'CUSTOM' or 'SEQ', got '${method}'`,
      namePositionOf(written, 'DATA_SPLIT_COL'),
    );
  }
  checkFraction(options, written, method);
}

function checkFraction(options: CheckedOptions, written: readonly WrittenOption[], method: string): void {
  const name = 'DATA_SPLIT_EVAL_FRACTION';
  if (!options.isWritten(name)) return;
  if (method !== 'RANDOM' && method !== 'SEQ') {
    throw invalidOption(
      `option ${name} requires DATA_SPLIT_METHOD 'RANDOM' or 'SEQ', got '${method}'`,
      namePositionOf(written, name),
    );
  }
  const fraction = options.number(name);
  if (Math.abs(fraction * 100 - Math.round(fraction * 100)) > 1e-9) {
    throw invalidOption(
      `option ${name} must have at most two decimals, got ${fraction}`,
      valuePositionOf(written, name),
    );
  }
}
