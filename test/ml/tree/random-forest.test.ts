/** Random forests: what leaves hold, how columns and rows are drawn, and how well they generalise. */
import { describe, expect, test } from 'vitest';
import { checkOptions } from '../../../src/ml/check-options.ts';
import { randomForestClassifier, randomForestRegressor } from '../../../src/ml/tree/random-forest.ts';
import { fitSample, encodedRows, referenceSample, scoresOf, writtenOptions } from './fit.ts';

const { numbers, label } = referenceSample(600);
const three = label.map((value) => (value < -2 ? 0 : value < 4 ? 1 : 2));
const training = { numbers: numbers.slice(0, 400), label: label.slice(0, 400) };
const held = { numbers: numbers.slice(400), label: label.slice(400) };
const small = { NUM_PARALLEL_TREE: 40 };

function meanSquare(scores: Float64Array, labels: readonly number[]): number {
  return labels.reduce((sum, value, row) => sum + (scores[row]! - value) ** 2, 0) / labels.length;
}

describe('a forest', () => {
  // XGBRFRegressor of XGBoost 3.2.0 (40 trees of depth 15, subsample and colsample_bynode 0.8) has a mean
  // squared error of 2.91 on these rows with reg_lambda 0, of 4.82 with 1; one tree of scikit-learn 1.9.1 has
  // 6.16.
  test.each([
    [0, 2.91],
    [1, 4.82],
  ])('predicts unseen rows as well as XGBoost with L2_REG %d', async (L2_REG, expected) => {
    const { model } = await fitSample(randomForestRegressor, training, { ...small, L2_REG });
    const error = meanSquare(scoresOf(model, encodedRows(held)), held.label);
    expect(error).toBeLessThan(expected * 1.1);
    expect(error).toBeGreaterThan(expected * 0.8);
  });

  test('gives class shares that sum to one, and reports its losses once', async () => {
    const sample = {
      numbers: training.numbers,
      label: three.slice(0, 400),
      classCount: 3,
      evaluation: { numbers: held.numbers, label: three.slice(400) },
    };
    const { model, scores, reports } = await fitSample(randomForestClassifier, sample, small);
    for (let row = 0; row < 400; row++) {
      expect(scores[3 * row]! + scores[3 * row + 1]! + scores[3 * row + 2]!).toBeCloseTo(1, 12);
    }
    const unseen = scoresOf(model, encodedRows(held));
    let logLoss = 0;
    three.slice(400).forEach((value, row) => {
      logLoss -= Math.log(unseen[3 * row + value]!) / 200;
    });
    expect(reports).toHaveLength(1);
    expect(reports[0]!.evaluationLoss).toBeCloseTo(logLoss, 10);
    expect(logLoss).toBeLessThan(0.5);
    expect(reports[0]!.loss).toBeLessThan(logLoss);
  });

  test('leaves shrink towards the mean by L2_REG', async () => {
    const sample = { numbers: [[1], [1], [2], [2]], label: [0, 0, 8, 8] };
    const options = { NUM_PARALLEL_TREE: 400, L2_REG: 0, SUBSAMPLE: 0.999 };
    const plain = await fitSample(randomForestRegressor, sample, options);
    expect([...plain.scores]).toEqual([0, 0, 8, 8]);
    // A side's two rows pull with weight 2 against 2 of the mean: (2 × 0 + 2 × 4) / 4.
    const shrunk = await fitSample(randomForestRegressor, sample, { ...options, L2_REG: 2 });
    [2, 2, 6, 6].forEach((value, row) => expect(shrunk.scores[row]).toBeCloseTo(value, 1));
  });

  test('repeats to the bit by its seed, and differs by another', async () => {
    const first = await fitSample(randomForestRegressor, training, { ...small, SEED: 5 });
    const again = await fitSample(randomForestRegressor, training, { ...small, SEED: 5 });
    const other = await fitSample(randomForestRegressor, training, { ...small, SEED: 6 });
    expect(again.model.toArtifact()).toEqual(first.model.toArtifact());
    expect(other.scores).not.toEqual(first.scores);
  });

  test('gives the same model back from its artifact', async () => {
    const { model, rows, scores, encoder } = await fitSample(randomForestRegressor, training, small);
    const restored = randomForestRegressor.restore(model.toArtifact());
    expect(scoresOf(restored, rows)).toEqual(scores);
    const request = { name: 'feature_importance', standardize: false, classLabels: [] } as const;
    const table = restored.table(request, encoder)!;
    expect(table).toEqual(model.table(request, encoder));
    expect(table.rows.map((row) => row[0])).toEqual(['x0', 'x1', 'x2', 'x3']);
    expect(table.rows.every((row) => (row[1] as number) > 0)).toBe(true);
  });

  test('of one class is certain', async () => {
    const { scores } = await fitSample(
      randomForestClassifier,
      { numbers: [[1], [2]], label: [0, 0], classCount: 1 },
      small,
    );
    expect([...scores]).toEqual([1, 1]);
  });
});

describe('options', () => {
  const check = (written: Record<string, number | boolean>): readonly string[] => {
    const options = writtenOptions(written);
    const result = checkOptions(options, randomForestClassifier.options, 'RANDOM_FOREST_CLASSIFIER');
    randomForestClassifier.checkInteractions(result.options, options);
    return result.warnings;
  };

  test('at least one share of columns must be below 1', () => {
    expect(() => check({ COLSAMPLE_BYNODE: 1 })).toThrow(
      'at least one of COLSAMPLE_BYTREE, COLSAMPLE_BYLEVEL, COLSAMPLE_BYNODE must be below 1',
    );
    expect(check({ COLSAMPLE_BYNODE: 1, COLSAMPLE_BYTREE: 0.5 })).toEqual([]);
  });

  test('rounds do not exist; stopping them has no effect', () => {
    expect(() => check({ MAX_ITERATIONS: 5 })).toThrow('option MAX_ITERATIONS is not supported');
    expect(() => check({ SUBSAMPLE: 1 })).toThrow('SUBSAMPLE must be a number > 0 and < 1, got 1');
    expect(check({ EARLY_STOP: false })).toEqual([
      'option EARLY_STOP has no effect: a random forest is grown in one round',
    ]);
  });
});
