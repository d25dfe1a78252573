/** Assignment by changes: what the plain pass finds, over iterations, empty clusters, and digits that cancel. */
import { describe, expect, test } from 'vitest';
import { Random } from '../../../src/core/index.ts';
import { createAssigner } from '../../../src/ml/cluster/assigner.ts';
import { assignPass, type Assignment } from '../../../src/ml/cluster/kmeans-passes.ts';
import { centroidSet } from '../../../src/ml/kernel/scalar-distance-kernel.ts';
import { openSerialTraining } from '../../../src/ml/parallel/serial-training.ts';
import type { Training } from '../../../src/ml/parallel/training.ts';

const ROWS = 3000;
const WIDTH = 5;

function trainingOf(point: (random: Random, row: number) => readonly number[]): Training {
  const layout = { numericWidth: WIDTH, categories: [], width: WIDTH };
  const training = openSerialTraining({
    layout,
    trainingRowCount: ROWS,
    evaluationRowCount: 0,
    hasLabel: false,
    classCount: 0,
    classRowCounts: [],
    signal: new AbortController().signal,
    workspaceBytes: 1e6,
  });
  const random = new Random(7);
  const numeric = Float64Array.from(Array.from({ length: ROWS }, (_, row) => point(random, row)).flat());
  const rows = { layout, rowCount: ROWS, numeric, codes: new Int32Array(0) };
  training.memory.write('training', 0, rows, undefined, undefined);
  return training;
}

/** A few iterations by changes, each compared with the plain pass over the same centroids. */
async function compareIterations(training: Training, start: Float64Array, tolerance: number): Promise<void> {
  const { aggregator, dataset } = training;
  const assigner = createAssigner(aggregator, dataset.layout, 'EUCLIDEAN');
  let values = start;
  for (let iteration = 0; iteration < 8; iteration++) {
    const centroids = centroidSet('EUCLIDEAN', values, WIDTH, WIDTH);
    const actual = await assigner.assign(centroids);
    const expected = await aggregator.run(assignPass, centroids);
    expect([...actual.sizes]).toEqual([...expected.sizes]);
    expectClose(actual.sums, expected.sums, 1e-9);
    expectClose(actual.squaredDistances, expected.squaredDistances, tolerance);
    values = meansOf(actual, values);
  }
}

function meansOf({ sizes, sums, far }: Assignment, before: Float64Array): Float64Array {
  return sums.map((sum, place) => {
    const size = sizes[Math.floor(place / WIDTH)]!;
    // An empty cluster goes somewhere else, as far as this test is concerned.
    return size === 0 ? before[place]! / 2 + far.length : sum / size;
  });
}

function expectClose(actual: Float64Array, expected: Float64Array, tolerance: number): void {
  const scale = Math.max(...expected.map(Math.abs));
  expected.forEach((value, place) => {
    expect(Math.abs(actual[place]! - value)).toBeLessThanOrEqual(
      tolerance * Math.max(Math.abs(value), scale * 1e-3),
    );
  });
}

const drawn = (random: Random, scale: number): number[] =>
  Array.from({ length: WIDTH }, () => scale * random.normal());

describe('assignment by changes agrees with the plain pass', () => {
  test('over iterations', async () => {
    const training = trainingOf((random) => drawn(random, 2));
    await compareIterations(training, Float64Array.from(drawnMany(7, 2)), 1e-9);
  });

  test('where a cluster is empty', async () => {
    const training = trainingOf((random) => drawn(random, 1));
    const start = Float64Array.from(drawnMany(4, 1));
    start.fill(1e3, 0, WIDTH);
    await compareIterations(training, start, 1e-9);
  });

  test('where distances are tiny beside the coordinates', async () => {
    const training = trainingOf((random, row) => drawn(random, 1e-6).map((x) => x + 1000 * (1 + (row % 3))));
    const start = Float64Array.from(
      { length: 3 * WIDTH },
      (_, place) => 1000.5 * (1 + Math.floor(place / WIDTH)),
    );
    await compareIterations(training, start, 1e-9);
  });

  test('where rows sit on their centroids', async () => {
    const training = trainingOf((_random, row) => new Array<number>(WIDTH).fill(row % 3));
    const start = Float64Array.from({ length: 3 * WIDTH }, (_, place) => Math.floor(place / WIDTH));
    const assigner = createAssigner(training.aggregator, training.dataset.layout, 'EUCLIDEAN');
    const { sizes, squaredDistances } = await assigner.assign(centroidSet('EUCLIDEAN', start, WIDTH, WIDTH));
    expect([...sizes]).toEqual([1000, 1000, 1000]);
    expect([...squaredDistances]).toEqual([0, 0, 0]);
  });
});

function drawnMany(count: number, scale: number): number[] {
  const random = new Random(3);
  return Array.from({ length: count }, () => drawn(random, scale)).flat();
}
