/** Linear regression against published fixtures, closed forms and itself by other roads. */
import { describe, expect, test } from 'vitest';
import { decodeArtifact, encodeArtifact } from '../../../src/ml/artifact-codec.ts';
import { linearRegression } from '../../../src/ml/linear/linear-regression.ts';
import { completePenguins, massRows, penguins } from '../../support/penguins.ts';
import { trainRows, type TestRows } from '../../support/train-rows.ts';

interface Metrics {
  readonly meanAbsolute: number;
  readonly meanSquared: number;
  readonly meanSquaredLog: number;
  readonly medianAbsolute: number;
  readonly r2: number;
}

function metricsOf(label: readonly number[], predicted: Float64Array): Metrics {
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const errors = label.map((value, row) => Math.abs(value - predicted[row]!)).toSorted((a, b) => a - b);
  const meanSquared = mean(errors.map((error) => error ** 2));
  const center = mean(label);
  return {
    meanAbsolute: mean(errors),
    meanSquared,
    meanSquaredLog: mean(label.map((value, row) => (Math.log1p(value) - Math.log1p(predicted[row]!)) ** 2)),
    medianAbsolute: errors[Math.ceil(errors.length / 2) - 1]!,
    r2: 1 - meanSquared / mean(label.map((value) => (value - center) ** 2)),
  };
}

/** Metrics on some rows of the model of all rows whose mass is known. */
async function penguinMetrics(rows: TestRows): Promise<Metrics> {
  const fit = await trainRows(linearRegression, massRows(penguins));
  return metricsOf(rows.label, fit.score(rows.columns));
}

describe('penguin fixtures of BigQuery ML', () => {
  test('342 rows, NULL sex among them', async () => {
    const metrics = await penguinMetrics(massRows(penguins));
    expect(metrics.meanAbsolute).toBeCloseTo(227.012237, 5);
    expect(metrics.meanSquared).toBeCloseTo(81838.159892, 4);
    expect(metrics.meanSquaredLog).toBeCloseTo(0.00507, 5);
    expect(metrics.medianAbsolute).toBeCloseTo(173.080816, 5);
    expect(metrics.r2).toBeCloseTo(0.872377, 6);
  });

  test('its 334 complete rows', async () => {
    const metrics = await penguinMetrics(massRows(completePenguins()));
    expect(metrics.meanAbsolute).toBeCloseTo(225.817334, 5);
    expect(metrics.meanSquared).toBeCloseTo(80540.705944, 4);
    expect(metrics.medianAbsolute).toBeCloseTo(173.080816, 5);
    expect(metrics.r2).toBeCloseTo(0.87529, 5);
  });

  test('new rows are predicted as published', async () => {
    const fit = await trainRows(linearRegression, massRows(penguins));
    const columns = [
      { name: 'species', kind: 'text', values: ['Adelie', 'Adelie', 'Chinstrap'] },
      { name: 'island', kind: 'text', values: ['Torgersen', 'Torgersen', 'Dream'] },
      { name: 'culmen_length_mm', kind: 'number', values: [39.5, 38.5, 37.9] },
      { name: 'culmen_depth_mm', kind: 'number', values: [18.8, 17.2, 18.1] },
      { name: 'flipper_length_mm', kind: 'number', values: [196, 181, 188] },
      { name: 'sex', kind: 'text', values: ['MALE', 'FEMALE', 'FEMALE'] },
    ] as const;
    const [first, second, third] = fit.score(columns);
    expect(first).toBeCloseTo(4030.1, 1);
    expect(second).toBeCloseTo(3280.8, 1);
    expect(third).toBeCloseTo(3177.9, 1);
  });

  test('the encoding of categories and the solver do not change predictions', async () => {
    const rows = massRows(completePenguins());
    const expected = (await trainRows(linearRegression, rows)).score(rows.columns);
    const roads = [
      { CATEGORY_ENCODING_METHOD: 'DUMMY_ENCODING' },
      { WARM_START: true, EARLY_STOP: false, MAX_ITERATIONS: 300 },
      { OPTIMIZE_STRATEGY: 'batch_gradient_descent', EARLY_STOP: false, MAX_ITERATIONS: 3000 },
    ];
    for (const [road, tolerance] of [
      [roads[0]!, 1e-9],
      [roads[1]!, 1e-7],
      [roads[2]!, 1e-5],
    ] as const) {
      const scores = (await trainRows(linearRegression, rows, road)).score(rows.columns);
      const worst = Math.max(...scores.map((score, row) => Math.abs(score / expected[row]! - 1)));
      expect([road, worst < tolerance, worst]).toEqual([road, true, worst]);
    }
  });
});

