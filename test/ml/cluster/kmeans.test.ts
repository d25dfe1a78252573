/** K-means: the published penguin model to its digits, starts, corner cases, and what the model shows. */
import { describe, expect, test } from 'vitest';
import { kmeans } from '../../../src/ml/cluster/kmeans.ts';
import type { KMeansModel } from '../../../src/ml/cluster/kmeans-model.ts';
import type { RawRows } from '../../../src/ml/index.ts';
import {
  fitModel,
  scoreRows,
  type Fitted,
  type FitSettings,
  type RawTable,
} from '../../support/fit-model.ts';
import { allPenguins, penguinInputs, penguinRows } from './penguins.ts';

/**
 * Rows of the penguin table (0-based) that lead to the published model, in the published order of centroids.
 */
const publishedStart = [44, 80, 132];

function flags(rowCount: number, rows: readonly number[]): Float64Array {
  const labels = new Float64Array(rowCount);
  for (const row of rows) labels[row] = 1;
  return labels;
}

const penguinTable: RawTable = {
  inputs: penguinInputs,
  rows: allPenguins,
  labels: flags(344, publishedStart),
  classCount: 0,
};

const fitPenguins = (): Promise<Fitted> =>
  fitModel(kmeans, penguinTable, {
    options: { NUM_CLUSTERS: 3, KMEANS_INIT_METHOD: 'CUSTOM', KMEANS_INIT_COL: 'is_start' },
  });

/** A table of numeric columns. */
function points(rows: readonly (readonly number[])[], labels?: Float64Array): RawTable {
  const width = rows[0]?.length ?? 0;
  const columns = Array.from({ length: width }, (_, column) => ({
    kind: 'number' as const,
    values: Float64Array.from(rows, (row) => row[column]!),
  }));
  return {
    inputs: columns.map((_, column) => ({ name: `x${column + 1}`, kind: 'number' })),
    rows: { rowCount: rows.length, columns },
    labels,
    classCount: 0,
  };
}

const fitPoints = (rows: readonly (readonly number[])[], settings: FitSettings = {}): Promise<Fitted> =>
  fitModel(kmeans, points(rows), settings);

const centroidRows = (fitted: Fitted, standardize = false): readonly (readonly unknown[])[] =>
  fitted.model.table({ name: 'centroids', standardize, classLabels: [] }, fitted.encoder)?.rows ?? [];

const digits = (value: unknown, count: number): number => Number(Number(value).toFixed(count));

