/** Logistic regression against closed forms: saturated models give the shares of the classes. */
import { describe, expect, test } from 'vitest';
import { decodeArtifact, encodeArtifact } from '../../../src/ml/artifact-codec.ts';
import { logisticRegression } from '../../../src/ml/linear/logistic-regression.ts';
import { completePenguins, penguinColumns } from '../../support/penguins.ts';
import { trainRows, type TestRows } from '../../support/train-rows.ts';

const converged = { EARLY_STOP: false, MAX_ITERATIONS: 200 };
const weightsRequest = { name: 'weights', standardize: false, classLabels: ['no', 'yes'] } as const;

/** Rows with a category and a class each, `counts[category][class]` of them. */
function countedRows(counts: Readonly<Record<string, readonly number[]>>): TestRows {
  const values: string[] = [];
  const label: number[] = [];
  for (const [category, byClass] of Object.entries(counts)) {
    byClass.forEach((count, index) => {
      for (let row = 0; row < count; row++) {
        values.push(category);
        label.push(index);
      }
    });
  }
  return { columns: [{ name: 'c', kind: 'text', values }], label };
}

const scored = (values: string[]) => [{ name: 'c', kind: 'text', values }] as const;

describe('two classes', () => {
  const rows = countedRows({ a: [6, 2], b: [3, 9] });

  test('the probability of the greater label is its share in each category', async () => {
    const fit = await trainRows(logisticRegression, rows, converged, { classCount: 2 });
    expect(fit.model.scoreWidth).toBe(2);
    const expected = [3 / 4, 1 / 4, 1 / 4, 3 / 4];
    fit.score(scored(['a', 'b'])).forEach((score, place) => expect(score).toBeCloseTo(expected[place]!, 8));
  });

  test('row weights count as rows', async () => {
    const weight = rows.label.map((label) => (label === 1 ? 2 : 1));
    const fit = await trainRows(logisticRegression, { ...rows, weight }, converged, { classCount: 2 });
    const expected = [6 / 10, 4 / 10, 3 / 21, 18 / 21];
    fit.score(scored(['a', 'b'])).forEach((score, place) => expect(score).toBeCloseTo(expected[place]!, 8));
  });

  test('the reported loss is the mean log loss, training and evaluation alike', async () => {
    const fit = await trainRows(logisticRegression, rows, converged, { classCount: 2, evaluation: rows });
    const entropy =
      -(
        8 * (0.75 * Math.log(0.75) + 0.25 * Math.log(0.25)) +
        12 * (0.75 * Math.log(0.75) + 0.25 * Math.log(0.25))
      ) / 20;
    expect(fit.iterations.at(-1)!.loss).toBeCloseTo(entropy, 10);
    expect(fit.iterations.at(-1)!.evaluationLoss).toBeCloseTo(entropy, 10);
  });

  test('standard errors are those of the log odds ratio', async () => {
    const options = { ...converged, CALCULATE_P_VALUES: true, CATEGORY_ENCODING_METHOD: 'DUMMY_ENCODING' };
    const fit = await trainRows(logisticRegression, rows, options, { classCount: 2 });
    const table = fit.model.table(
      { ...weightsRequest, name: 'advanced_weights', standardize: true },
      fit.encoder,
    )!;
    const [a, b, intercept] = table.rows;
    expect(a!.slice(0, 3)).toEqual(['c', 'a', expect.closeTo(Math.log(2 / 6) - Math.log(9 / 3), 7)]);
    expect(a![3]).toBeCloseTo(Math.sqrt(1 / 6 + 1 / 2 + 1 / 3 + 1 / 9), 7);
    expect(b).toEqual(['c', 'b', 0, 0, Number.NaN]);
    expect(intercept![2]).toBeCloseTo(Math.log(3), 7);
    expect(intercept![3]).toBeCloseTo(Math.sqrt(1 / 3 + 1 / 9), 7);
    const restored = logisticRegression.restore(decodeArtifact(encodeArtifact(fit.model.toArtifact())));
    const again = restored.table(
      { ...weightsRequest, name: 'advanced_weights', standardize: true },
      fit.encoder,
    )!;
    expect(again.rows).toEqual(table.rows);
  });

  test('gradient descent starts from even odds, at twice the first rate', async () => {
    const options = { LEARN_RATE_STRATEGY: 'LINE_SEARCH', EARLY_STOP: false, MAX_ITERATIONS: 3 };
    const { iterations } = await trainRows(logisticRegression, rows, options, { classCount: 2 });
    expect(iterations.map(({ learningRate }) => learningRate)).toEqual([0.2, 0.4, 0.8]);
    expect(iterations[0]!.loss).toBeLessThan(Math.LN2);
    expect(iterations[0]!.loss).toBeGreaterThan(0.68);
  });

  test('perfectly separable classes end in certainty, not in NaN', async () => {
    const columns = [{ name: 'x', kind: 'number', values: [-2, -1, 1, 2] }] as const;
    const fit = await trainRows(logisticRegression, { columns, label: [0, 0, 1, 1] }, converged, {
      classCount: 2,
    });
    const scores = [...fit.score([{ name: 'x', kind: 'number', values: [-1, 1, 1e300] }])];
    expect(scores[1]).toBeLessThan(1e-6);
    expect(scores[3]).toBeGreaterThan(1 - 1e-6);
    expect(scores.slice(4)).toEqual([0, 1]);
  });

  test('L1 drives a useless weight to exactly 0 and L2 shrinks', async () => {
    const values = Array.from({ length: 40 }, (_, row) => row % 2);
    const noise = Array.from({ length: 40 }, (_, row) => Math.floor(row / 2) % 2);
    const columns = [
      { name: 'x', kind: 'number', values },
      { name: 'z', kind: 'number', values: noise },
    ] as const;
    const label = values.map((value, row) => (row % 5 === 0 ? 1 - value : value));
    const weightOf = async (options: object) => {
      const fit = await trainRows(
        logisticRegression,
        { columns, label },
        { ...converged, ...options },
        { classCount: 2 },
      );
      return fit.model
        .table({ ...weightsRequest, standardize: true }, fit.encoder)!
        .rows.map((row) => row[1] as number);
    };
    const [plain] = await weightOf({});
    const [lasso, zero] = await weightOf({ L1_REG: 0.05 });
    const [ridge] = await weightOf({ L2_REG: 0.1 });
    expect(plain).toBeGreaterThan(lasso!);
    expect(lasso).toBeGreaterThan(0);
    expect(zero).toBe(0);
    expect(ridge).toBeGreaterThan(0);
    expect(ridge).toBeLessThan(plain!);
  });
});

