/**
 * Options are checked before anything runs: names, repetitions, types, ranges, and the rules between them.
 */
import { describe, expect, test } from 'vitest';
import { EngineError } from '../../src/core/index.ts';
import { checkOptions } from '../../src/ml/check-options.ts';
import type { OptionLiteral, OptionSchema, WrittenOption } from '../../src/ml/option.ts';
import * as shared from '../../src/ml/shared-options.ts';

const schemas: OptionSchema[] = [
  { name: 'FLAG', domain: { kind: 'flag' }, defaultValue: false, meaning: '' },
  {
    name: 'METHOD',
    domain: { kind: 'choice', values: ['KMEANS++', 'RANDOM'] },
    defaultValue: 'RANDOM',
    meaning: '',
  },
  {
    ...{ name: 'MAX_TREE_DEPTH', defaultValue: 6, meaning: '' },
    domain: { kind: 'number', integer: true, min: 1, max: 20 },
  },
  {
    ...{ name: 'SHARE', defaultValue: 0.5, meaning: '' },
    domain: { kind: 'number', integer: false, min: 0, max: 1, openMin: true, openMax: true },
  },
  ...shared.labelOptions,
  ...shared.splitOptions,
  ...shared.classWeightOptions,
  ...shared.instanceWeightOptions,
  ...shared.tuningOptions,
  ...shared.testFractionOptions,
  ...shared.registryOptions,
  ...shared.explainOptions,
  ...shared.seedOptions,
];

const struct = (...values: OptionLiteral[]): OptionLiteral => ({
  fields: values.map((value) => ({ name: undefined, value })),
});

function written(pairs: readonly (readonly [string, OptionLiteral])[]): WrittenOption[] {
  return pairs.map(([name, value], index) => ({
    name,
    value,
    position: index * 10,
    valuePosition: index * 10 + 5,
  }));
}

function check(...pairs: [string, OptionLiteral][]) {
  return checkOptions(written(pairs), schemas, 'SAMPLE');
}

function refusal(run: () => unknown): EngineError {
  try {
    run();
  } catch (error) {
    if (error instanceof EngineError) return error;
  }
  return expect.fail('nothing was refused');
}

describe('values', () => {
  test('defaults stand where nothing is written', () => {
    const { options, warnings } = check();
    expect([options.number('MAX_TREE_DEPTH'), options.text('METHOD'), options.flag('FLAG')]).toEqual([
      6,
      'RANDOM',
      false,
    ]);
    expect(options.get('INPUT_LABEL_COLS')).toBeUndefined();
    expect([options.number('SEED'), options.isWritten('SEED'), warnings]).toEqual([42, false, []]);
  });

  test('names and choices have no case; MODEL_TYPE is passed over', () => {
    const { options } = check(['model_type', 'sample'], ['method', 'kmeans++'], ['Share', 0.25]);
    expect([options.text('METHOD'), options.number('SHARE')]).toEqual(['KMEANS++', 0.25]);
    expect(options.writtenNames).toEqual(['METHOD', 'SHARE']);
  });

  test('a bare string is a list of one', () => {
    expect(check(['INPUT_LABEL_COLS', 'y']).options.get('INPUT_LABEL_COLS')).toEqual(['y']);
    expect(check(['INPUT_LABEL_COLS', ['y']]).options.get('INPUT_LABEL_COLS')).toEqual(['y']);
  });

  test('class weights are tuples or structs', () => {
    const value = [struct('a', 0.5), struct('b', 2)];
    expect(check(['CLASS_WEIGHTS', value]).options.get('CLASS_WEIGHTS')).toEqual([
      ['a', 0.5],
      ['b', 2],
    ]);
  });

  test.each<[string, OptionLiteral, string]>([
    ['MAX_TREE_DEPTH', 0, 'option MAX_TREE_DEPTH must be an integer >= 1 and <= 20, got 0'],
    ['MAX_TREE_DEPTH', 2.5, 'option MAX_TREE_DEPTH must be an integer >= 1 and <= 20, got 2.5'],
    ['MAX_TREE_DEPTH', 'six', "option MAX_TREE_DEPTH must be an integer >= 1 and <= 20, got 'six'"],
    ['MAX_TREE_DEPTH', null, 'option MAX_TREE_DEPTH must be an integer >= 1 and <= 20, got NULL'],
    ['SHARE', 1, 'option SHARE must be a number > 0 and < 1, got 1'],
    ['SHARE', Number.NaN, 'option SHARE must be a number > 0 and < 1, got NaN'],
    ['FLAG', 'true', "option FLAG must be TRUE or FALSE, got 'true'"],
    ['METHOD', 'WARD', "option METHOD must be one of 'KMEANS++', 'RANDOM', got 'WARD'"],
    [
      'INPUT_LABEL_COLS',
      ['a', "b'c"],
      "option INPUT_LABEL_COLS must be an array of 1 string, got ['a', 'b''c']",
    ],
    ['DATA_SPLIT_COL', true, 'option DATA_SPLIT_COL must be a string, got TRUE'],
    [
      'CLASS_WEIGHTS',
      [struct('a', 1), struct('a', 2)],
      "labels distinct, weights >= 0, got [('a', 1), ('a', 2)]",
    ],
    ['CLASS_WEIGHTS', [struct('a', -1)], "got [('a', -1)]"],
    ['CLASS_WEIGHTS', [], 'got []'],
  ])('%s = %j is refused at the value', (name, value, message) => {
    const error = refusal(() => check(['FLAG', true], [name === 'FLAG' ? 'flag_' : name, value]).options);
    if (name === 'FLAG') {
      const alone = refusal(() => check([name, value]));
      expect([alone.state, alone.message, alone.position]).toEqual(['22023', message, 5]);
      return;
    }
    expect([error.state, error.position]).toEqual(['22023', 15]);
    expect(error.message).toContain(message);
  });
});