describe('the published penguin model (functions reference, 20.3)', () => {
  test('has its centroids', async () => {
    const rows = centroidRows(await fitPenguins());
    const numbers = rows
      .filter((row) => row[1] !== 'sex')
      .map((row) => [Number(row[0]), row[1], digits(row[2], 6), row[3]]);
    expect(numbers).toEqual([
      [1, 'culmen_length_mm', 47.509677, []],
      [1, 'culmen_depth_mm', 14.993548, []],
      [1, 'flipper_length_mm', 217.040323, []],
      [2, 'culmen_length_mm', 38.207813, []],
      [2, 'culmen_depth_mm', 18.03125, []],
      [2, 'flipper_length_mm', 187.992188, []],
      [3, 'culmen_length_mm', 47.036346, []],
      [3, 'culmen_depth_mm', 18.834808, []],
      [3, 'flipper_length_mm', 197.1612, []],
    ]);
    const shares = rows
      .filter((row) => row[1] === 'sex')
      .map((row) => [
        row[2],
        (row[3] as [string, number][]).map(([name, share]) => [name, digits(share, 6)]),
      ]);
    expect(shares).toEqual([
      [
        null,
        [
          ['.', 0.008065],
          ['FEMALE', 0.475806],
          ['MALE', 0.491935],
          ['_null_filler', 0.024194],
        ],
      ],
      [
        null,
        [
          ['FEMALE', 0.625],
          ['MALE', 0.34375],
          ['_null_filler', 0.03125],
        ],
      ],
      [
        null,
        [
          ['FEMALE', 0.282609],
          ['MALE', 0.684783],
          ['_null_filler', 0.032609],
        ],
      ],
    ]);
  });

  test('has its radii, and the sizes of the last assignment', async () => {
    const { model } = await fitPenguins();
    const { radii, sizes } = model as KMeansModel;
    expect(radii.map((radius) => digits(radius, 6))).toEqual([1.141532, 1.07455, 1.241252]);
    expect(sizes).toEqual([123, 129, 92]);
  });

  // The printed distances to centroid 1 (and its radius, 1.141533) were taken from a flipper length of
  // 217.040123; the mean of the cluster's 124 whole numbers is 26913 / 124 = 217.040323, as the printed
  // centroid says.
  test('has its distances of new rows', async () => {
    const fresh = penguinRows([
      [39.5, 18.8, 196, 'MALE'],
      [38.5, 17.2, 181, 'FEMALE'],
      [37.9, 18.1, 188, 'FEMALE'],
    ]);
    const distances = scoreRows(await fitPenguins(), fresh);
    const published = [
      [2.931155, 1.16367, 1.446684],
      [3.325369, 0.828897, 2.331428],
      [3.217927, 0.513962, 2.085182],
    ];
    published.forEach((expected, row) => {
      const [first, second, third] = distances.subarray(row * 3, row * 3 + 3);
      expect(Math.abs(first! - expected[0]!)).toBeLessThan(1.2e-5);
      expect([digits(second, 6), digits(third, 6)]).toEqual(expected.slice(1));
    });
  });

  test('has its mean squared distance on four new rows', async () => {
    const fresh = penguinRows([
      [37.5, 18.5, 199, 'MALE'],
      [55.8, 19.8, 207, 'MALE'],
      [39.7, 18.9, 184, 'MALE'],
      [43.8, 13.9, 208, 'FEMALE'],
    ]);
    const distances = scoreRows(await fitPenguins(), fresh);
    const rows = [0, 1, 2, 3].map((row) => [...distances.subarray(row * 3, row * 3 + 3)]);
    expect(rows.map((row) => row.indexOf(Math.min(...row)) + 1)).toEqual([2, 3, 2, 1]);
    expect(rows.reduce((sum, row) => sum + Math.min(...row) ** 2, 0) / 4).toBeCloseTo(1.965944, 5);
  });

  test('stops early, with a report of every iteration', async () => {
    const { reports } = await fitPenguins();
    expect(reports.map((report) => report.iteration)).toEqual([0, 1, 2, 3, 4]);
    const losses = reports.map((report) => report.loss);
    expect(losses).toEqual(losses.toSorted((left, right) => right - left));
    expect(1 - losses[4]! / losses[3]!).toBeLessThan(0.01);
    expect(1 - losses[3]! / losses[2]!).toBeGreaterThan(0.01);
    expect(reports.at(-1)?.clusters?.map((cluster) => cluster.size)).toEqual([123, 129, 92]);
    const last = reports.at(-1)!;
    const total = last.clusters!.reduce((sum, { radius, size }) => sum + radius ** 2 * size, 0);
    expect(total / 344).toBeCloseTo(last.loss, 12);
  });
});

const twoHeaps = [
  [0, 0],
  [0, 1],
  [1, 0],
  [10, 10],
  [10, 11],
  [11, 10],
];

