/** Boosted trees against XGBoost, and what their options change. Reference numbers: reference.py. */
import { describe, expect, test } from 'vitest';
import type { EngineError } from '../../../src/core/index.ts';
import { checkOptions } from '../../../src/ml/check-options.ts';
import { boostedTreeClassifier, boostedTreeRegressor } from '../../../src/ml/tree/boosted-tree.ts';
import { encodedRows, fitSample, referenceSample, scoresOf, writtenOptions, type Sample } from './fit.ts';

const { numbers, label } = referenceSample();
const mean = label.reduce((sum, value) => sum + value, 0) / label.length;
const binary = label.map((value) => (value > Math.floor(mean) ? 1 : 0));
const three = label.map((value) => (value < -2 ? 0 : value < 4 ? 1 : 2));
const regression: Sample = { numbers, label };
const rules = {
  MAX_ITERATIONS: 5,
  LEARN_RATE: 0.3,
  MAX_TREE_DEPTH: 3,
  L2_REG: 1,
  L1_REG: 0.1,
  MIN_SPLIT_LOSS: 0.05,
  MIN_TREE_CHILD_WEIGHT: 2,
  EARLY_STOP: false,
};

/** Agreement within the single precision that XGBoost computes in. */
function expectClose(scores: ArrayLike<number>, expected: readonly number[]): void {
  expected.forEach((value, index) => expect(scores[index]).toBeCloseTo(value, 4));
}

function meanSquare(scores: Float64Array, labels: readonly number[]): number {
  return labels.reduce((sum, value, row) => sum + (scores[row]! - value) ** 2, 0) / labels.length;
}

describe('predictions equal those of XGBoost', () => {
  test('squared error, with missing values, L1, L2 and least loss', async () => {
    const { scores } = await fitSample(boostedTreeRegressor, regression, rules);
    expectClose(
      scores,
      [
        -2.69077, 8.621698, 2.424403, 4.509938, 7.972253, 8.201046, 6.02655, 5.091655, 0.5449885, 7.257281,
        8.882228, 4.276935,
      ],
    );
  });

  test('row weights', async () => {
    const weight = label.map((_, row) => 1 + (row % 3));
    const { scores } = await fitSample(boostedTreeRegressor, { ...regression, weight }, rules);
    expectClose(
      scores,
      [
        -0.001501322, 8.4299, 3.705906, 2.529716, 8.932156, 8.4299, 7.856627, 5.013534, 1.367558, 8.303243,
        8.304447, 3.742202,
      ],
    );
  });

  test('logistic loss', async () => {
    const { scores } = await fitSample(
      boostedTreeClassifier,
      { numbers, label: binary, classCount: 2 },
      rules,
    );
    const ones = Array.from({ length: 12 }, (_, row) => scores[2 * row + 1]!);
    expectClose(
      ones,
      [
        0.1576795, 0.9068245, 0.376535, 0.5322337, 0.8177707, 0.9068245, 0.8766889, 0.7336438, 0.3954089,
        0.8320768, 0.9101523, 0.5086358,
      ],
    );
    expect(scores[0]! + scores[1]!).toBe(1);
  });

  test('softmax loss, one tree a class a round', async () => {
    const { scores } = await fitSample(
      boostedTreeClassifier,
      { numbers, label: three, classCount: 3 },
      rules,
    );
    expectClose(
      scores,
      [
        0.322569, 0.4314501, 0.2459809, 0.03139102, 0.07092196, 0.897687, 0.1262711, 0.4499182, 0.4238107,
        0.06194228, 0.3473439, 0.5907139,
      ],
    );
  });
});

describe('losses', () => {
  test('are those of the model after each round', async () => {
    const { reports, scores } = await fitSample(boostedTreeRegressor, regression, rules);
    expect(reports.map((report) => report.iteration)).toEqual([1, 2, 3, 4, 5]);
    expect(reports.at(-1)!.loss).toBeCloseTo(meanSquare(scores, label), 10);
    expect(reports.every((report) => report.learningRate === 0.3)).toBe(true);
  });

  test('of evaluation rows are reported, and stop the rounds', async () => {
    const evaluation = { numbers: numbers.slice(200), label: label.slice(200) };
    const sample = { numbers: numbers.slice(0, 200), label: label.slice(0, 200), evaluation };
    const options = { ...rules, MAX_ITERATIONS: 200, EARLY_STOP: true, MIN_REL_PROGRESS: 0.02 };
    const { model, reports } = await fitSample(boostedTreeRegressor, sample, options);
    const scores = scoresOf(model, encodedRows(evaluation));
    expect(reports.at(-1)!.evaluationLoss).toBeCloseTo(meanSquare(scores, evaluation.label), 10);
    const gains = reports.slice(1).map((report, index) => {
      const before = reports[index]!.evaluationLoss!;
      return (before - report.evaluationLoss!) / before;
    });
    expect(reports.length).toBeLessThan(200);
    expect(gains.at(-1)).toBeLessThan(0.02);
    expect(gains.slice(0, -1).every((gain) => gain >= 0.02)).toBe(true);
  });
});