const line: TestRows = {
  columns: [{ name: 'x', kind: 'number', values: [1, 2, 3, 4, null] }],
  label: [3, 5, 7, 9, 6],
};

describe('closed forms', () => {
  test('a line is found, and its weights are in the units of the input', async () => {
    const fit = await trainRows(linearRegression, line);
    expect([...fit.score([{ name: 'x', kind: 'number', values: [10, 0, null] }])]).toEqual([
      expect.closeTo(21, 9),
      expect.closeTo(1, 9),
      expect.closeTo(6, 9),
    ]);
    const request = { name: 'weights', standardize: false, classLabels: [] } as const;
    expect(fit.model.table(request, fit.encoder)!.rows).toEqual([
      ['x', expect.closeTo(2, 9), []],
      ['__INTERCEPT__', expect.closeTo(1, 9), []],
    ]);
    const standardized = fit.model.table({ ...request, standardize: true }, fit.encoder)!.rows;
    expect(standardized[0]![1]).toBeCloseTo(2 * Math.sqrt(5 / 3), 9);
    expect(standardized[1]![1]).toBeCloseTo(6, 9);
  });

  test('ridge shrinks a standardised weight by variance / (variance + L2)', async () => {
    const rows = { columns: [{ name: 'x', kind: 'number', values: [-1, 0, 1] }], label: [-2, 0, 2] } as const;
    const fit = await trainRows(linearRegression, rows, { L2_REG: 0.5 });
    // Mean of squares of standardised x is 2/3: v = 2 · (2/3) / (2/3 + 1/2).
    const [score] = fit.score([{ name: 'x', kind: 'number', values: [1] }]);
    expect(score).toBeCloseTo((2 * (2 / 3)) / (2 / 3 + 0.5), 10);
  });

  test('lasso thresholds softly, and to exactly 0', async () => {
    const columns = [
      { name: 'x', kind: 'number', values: [-1, 1, -1, 1] },
      { name: 'z', kind: 'number', values: [-1, -1, 1, 1] },
    ] as const;
    const rows = { columns, label: [-2.1, 1.9, -1.9, 2.1] };
    const fit = await trainRows(linearRegression, rows, {
      L1_REG: 0.5,
      EARLY_STOP: false,
      MAX_ITERATIONS: 100,
    });
    const request = { name: 'weights', standardize: true, classLabels: [] } as const;
    const [x, z] = fit.model.table(request, fit.encoder)!.rows;
    // Sample deviation √(4/3), so standardised squares have mean 3/4: v = (2·√(3/4)·... - L1) / (3/4).
    expect(x![1]).toBeCloseTo((2 * Math.sqrt(3 / 4) - 0.5) / 0.75, 8);
    expect(z![1]).toBe(0);
    const gradual = { L1_REG: 0.5, OPTIMIZE_STRATEGY: 'BATCH_GRADIENT_DESCENT', EARLY_STOP: false };
    const descended = await trainRows(linearRegression, rows, { ...gradual, MAX_ITERATIONS: 200 });
    const [slowX, slowZ] = descended.model.table(request, descended.encoder)!.rows;
    expect(slowX![1]).toBeCloseTo(x![1] as number, 7);
    expect(slowZ![1]).toBe(0);
  });

  test('without an intercept the line goes through the origin of the raw inputs', async () => {
    const columns = [{ name: 'x', kind: 'number', values: [1, 2, 4] }] as const;
    const slope = (1 * 5 + 2 * 5 + 4 * 9) / (1 + 4 + 16);
    const roads = [{ OPTIMIZE_STRATEGY: 'NORMAL_EQUATION' }, { EARLY_STOP: false, MAX_ITERATIONS: 100 }];
    for (const road of roads) {
      const fit = await trainRows(
        linearRegression,
        { columns, label: [5, 5, 9] },
        { ...road, FIT_INTERCEPT: false },
      );
      const [atZero, atTwo] = fit.score([{ name: 'x', kind: 'number', values: [0, 2] }]);
      expect(atZero).toBeCloseTo(0, 9);
      expect(atTwo).toBeCloseTo(2 * slope, 9);
    }
  });

  test('arrays of numbers far from 0 are solved as well', async () => {
    const vectors = [1, 2, 3, 4, 5].map((step) => [1e6 + step, 1e6 - step * step]);
    const label = vectors.map(([a, b]) => 3 * (a! - 1e6) - 2 * (b! - 1e6) + 7);
    const columns = [{ name: 'v', kind: 'numbers', values: vectors }] as const;
    const fit = await trainRows(
      linearRegression,
      { columns, label },
      { OPTIMIZE_STRATEGY: 'NORMAL_EQUATION' },
    );
    fit.score(columns).forEach((score, row) => expect(score).toBeCloseTo(label[row]!, 6));
  });

  test('a column twice changes nothing', async () => {
    const x = line.columns[0]!;
    const rows = { ...line, columns: [x, { ...x, name: 'y' }] };
    const fit = await trainRows(linearRegression, rows, { OPTIMIZE_STRATEGY: 'NORMAL_EQUATION' });
    expect([...fit.score(rows.columns)]).toEqual(line.label.map((value) => expect.closeTo(value, 9)));
  });
});