describe('starts', () => {
  test.each(['RANDOM', 'KMEANS++'])(
    '%s finds two heaps, the same again for the same seed',
    async (method) => {
      const options = { NUM_CLUSTERS: 2, KMEANS_INIT_METHOD: method };
      const first = await fitPoints(twoHeaps, { options, seed: 7 });
      const again = await fitPoints(twoHeaps, { options, seed: 7 });
      expect([...(first.model as KMeansModel).centroids.values]).toEqual([
        ...(again.model as KMeansModel).centroids.values,
      ]);
      expect((first.model as KMeansModel).sizes).toEqual([3, 3]);
      const means = centroidRows(first)
        .map((row) => digits(row[2], 9))
        .toSorted((left, right) => left - right);
      expect(means).toEqual([0.333333333, 0.333333333, 10.333333333, 10.333333333]);
    },
  );

  test('KMEANS++ spreads over heaps where random rows would not', async () => {
    const rows = Array.from({ length: 300 }, (_, row) => [row < 294 ? (row % 7) / 100 : 1000 * (row - 290)]);
    const options = { NUM_CLUSTERS: 7, KMEANS_INIT_METHOD: 'KMEANS++', STANDARDIZE_FEATURES: false };
    const { model } = await fitPoints(rows, { options });
    expect((model as KMeansModel).sizes.toSorted((left, right) => left - right)).toEqual([
      1, 1, 1, 1, 1, 1, 294,
    ]);
  });

  test('CUSTOM starts from the flagged rows, in row order', async () => {
    const table = points(twoHeaps, flags(6, [1, 3]));
    const options = { KMEANS_INIT_METHOD: 'CUSTOM', KMEANS_INIT_COL: 'start' };
    const fitted = await fitModel(kmeans, table, { options });
    expect(digits(centroidRows(fitted)[0]?.[2], 6)).toBe(0.333333);
    await expect(fitModel(kmeans, table, { options: { ...options, NUM_CLUSTERS: 3 } })).rejects.toMatchObject(
      {
        state: '22000',
        message: 'column "start" must be TRUE for exactly NUM_CLUSTERS = 3 rows, got 2',
      },
    );
    await expect(fitModel(kmeans, points(twoHeaps, flags(6, [2])), { options })).rejects.toMatchObject({
      message: 'column "start" must be TRUE for 2 to 100 rows, got 1',
    });
  });

  test('WARM_START goes on from the model before', async () => {
    const options = { NUM_CLUSTERS: 2, MAX_ITERATIONS: 1 };
    const first = await fitPoints(twoHeaps, { options });
    const warm = await fitPoints(twoHeaps, {
      options: { ...options, WARM_START: true },
      previous: first.model,
    });
    expect(warm.reports).toHaveLength(1);
    expect(warm.reports[0]!.loss).toBeLessThanOrEqual(first.reports[0]!.loss);
    const other = { NUM_CLUSTERS: 3, WARM_START: true };
    await expect(fitPoints(twoHeaps, { options: other, previous: first.model })).rejects.toMatchObject({
      state: '22023',
      message: 'option NUM_CLUSTERS must stay 2 with WARM_START, got 3',
    });
  });

  test('the method and its column need each other', async () => {
    await expect(fitPoints(twoHeaps, { options: { KMEANS_INIT_METHOD: 'CUSTOM' } })).rejects.toMatchObject({
      state: '22023',
      message: "option KMEANS_INIT_METHOD = 'CUSTOM' requires KMEANS_INIT_COL",
    });
    await expect(fitPoints(twoHeaps, { options: { KMEANS_INIT_COL: 'x' } })).rejects.toMatchObject({
      message: "option KMEANS_INIT_COL requires KMEANS_INIT_METHOD = 'CUSTOM', got 'RANDOM'",
    });
  });
});

describe('the number of clusters', () => {
  test.each([
    [6, 2],
    [300, 2],
    [400, 3],
    [31_623, 5],
  ])('of %i rows is %i by default', async (rowCount, clusterCount) => {
    const rows = Array.from({ length: rowCount }, (_, row) => [row % 1009, (row * 7) % 13]);
    const { model } = await fitPoints(rows, { options: { MAX_ITERATIONS: 1 } });
    expect(model.scoreWidth).toBe(clusterCount);
  });

  test('may not exceed the rows', async () => {
    await expect(fitPoints([[1, 2]])).rejects.toMatchObject({
      state: '22000',
      message: 'k-means with 2 clusters needs at least 2 training rows, got 1',
    });
  });

  test('beyond the distinct rows leaves clusters empty and says so', async () => {
    const rows = Array.from({ length: 40 }, (_, row) => [row % 2, 5]);
    const { model, warnings } = await fitPoints(rows, {
      options: { NUM_CLUSTERS: 4, KMEANS_INIT_METHOD: 'KMEANS++' },
    });
    expect((model as KMeansModel).sizes.toSorted((left, right) => left - right)).toEqual([0, 0, 20, 20]);
    expect(Math.max(...(model as KMeansModel).radii)).toBeLessThan(1e-12);
    expect(warnings).toEqual(['2 of 4 clusters are empty: there may be fewer distinct rows than clusters']);
  });

  test('is kept when clusters start empty: they move to far rows', async () => {
    const rows = [[0], [0], [0], [0], [5], [9], [20]];
    const table = points(rows, flags(7, [0, 1, 2]));
    const options = { KMEANS_INIT_METHOD: 'CUSTOM', KMEANS_INIT_COL: 'start' };
    const { model, warnings } = await fitModel(kmeans, table, { options });
    expect((model as KMeansModel).sizes.every((size) => size > 0)).toBe(true);
    expect(warnings).toEqual([]);
  });
});

