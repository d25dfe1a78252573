/**
 * Options of linear and logistic regression, and the rules between them. Source: statements reference, 2.1,
 * 3.6 to 3.9.
 */
import { invalidOption, P_VALUE_WIDTH_MAX } from '../../core/index.ts';
import type { EncodingRequest } from '../estimator.ts';
import type { CheckedOptions, OptionSchema, WrittenOption } from '../option.ts';
import {
  checkSharedInteractions,
  explainOptions,
  iterationOptions,
  labelOptions,
  namePositionOf,
  registryOptions,
  seedOptions,
  splitOptions,
  testFractionOptions,
  tuningOptions,
  valuePositionOf,
  warmStartOptions,
} from '../shared-options.ts';

const solverOptions: readonly OptionSchema[] = [
  {
    name: 'OPTIMIZE_STRATEGY',
    domain: { kind: 'choice', values: ['AUTO_STRATEGY', 'BATCH_GRADIENT_DESCENT', 'NORMAL_EQUATION'] },
    defaultValue: 'AUTO_STRATEGY',
    meaning: 'How the optimum is found: in closed form (linear regression only) or iteratively.',
  },
  {
    name: 'LEARN_RATE_STRATEGY',
    domain: { kind: 'choice', values: ['LINE_SEARCH', 'CONSTANT'] },
    defaultValue: 'LINE_SEARCH',
    meaning: 'How gradient descent chooses its learning rate. Writing it asks for gradient descent.',
  },
  {
    name: 'LEARN_RATE',
    domain: { kind: 'number', integer: false, min: 0, openMin: true },
    defaultValue: 0.1,
    meaning: "Learning rate; only with LEARN_RATE_STRATEGY = 'CONSTANT'.",
  },
  {
    name: 'LS_INIT_LEARN_RATE',
    domain: { kind: 'number', integer: false, min: 0, openMin: true },
    defaultValue: 0.1,
    meaning: "First learning rate of the line search; only with LEARN_RATE_STRATEGY = 'LINE_SEARCH'.",
  },
  {
    name: 'FIT_INTERCEPT',
    domain: { kind: 'flag' },
    defaultValue: true,
    meaning: 'Learn an intercept; without one the prediction is 0 where all features are.',
  },
];

const modelOptions: readonly OptionSchema[] = [
  {
    name: 'CATEGORY_ENCODING_METHOD',
    domain: { kind: 'choice', values: ['ONE_HOT_ENCODING', 'DUMMY_ENCODING'] },
    defaultValue: 'ONE_HOT_ENCODING',
    meaning:
      'Encoding of features that are not numbers; DUMMY_ENCODING leaves the most frequent category out.',
  },
  {
    name: 'L1_REG',
    domain: { kind: 'number', integer: false, min: 0 },
    defaultValue: 0,
    meaning: 'Strength of the L1 penalty on the weights of standardised features.',
  },
  {
    name: 'L2_REG',
    domain: { kind: 'number', integer: false, min: 0 },
    defaultValue: 0,
    meaning: 'Strength of the L2 penalty (half the sum of squares) on the weights of standardised features.',
  },
  {
    name: 'CALCULATE_P_VALUES',
    domain: { kind: 'flag' },
    defaultValue: false,
    meaning: 'Standard errors and p-values for ML.ADVANCED_WEIGHTS; needs DUMMY_ENCODING and no L1_REG.',
  },
];

/** Options of both model types. */
export const linearOptions: readonly OptionSchema[] = [
  ...labelOptions,
  ...modelOptions,
  ...solverOptions,
  ...iterationOptions,
  ...warmStartOptions,
  ...splitOptions,
  ...testFractionOptions,
  ...explainOptions,
  ...seedOptions,
  ...tuningOptions,
  ...registryOptions,
];

/** Refuses combinations that no iteration of either model type could honour. */
export function checkLinearInteractions(options: CheckedOptions, written: readonly WrittenOption[]): void {
  checkSharedInteractions(options, written);
  checkLearnRate(options, written);
  checkStrategy(options, written);
  if (!options.flag('CALCULATE_P_VALUES')) return;
  if (options.text('CATEGORY_ENCODING_METHOD') !== 'DUMMY_ENCODING') {
    throw invalidOption(
      "option CALCULATE_P_VALUES requires CATEGORY_ENCODING_METHOD = 'DUMMY_ENCODING'",
      namePositionOf(written, 'CALCULATE_P_VALUES'),
    );
  }
  if (options.number('L1_REG') > 0) {
    throw invalidOption(
      `option CALCULATE_P_VALUES requires L1_REG to be 0, got ${options.number('L1_REG')}`,
      valuePositionOf(written, 'L1_REG'),
    );
  }
}

function checkLearnRate(options: CheckedOptions, written: readonly WrittenOption[]): void {
  const strategy = options.text('LEARN_RATE_STRATEGY');
  const forbidden = strategy === 'LINE_SEARCH' ? 'LEARN_RATE' : 'LS_INIT_LEARN_RATE';
  if (!options.isWritten(forbidden)) return;
  const needed = strategy === 'LINE_SEARCH' ? 'CONSTANT' : 'LINE_SEARCH';
  throw invalidOption(
    `option ${forbidden} requires LEARN_RATE_STRATEGY = '${needed}', got '${strategy}'`,
    namePositionOf(written, forbidden),
  );
}

function checkStrategy(options: CheckedOptions, written: readonly WrittenOption[]): void {
  if (options.text('OPTIMIZE_STRATEGY') !== 'NORMAL_EQUATION') return;
  const position = valuePositionOf(written, 'OPTIMIZE_STRATEGY');
  if (options.number('L1_REG') > 0) {
    throw invalidOption("option OPTIMIZE_STRATEGY = 'NORMAL_EQUATION' cannot be used with L1_REG", position);
  }
  if (options.flag('WARM_START')) {
    throw invalidOption(
      "option OPTIMIZE_STRATEGY = 'NORMAL_EQUATION' cannot be used with WARM_START",
      position,
    );
  }
}

/** Encoding of both linear model types. */
export function linearEncoding(options: CheckedOptions): EncodingRequest {
  const isDummy = options.text('CATEGORY_ENCODING_METHOD') === 'DUMMY_ENCODING';
  return { numeric: 'standardize', category: isDummy ? 'dummy' : 'indicator', timestamp: 'expand' };
}

/** Refuses more encoded columns than p-values may have. */
export function checkPValueWidth(options: CheckedOptions, width: number): void {
  if (!options.flag('CALCULATE_P_VALUES') || width < P_VALUE_WIDTH_MAX) return;
  throw invalidOption(
    `option CALCULATE_P_VALUES requires fewer than ${P_VALUE_WIDTH_MAX} encoded columns, got ${width}`,
  );
}