describe('strategy', () => {
  const many: TestRows = {
    columns: [{ name: 'x', kind: 'number', values: Array.from({ length: 40 }, (_, row) => row % 7) }],
    label: Array.from({ length: 40 }, (_, row) => (row % 7) * 2 + (row % 3)),
  };

  test('enough rows: closed form, one iteration, no evaluation loss, no rate', async () => {
    const { iterations } = await trainRows(linearRegression, many, {}, { evaluation: many });
    expect(iterations).toHaveLength(1);
    expect(iterations[0]).toMatchObject({ iteration: 0, loss: expect.closeTo(2 / 3, 1) });
    expect(iterations[0]!.evaluationLoss).toBeUndefined();
    expect(iterations[0]!.learningRate).toBeUndefined();
  });

  test('L1_REG: iterations with both losses', async () => {
    const { iterations } = await trainRows(linearRegression, many, { L1_REG: 1e-9 }, { evaluation: many });
    expect(iterations.length).toBeGreaterThan(1);
    for (const { loss, evaluationLoss } of iterations) expect(evaluationLoss).toBeCloseTo(loss, 12);
  });

  test('the line search tries 2x, x, x/2, x/4 from LS_INIT_LEARN_RATE', async () => {
    const options = {
      LEARN_RATE_STRATEGY: 'LINE_SEARCH',
      LS_INIT_LEARN_RATE: 0.01,
      OPTIMIZE_STRATEGY: 'batch_gradient_descent',
    };
    const { iterations } = await trainRows(linearRegression, many, {
      ...options,
      EARLY_STOP: false,
      MAX_ITERATIONS: 4,
    });
    expect(iterations.map((iteration) => iteration.learningRate)).toEqual([0.02, 0.04, 0.08, 0.16]);
  });

  test('a constant rate that is too great is refused, not returned', async () => {
    const options = {
      LEARN_RATE_STRATEGY: 'CONSTANT',
      LEARN_RATE: 1e9,
      OPTIMIZE_STRATEGY: 'BATCH_GRADIENT_DESCENT',
    };
    const promise = trainRows(linearRegression, many, { ...options, EARLY_STOP: false, MAX_ITERATIONS: 100 });
    await expect(promise).rejects.toMatchObject({
      state: '22000',
      message: expect.stringContaining('diverged'),
    });
  });

  test('an early stop ends at the first small improvement', async () => {
    const options = {
      OPTIMIZE_STRATEGY: 'BATCH_GRADIENT_DESCENT',
      MIN_REL_PROGRESS: 0.2,
      MAX_ITERATIONS: 50,
    };
    const { iterations } = await trainRows(linearRegression, many, options);
    const progress = iterations.slice(1).map(({ loss }, index) => 1 - loss / iterations[index]!.loss);
    expect(progress.at(-1)).toBeLessThan(0.2);
    for (const share of progress.slice(0, -1)) expect(share).toBeGreaterThanOrEqual(0.2);
  });

  test('a warm start goes on from the earlier weights', async () => {
    const options = { OPTIMIZE_STRATEGY: 'BATCH_GRADIENT_DESCENT', EARLY_STOP: false, MAX_ITERATIONS: 3 };
    const constant = { ...options, LEARN_RATE_STRATEGY: 'CONSTANT', LEARN_RATE: 0.1 };
    const first = await trainRows(linearRegression, many, constant);
    const more = await trainRows(
      linearRegression,
      many,
      { ...constant, WARM_START: true },
      { previous: first.model },
    );
    const whole = await trainRows(linearRegression, many, { ...constant, MAX_ITERATIONS: 6 });
    expect([...more.score(many.columns)]).toEqual([...whole.score(many.columns)]);
  });
});