describe('options', () => {
  test('COLSAMPLE and SUBSAMPLE draw by the seed', async () => {
    const drawn = { ...rules, COLSAMPLE_BYNODE: 0.5, SUBSAMPLE: 0.7 };
    const first = await fitSample(boostedTreeRegressor, regression, { ...drawn, SEED: 1 });
    const again = await fitSample(boostedTreeRegressor, regression, { ...drawn, SEED: 1 });
    const other = await fitSample(boostedTreeRegressor, regression, { ...drawn, SEED: 2 });
    expect(again.scores).toEqual(first.scores);
    expect(other.scores).not.toEqual(first.scores);
    expect(meanSquare(other.scores, label)).toBeLessThan(12);
  });

  test('COLSAMPLE_BYTREE of almost nothing leaves one column a tree', async () => {
    const options = { ...rules, MAX_ITERATIONS: 1, COLSAMPLE_BYTREE: 0.01 };
    const { model, encoder } = await fitSample(boostedTreeRegressor, regression, options);
    const table = model.table({ name: 'feature_importance', standardize: false, classLabels: [] }, encoder)!;
    expect(table.rows.filter((row) => row[1] !== 0)).toHaveLength(1);
  });

  test('NUM_PARALLEL_TREE of equal trees gives what one tree gives', async () => {
    const single = await fitSample(boostedTreeRegressor, regression, rules);
    const several = await fitSample(boostedTreeRegressor, regression, { ...rules, NUM_PARALLEL_TREE: 3 });
    several.scores.forEach((score, row) => expect(score).toBeCloseTo(single.scores[row]!, 9));
  });

  test('MAX_TREE_DEPTH 0 is no limit, and overfits', async () => {
    const options = {
      ...rules,
      MAX_TREE_DEPTH: 0,
      MAX_ITERATIONS: 60,
      L1_REG: 0,
      L2_REG: 0,
      MIN_SPLIT_LOSS: 0,
      MIN_TREE_CHILD_WEIGHT: 0,
    };
    const { scores } = await fitSample(boostedTreeRegressor, regression, options);
    expect(meanSquare(scores, label)).toBeLessThan(1e-6);
  });

  test('DART without dropout is plain boosting; with it, trees are dropped and weighed again', async () => {
    const plain = await fitSample(boostedTreeRegressor, regression, rules);
    const none = await fitSample(boostedTreeRegressor, regression, { ...rules, BOOSTER_TYPE: 'DART' });
    expect(none.scores).toEqual(plain.scores);
    for (const DART_NORMALIZE_TYPE of ['TREE', 'FOREST']) {
      const options = {
        ...rules,
        BOOSTER_TYPE: 'DART',
        DROPOUT: 0.5,
        DART_NORMALIZE_TYPE,
        MAX_ITERATIONS: 12,
      };
      const { reports, scores } = await fitSample(boostedTreeRegressor, regression, options);
      expect(scores).not.toEqual(plain.scores);
      expect(reports.at(-1)!.loss).toBeCloseTo(meanSquare(scores, label), 9);
      expect(reports.at(-1)!.loss).toBeLessThan(reports[0]!.loss);
    }
  });

  test('indicators of a wide category are split one against the rest', async () => {
    const codes = Array.from({ length: 2100 }, (_, row) => [(row * 11) % 700]);
    const sample = {
      numbers: codes.map(() => []),
      codes,
      cardinalities: [700],
      label: codes.map(([code]) => (code === 650 ? 10 : 0)),
    };
    const { model } = await fitSample(boostedTreeRegressor, sample, {
      MAX_ITERATIONS: 30,
      L2_REG: 0,
      EARLY_STOP: false,
    });
    const asked = encodedRows({ ...sample, numbers: [[], [], []], codes: [[650], [649], [-1]] });
    const [hit, neighbour, none] = scoresOf(model, asked);
    expect(hit).toBeCloseTo(10, 2);
    expect(neighbour).toBeCloseTo(0, 2);
    expect(none).toBe(neighbour);
  });

  test.each([
    [{ TREE_METHOD: 'EXACT' }, '0A000', /TREE_METHOD 'EXACT'/],
    [{ DROPOUT: 0.1 }, '22023', /requires BOOSTER_TYPE = 'DART'/],
    [{ APPROX_GLOBAL_FEATURE_CONTRIB: true }, '22023', /requires ENABLE_GLOBAL_EXPLAIN/],
    [{ SUBSAMPLE: 0 }, '22023', /SUBSAMPLE must be a number > 0 and <= 1, got 0/],
    [{ NUM_TRIALS: 3 }, '0A000', /hyperparameter tuning/],
    [{ WARM_START: true }, '22023', /WARM_START is not supported/],
  ])('%j is refused', (written, state, message) => {
    const check = (): void => {
      const options = writtenOptions(written);
      const checked = checkOptions(options, boostedTreeClassifier.options, 'BOOSTED_TREE_CLASSIFIER').options;
      boostedTreeClassifier.checkInteractions(checked, options);
    };
    expect(check).toThrow(message);
    expect(check).toThrow(expect.objectContaining({ state }) as EngineError);
  });

  test('XGBOOST_VERSION is told to have no effect', () => {
    const written = writtenOptions({ XGBOOST_VERSION: '1.1' });
    const { warnings } = checkOptions(written, boostedTreeRegressor.options, 'BOOSTED_TREE_REGRESSOR');
    expect(warnings).toEqual([
      'option XGBOOST_VERSION has no effect: trees are grown by this engine and not by the XGBoost library',
    ]);
  });

  test('encodings follow CATEGORY_ENCODING_METHOD', () => {
    const category = (value?: string): string => {
      const written = writtenOptions(value === undefined ? {} : { CATEGORY_ENCODING_METHOD: value });
      const checked = checkOptions(written, boostedTreeRegressor.options, 'BOOSTED_TREE_REGRESSOR').options;
      return boostedTreeRegressor.encoding(checked).category;
    };
    expect([category(), category('one_hot_encoding'), category('TARGET_ENCODING')]).toEqual([
      'label',
      'indicator',
      'target',
    ]);
  });
});