describe('cosine', () => {
  const rays = [
    [1, 1],
    [2, 2],
    [5, 5],
    [1, -1],
    [3, -3],
    [4, -4.1],
  ];
  const options = {
    NUM_CLUSTERS: 2,
    DISTANCE_TYPE: 'COSINE',
    STANDARDIZE_FEATURES: false,
    KMEANS_INIT_METHOD: 'KMEANS++',
  };

  test('is sqrt(1 - cosine similarity) in model space', async () => {
    const fitted = await fitPoints(rays, { options });
    const { encoder, model } = fitted;
    const rows: RawRows = points([[3, 1]]).rows;
    const [x, y] = encoder.encode(rows).numeric;
    const { values } = (model as KMeansModel).centroids;
    const expected = [0, 1].map((cluster) => {
      const [a, b] = values.subarray(cluster * 2, cluster * 2 + 2);
      return Math.sqrt(1 - (x! * a! + y! * b!) / (Math.hypot(x!, y!) * Math.hypot(a!, b!)));
    });
    const distances = scoreRows(fitted, rows);
    expect(distances[0]).toBeCloseTo(expected[0]!, 12);
    expect(distances[1]).toBeCloseTo(expected[1]!, 12);
  });

  test('shows means in the units of the input', async () => {
    const fitted = await fitPoints(rays, { options });
    const { sizes } = fitted.model as KMeansModel;
    const total = centroidRows(fitted)
      .filter((row) => row[1] === 'x1')
      .reduce((sum, row) => sum + Number(row[2]) * sizes[Number(row[0]) - 1]!, 0);
    expect(total).toBeCloseTo(16, 9);
  });

  test('refuses a row of zeros, in training and in scoring', async () => {
    const message = "DISTANCE_TYPE = 'COSINE' is not defined for a row whose features are all zero";
    const withMiddle = [
      [1, 1],
      [-1, -1],
      [0, 0],
      [2, -2],
      [-2, 2],
    ];
    await expect(fitPoints(withMiddle, { options })).rejects.toMatchObject({ state: '22000', message });
    const fitted = await fitPoints(
      withMiddle.filter((row) => row[0] !== 0),
      { options },
    );
    expect(() => scoreRows(fitted, points([[0, 0]]).rows)).toThrow(message);
  });
});

test('STANDARDIZE_FEATURES = FALSE measures in the units of the input', async () => {
  const options = { NUM_CLUSTERS: 2, STANDARDIZE_FEATURES: false };
  const fitted = await fitPoints(twoHeaps, { options });
  const rows = points([[0, 0]]).rows;
  const nearest = Math.min(...scoreRows(fitted, rows));
  expect(nearest).toBeCloseTo(Math.hypot(1 / 3, 1 / 3), 12);
});

test('a standardised centroid table shows z-scores', async () => {
  const fitted = await fitPoints(twoHeaps, { options: { NUM_CLUSTERS: 2 } });
  const values = centroidRows(fitted, true).map((row) => Number(row[2]));
  expect(values.reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 12);
  expect(values).toEqual([...(fitted.model as KMeansModel).means]);
});