describe('p-values', () => {
  test('match ordinary least squares', async () => {
    // x = 1…5, y: slope 0.6, intercept 2.2, residual sum of squares 2.4, 3 degrees of freedom.
    const rows = {
      columns: [{ name: 'x', kind: 'number', values: [1, 2, 3, 4, 5] }],
      label: [2, 4, 5, 4, 5],
    } as const;
    const options = { CALCULATE_P_VALUES: true, CATEGORY_ENCODING_METHOD: 'DUMMY_ENCODING' };
    for (const road of [
      { OPTIMIZE_STRATEGY: 'NORMAL_EQUATION' },
      { EARLY_STOP: false, MAX_ITERATIONS: 100 },
    ]) {
      const fit = await trainRows(linearRegression, rows, { ...options, ...road });
      const request = { name: 'advanced_weights', standardize: false, classLabels: [] } as const;
      const [x, intercept] = fit.model.table(request, fit.encoder)!.rows;
      const slopeError = Math.sqrt(0.8 / 10);
      const interceptError = Math.sqrt(0.8 * (1 / 5 + 9 / 10));
      expect(x!.slice(0, 4)).toEqual(['x', null, expect.closeTo(0.6, 9), expect.closeTo(slopeError, 9)]);
      // 2(1 - Φ(2.1213203435596424)) = 0.033894853524689
      expect(x![4]).toBeCloseTo(0.033894853524689, 10);
      expect(intercept!.slice(0, 4)).toEqual([
        '__INTERCEPT__',
        null,
        expect.closeTo(2.2, 9),
        expect.closeTo(interceptError, 9),
      ]);
      const standardized = fit.model.table({ ...request, standardize: true }, fit.encoder)!.rows;
      expect(standardized[1]![3]).toBeCloseTo(Math.sqrt(0.8 / 5), 9);
      expect(standardized[0]![4]).toBeCloseTo(x![4] as number, 12);
    }
  });

  test('name each category, the dropped one at its place, and hide the original intercept', async () => {
    const rows = {
      columns: [{ name: 'c', kind: 'text', values: ['b', 'b', 'b', 'a', 'a', 'd', 'd', null] }],
      label: [1, 2, 3, 5, 7, 2, 4, 9],
    } as const;
    const options = {
      CALCULATE_P_VALUES: true,
      CATEGORY_ENCODING_METHOD: 'DUMMY_ENCODING',
      OPTIMIZE_STRATEGY: 'NORMAL_EQUATION',
    };
    const fit = await trainRows(linearRegression, rows, options);
    const request = { name: 'advanced_weights', standardize: false, classLabels: [] } as const;
    const table = fit.model.table(request, fit.encoder)!;
    expect(table.rows.map((row) => row.slice(0, 3))).toEqual([
      ['c', 'a', expect.closeTo(4, 9)],
      ['c', 'b', 0],
      ['c', 'd', expect.closeTo(1, 9)],
      ['c', '_null_filler', expect.closeTo(7, 9)],
      ['__INTERCEPT__', null, expect.closeTo(2, 9)],
    ]);
    expect(table.rows[1]!.slice(3)).toEqual([0, Number.NaN]);
    expect(table.rows[4]!.slice(3)).toEqual([null, null]);
    // Residual sum 6 over 4 degrees of freedom; error of a difference of means of 2 and 3 rows.
    expect(table.rows[0]![3]).toBeCloseTo(Math.sqrt(1.5 * (1 / 2 + 1 / 3)), 9);
    const weights = fit.model.table({ ...request, name: 'weights' }, fit.encoder)!;
    expect(weights.rows[0]).toEqual([
      'c',
      null,
      [
        ['a', expect.closeTo(4, 9)],
        ['b', 0],
        ['d', expect.closeTo(1, 9)],
        ['_null_filler', expect.closeTo(7, 9)],
      ],
    ]);
  });

  test('are not shown for a model trained without them', async () => {
    const fit = await trainRows(linearRegression, line);
    const request = { name: 'advanced_weights', standardize: false, classLabels: [] } as const;
    expect(fit.model.table(request, fit.encoder)).toBeUndefined();
  });
});