describe('names', () => {
  test('an unknown one is refused with a suggestion', () => {
    const error = refusal(() => check(['max_tree_depht', 3]));
    expect(error.message).toBe('option MAX_TREE_DEPHT is not supported for SAMPLE models');
    expect([error.state, error.position, error.hint]).toEqual(['22023', 0, 'Did you mean "MAX_TREE_DEPTH"?']);
  });

  test('a repeated one is refused, whatever its case', () => {
    const error = refusal(() => check(['SHARE', 0.1], ['share', 0.2]));
    expect([error.message, error.position]).toEqual(['option SHARE is given more than once', 10]);
  });

  test('one that is not built is refused by the name of the feature, its default accepted', () => {
    const error = refusal(() => check(['NUM_TRIALS', 5]));
    expect([error.state, error.message]).toEqual([
      '0A000',
      'hyperparameter tuning (option NUM_TRIALS) is not supported',
    ]);
    expect(check(['DATA_SPLIT_TEST_FRACTION', 0]).options.number('DATA_SPLIT_TEST_FRACTION')).toBe(0);
  });

  test('one without effect is accepted with a warning, unless it says what holds anyway', () => {
    expect(check(['KMS_KEY_NAME', 'k'], ['ENABLE_GLOBAL_EXPLAIN', true]).warnings).toEqual([
      'option KMS_KEY_NAME has no effect: models are not encrypted with a cloud key here',
      'option ENABLE_GLOBAL_EXPLAIN has no effect: ML.GLOBAL_EXPLAIN is not built',
    ]);
    expect(check(['ENABLE_GLOBAL_EXPLAIN', false]).warnings).toEqual([]);
  });
});

describe('rules between shared options', () => {
  const interact = (...pairs: [string, OptionLiteral][]): void =>
    shared.checkSharedInteractions(check(...pairs).options, written(pairs));
  const weights: [string, OptionLiteral] = ['CLASS_WEIGHTS', [struct('a', 1)]];

  test.each<[[string, OptionLiteral][], string, number]>([
    [
      [weights, ['AUTO_CLASS_WEIGHTS', true]],
      'options CLASS_WEIGHTS and AUTO_CLASS_WEIGHTS exclude each other',
      0,
    ],
    [
      [['INSTANCE_WEIGHT_COL', 'w'], weights],
      'options INSTANCE_WEIGHT_COL and CLASS_WEIGHTS exclude each other',
      0,
    ],
    [
      [
        ['INSTANCE_WEIGHT_COL', 'w'],
        ['AUTO_CLASS_WEIGHTS', true],
      ],
      'options INSTANCE_WEIGHT_COL and AUTO_CLASS_WEIGHTS exclude each other',
      0,
    ],
    [[['DATA_SPLIT_METHOD', 'seq']], "option DATA_SPLIT_METHOD = 'SEQ' requires DATA_SPLIT_COL", 0],
    [
      [
        ['DATA_SPLIT_METHOD', 'RANDOM'],
        ['DATA_SPLIT_COL', 'c'],
      ],
      "option DATA_SPLIT_COL requires DATA_SPLIT_METHOD 'CUSTOM' or 'SEQ', got 'RANDOM'",
      10,
    ],
    [
      [['DATA_SPLIT_EVAL_FRACTION', 0.3]],
      "option DATA_SPLIT_EVAL_FRACTION requires DATA_SPLIT_METHOD 'RANDOM' or 'SEQ', got 'AUTO_SPLIT'",
      0,
    ],
    [
      [
        ['DATA_SPLIT_METHOD', 'RANDOM'],
        ['DATA_SPLIT_EVAL_FRACTION', 0.333],
      ],
      'option DATA_SPLIT_EVAL_FRACTION must have at most two decimals, got 0.333',
      15,
    ],
    [[['VERTEX_AI_MODEL_ID', 'm']], 'option VERTEX_AI_MODEL_ID requires MODEL_REGISTRY', 0],
  ])('%j', (pairs, message, position) => {
    const error = refusal(() => interact(...pairs));
    expect([error.state, error.message, error.position]).toEqual(['22023', message, position]);
  });

  test('what fits together passes', () => {
    const pairs: [string, OptionLiteral][] = [
      ['DATA_SPLIT_METHOD', 'SEQ'],
      ['DATA_SPLIT_COL', 'day'],
      ['DATA_SPLIT_EVAL_FRACTION', 0.29],
      ['AUTO_CLASS_WEIGHTS', false],
      weights,
    ];
    interact(...pairs);
    expect(check(...pairs).options.number('DATA_SPLIT_EVAL_FRACTION')).toBe(0.29);
  });
});

test('a warm start inherits what is not written again', () => {
  const earlier = check(['SHARE', 0.25], ['MAX_TREE_DEPTH', 9]).options.toJson();
  const now = check(['max_tree_depth', 3]).options.inherit(earlier);
  expect([now.number('SHARE'), now.number('MAX_TREE_DEPTH')]).toEqual([0.25, 3]);
});