describe('more classes', () => {
  const rows = countedRows({ a: [5, 3, 2], b: [1, 1, 8], d: [4, 4, 2] });

  test('the probabilities are the shares in each category, summing to 1', async () => {
    const fit = await trainRows(logisticRegression, rows, converged, { classCount: 3 });
    expect(fit.model.scoreWidth).toBe(3);
    const expected = [0.5, 0.3, 0.2, 0.1, 0.1, 0.8, 0.4, 0.4, 0.2];
    fit
      .score(scored(['a', 'b', 'd']))
      .forEach((score, place) => expect(score).toBeCloseTo(expected[place]!, 7));
  });

  test('a value never seen gets the intercepts alone', async () => {
    const fit = await trainRows(logisticRegression, rows, converged, { classCount: 3 });
    const request = { ...weightsRequest, classLabels: ['k', 'l', 'm'] };
    const table = fit.model.table(request, fit.encoder)!;
    expect(table.schema.map((column) => column.name)).toEqual([
      'processed_input',
      'weight',
      'category_weights',
      'class_label',
    ]);
    const intercepts = table.rows.filter((row) => row[0] === '__INTERCEPT__');
    expect(intercepts.map((row) => row[3])).toEqual(['k', 'l', 'm']);
    const odds = intercepts.map((row) => Math.exp(row[1] as number));
    const sum = odds.reduce((total, one) => total + one, 0);
    fit.score(scored(['other'])).forEach((score, place) => expect(score).toBeCloseTo(odds[place]! / sum, 12));
  });

  test('penguin sexes are told apart about as well as published (0.92515 of 334 rows)', async () => {
    const complete = completePenguins();
    const columns = penguinColumns(complete, 'Sex');
    const label = complete.map((row) => ['.', 'FEMALE', 'MALE'].indexOf(row.Sex!));
    const fit = await trainRows(logisticRegression, { columns, label }, {}, { classCount: 3 });
    const scores = fit.score(columns);
    const right = label.filter((actual, row) => {
      const shares = [...scores.subarray(3 * row, 3 * row + 3)];
      return shares.indexOf(Math.max(...shares)) === actual;
    });
    expect(right.length / label.length).toBeGreaterThan(0.9);
  });

  test('p-values are refused', async () => {
    const options = { CALCULATE_P_VALUES: true, CATEGORY_ENCODING_METHOD: 'DUMMY_ENCODING' };
    await expect(trainRows(logisticRegression, rows, options, { classCount: 3 })).rejects.toMatchObject({
      state: '22023',
      message: 'option CALCULATE_P_VALUES requires a label with two classes, got 3',
    });
  });
});

test('one class only is a clear error', async () => {
  const rows = countedRows({ a: [3], b: [2] });
  await expect(trainRows(logisticRegression, rows, {}, { classCount: 1 })).rejects.toMatchObject({
    state: '22000',
    message: 'a classification needs at least two classes, and the label has one only',
  });
});

test('NORMAL_EQUATION is refused with its position', async () => {
  const promise = trainRows(logisticRegression, countedRows({ a: [1, 1] }), {
    OPTIMIZE_STRATEGY: 'normal_equation',
  });
  await expect(promise).rejects.toMatchObject({ state: '22023', position: 50 });
});

test('a training that ends at MAX_ITERATIONS while it still improves says so', async () => {
  const rows = countedRows({ a: [60, 2], b: [3, 90] });
  const options = { MAX_ITERATIONS: 2, LEARN_RATE_STRATEGY: 'LINE_SEARCH' };
  const { warnings } = await trainRows(logisticRegression, rows, options, { classCount: 2 });
  expect(warnings).toEqual([expect.stringContaining('ended at MAX_ITERATIONS = 2')]);
});