describe('options', () => {
  test.each([
    [{ LEARN_RATE: 0.2 }, "option LEARN_RATE requires LEARN_RATE_STRATEGY = 'CONSTANT', got 'LINE_SEARCH'"],
    [
      { CALCULATE_P_VALUES: true },
      "option CALCULATE_P_VALUES requires CATEGORY_ENCODING_METHOD = 'DUMMY_ENCODING'",
    ],
    [
      { OPTIMIZE_STRATEGY: 'NORMAL_EQUATION', L1_REG: 1 },
      "option OPTIMIZE_STRATEGY = 'NORMAL_EQUATION' cannot be used with L1_REG",
    ],
    [
      { OPTIMIZE_STRATEGY: 'NORMAL_EQUATION', WARM_START: true },
      "option OPTIMIZE_STRATEGY = 'NORMAL_EQUATION' cannot be used with WARM_START",
    ],
    [{ L2_REG: -1 }, 'option L2_REG must be a number >= 0, got -1'],
    [{ AUTO_CLASS_WEIGHTS: true }, 'option AUTO_CLASS_WEIGHTS is not supported for LINEAR_REG models'],
  ])('%j is refused', async (options, message) => {
    await expect(trainRows(linearRegression, line, options)).rejects.toMatchObject({
      state: '22023',
      message,
    });
  });
});

test('an artifact restores to the same scores and tables', async () => {
  const rows = massRows(completePenguins());
  const options = { CALCULATE_P_VALUES: true, CATEGORY_ENCODING_METHOD: 'DUMMY_ENCODING' };
  const fit = await trainRows(linearRegression, rows, options);
  const restored = linearRegression.restore(decodeArtifact(encodeArtifact(fit.model.toArtifact())));
  const request = { name: 'advanced_weights', standardize: true, classLabels: [] } as const;
  expect(restored.table(request, fit.encoder)).toEqual(fit.model.table(request, fit.encoder));
  expect(restored.scoreWidth).toBe(1);
});

test.each([
  [[1, Number.NaN], 'the label has NULL or NaN values'],
  [[1, Infinity], 'the label has infinite values'],
])('labels %j cannot be learned from', async (label, message) => {
  const columns = [{ name: 'x', kind: 'number', values: [1, 2] }] as const;
  await expect(trainRows(linearRegression, { columns, label })).rejects.toMatchObject({
    state: '22000',
    message,
  });
});
