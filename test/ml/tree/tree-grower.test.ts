/**
 * Growing over many partitions: the same bits whatever the threads, and the same tree as over one partition.
 */
import { afterAll, describe, expect, test } from 'vitest';
import { Log, Random } from '../../../src/core/index.ts';
import { createWorkerPool, type WorkerPool } from '../../../src/ml/parallel/worker-pool.ts';
import { boostedTreeClassifier, boostedTreeRegressor } from '../../../src/ml/tree/boosted-tree.ts';
import { decisionTreeClassifier, decisionTreeRegressor } from '../../../src/ml/tree/decision-tree.ts';
import { randomForestClassifier } from '../../../src/ml/tree/random-forest.ts';
import type { Estimator } from '../../../src/ml/estimator.ts';
import { fitSample, scoresOf, encodedRows, type Sample } from './fit.ts';

const pool: WorkerPool = createWorkerPool({
  threads: 2,
  memoryBytes: 64 * 1024 * 1024,
  log: new Log('silent'),
});

afterAll(() => pool.close());

/** Rows over three partitions, with missing values and a category. */
function manyRows(rowCount: number, classCount: number): Sample {
  const random = new Random(9);
  const numbers: number[][] = [];
  const codes: number[][] = [];
  const label: number[] = [];
  for (let row = 0; row < rowCount; row++) {
    const x = [random.normal(), random.below(50), random.uniform() < 0.1 ? NaN : random.normal()];
    const code = random.below(7);
    const score = x[0]! + (x[2]! || 0) * 0.7 + (code === 3 ? 1 : 0) + 0.3 * random.normal();
    numbers.push(x);
    codes.push([code]);
    label.push(classCount === 2 ? (score > 0 ? 1 : 0) : score < -0.5 ? 0 : score < 0.7 ? 1 : 2);
  }
  return { numbers, codes, cardinalities: [7], label, classCount };
}

const three = manyRows(10_000, 3);
const two = manyRows(10_000, 2);
const weighted = { ...two, weight: two.label.map((_, row) => (row % 5) / 2) };
const regression = { ...two, classCount: 0, evaluation: manyRows(500, 2) };
const records = { MAX_ITERATIONS: 4, MAX_TREE_DEPTH: 5, EARLY_STOP: false };
const fits: readonly (readonly [string, Estimator, Sample, Record<string, number | boolean | string>])[] = [
  ['boosting of two classes', boostedTreeClassifier, two, records],
  ['boosting of weighted rows', boostedTreeClassifier, weighted, { ...records, SUBSAMPLE: 0.8 }],
  ['DART', boostedTreeRegressor, regression, { ...records, BOOSTER_TYPE: 'DART', DROPOUT: 0.5 }],
  [
    'boosting of three classes',
    boostedTreeClassifier,
    three,
    { MAX_ITERATIONS: 3, MAX_TREE_DEPTH: 5, SUBSAMPLE: 0.8, EARLY_STOP: false },
  ],
  ['a forest', randomForestClassifier, three, { NUM_PARALLEL_TREE: 6, MAX_TREE_DEPTH: 8 }],
  ['a tree', decisionTreeClassifier, three, { MAX_TREE_DEPTH: 8 }],
];

describe.each(fits)('%s', (_, estimator, sample, options) => {
  test('is the same to the bit on two threads as serially', async () => {
    const serial = await fitSample(estimator, sample, options);
    const parallel = await fitSample(estimator, sample, options, (request) => pool.openTraining(request));
    expect(parallel.model.toArtifact()).toEqual(serial.model.toArtifact());
    const told = (outcome: typeof serial): unknown =>
      outcome.reports.map(({ durationMs: _duration, ...report }) => report);
    expect(told(parallel)).toEqual(told(serial));
  });
});

test('a tree grown through passes and picked-up rows is the tree of its definition', async () => {
  const { numbers, codes } = manyRows(5000, 2);
  const columns = numbers.map((row, index) => [row[1]!, codes![index]![0]!]);
  const random = new Random(1);
  const label = columns.map(([a, b]) => Math.floor(a! / 7) * 3 + (b! > 2 ? 10 : 0) + random.below(2));
  const { model, scores } = await fitSample(
    decisionTreeRegressor,
    { numbers: columns, label },
    { MAX_TREE_DEPTH: 30, MAX_BINS: 255 },
  );
  // Grown without limit, every combination of values has a leaf of its own: the mean of its rows.
  const sums = new Map<string, [number, number]>();
  columns.forEach((row, index) => {
    const entry = sums.get(String(row)) ?? [0, 0];
    sums.set(String(row), [entry[0] + label[index]!, entry[1] + 1]);
  });
  columns.forEach((row, index) => {
    const [sum, count] = sums.get(String(row))!;
    expect(scores[index]).toBeCloseTo(sum / count, 9);
  });
  const [first] = scoresOf(model, encodedRows({ numbers: [columns[0]!], label: [0] }));
  expect(first).toBe(scores[0]);
});

test('a thousand columns are learned from', async () => {
  const random = new Random(2);
  const numbers = Array.from({ length: 300 }, () => Array.from({ length: 1000 }, () => random.uniform()));
  const label = numbers.map((row) => (row[617]! > 0.5 ? 1 : 0));
  const { reports, model, encoder } = await fitSample(
    boostedTreeClassifier,
    { numbers, label, classCount: 2 },
    { MAX_ITERATIONS: 4 },
  );
  expect(reports.at(-1)!.loss).toBeLessThan(0.25);
  const table = model.table({ name: 'feature_importance', standardize: false, classLabels: [] }, encoder)!;
  const best = table.rows.toSorted((left, right) => (right[2] as number) - (left[2] as number))[0]!;
  expect(best[0]).toBe('x617');
});