describe('hard data', () => {
  const features = [[NaN], [NaN], [NaN], [NaN]];

  test('a column without values leaves the base score', async () => {
    const regressor = await fitSample(boostedTreeRegressor, { numbers: features, label: [1, 2, 3, 6] });
    expect([...regressor.scores]).toEqual([3, 3, 3, 3]);
    const classifier = await fitSample(boostedTreeClassifier, {
      numbers: features,
      label: [0, 1, 1, 1],
      classCount: 2,
    });
    // Probabilities are of single precision while a model is learned.
    expect(classifier.scores[1]).toBeCloseTo(0.75, 7);
  });

  test('one class is certain, and its training has one report', async () => {
    const { scores, reports } = await fitSample(boostedTreeClassifier, {
      numbers: features,
      label: [0, 0, 0, 0],
      classCount: 1,
    });
    expect([...scores]).toEqual([1, 1, 1, 1]);
    expect(reports.map(({ iteration, loss }) => [iteration, loss])).toEqual([[1, 0]]);
  });

  test('missing values are told from present ones', async () => {
    const sample = { numbers: [[NaN], [5], [NaN], [5], [NaN], [5]], label: [0, 9, 0, 9, 0, 9] };
    const { scores } = await fitSample(boostedTreeRegressor, sample, { L2_REG: 0, LEARN_RATE: 1 });
    scores.forEach((score, row) => expect(score).toBeCloseTo(sample.label[row]!, 12));
  });

  test('rows without weight count for nothing; no weight at all is refused', async () => {
    const sample = { numbers: [[1], [2], [3], [4]], label: [1, 1, 7, 7] };
    const { scores } = await fitSample(boostedTreeRegressor, { ...sample, weight: [1, 1, 0, 0] });
    expect([...scores]).toEqual([1, 1, 1, 1]);
    await expect(fitSample(boostedTreeRegressor, { ...sample, weight: [0, 0, 0, 0] })).rejects.toThrow(
      'every training row has weight 0',
    );
  });
});

test('an artifact gives the same model back', async () => {
  const codes = numbers.map((_, row) => [row % 4, (row % 300) - 1]);
  const sample = { numbers, codes, cardinalities: [4, 300], label: three, classCount: 3 };
  const { model, rows, scores, encoder } = await fitSample(boostedTreeClassifier, sample, rules);
  const artifact = model.toArtifact();
  const header: unknown = JSON.parse(JSON.stringify(artifact.header));
  const restored = boostedTreeClassifier.restore({ ...artifact, header: header as Record<string, unknown> });
  expect(scoresOf(restored, rows)).toEqual(scores);
  const request = { name: 'feature_importance', standardize: false, classLabels: [] } as const;
  expect(restored.table(request, encoder)).toEqual(model.table(request, encoder));
  expect(restored.table({ ...request, name: 'weights' }, encoder)).toBeUndefined();
});
