/** Rows to their nearest centroids: bits of the plain twin, and the choices of double precision. */
import { describe, expect, test } from 'vitest';
import type { Random } from '../../src/core/index.ts';
import { changeWidth, type RowBlocks } from '../../src/ml/kernel/distance-kernel.ts';
import { centroidSet, scalarDistanceOperations } from '../../src/ml/kernel/scalar-distance-kernel.ts';
import { singleCentroids } from '../../src/ml/kernel/scalar-reassign.ts';
import type { EncodedRows } from '../../src/ml/layout.ts';
import { expectSameBits, kernelPair, type KernelPair } from './kernel-pair.ts';

const rowCounts = [0, 1, 15, 16, 17, 32, 63, 512];
const widths = [1, 2, 3, 4, 7, 28, 65];
const extremes = [NaN, Infinity, -Infinity, 0, -0, 1e300, -1e300, 1e38, 3e19, 1e-30, 1e-160, 5e-324];

type Draw = (random: Random) => number;

const draws: readonly (readonly [name: string, draw: Draw])[] = [
  ['ordinary numbers', (random) => 4 * random.normal()],
  [
    'extraordinary numbers',
    (random) => (random.uniform() < 0.02 ? extremes[random.below(extremes.length)]! : random.normal()),
  ],
  ['a few whole numbers', (random) => random.below(3)],
  ['numbers that single precision cannot tell apart', (random) => 1e6 + 0.01 * random.normal()],
  ['tiny numbers', (random) => 1e-25 * random.normal()],
  ['numbers whose products overflow', (random) => 1e22 * random.normal()],
];

function table(pair: KernelPair, rowCount: number, width: number, draw: Draw): EncodedRows {
  const numeric = Float64Array.from({ length: rowCount * width }, () => draw(pair.random));
  const layout = { numericWidth: width, categories: [], width };
  return { layout, rowCount, numeric: pair.inMemory(numeric), codes: new Int32Array(0) };
}

function emptyBlocks({ inMemory }: KernelPair, rowCount: number, width: number): RowBlocks {
  return {
    singles: inMemory(new Float32Array(rowCount * width)),
    lengths: inMemory(new Float32Array(rowCount)),
    codes: inMemory(new Uint8Array(rowCount)),
  };
}

/** 1 + the first of the nearest centroids of each row, by double precision. */
function nearestCodes(rows: EncodedRows, centroids: ReturnType<typeof centroidSet>): Uint8Array {
  const distances = new Float64Array(rows.rowCount * centroids.count);
  scalarDistanceOperations.squaredDistances(rows, 0, rows.rowCount, centroids, distances);
  return Uint8Array.from({ length: rows.rowCount }, (_, row) => {
    let nearest = 0;
    for (let centroid = 1; centroid < centroids.count; centroid++) {
      const start = row * centroids.count;
      if (distances[start + centroid]! < distances[start + nearest]!) nearest = centroid;
    }
    return nearest + 1;
  });
}

describe.each(draws)('of %s', (_name, draw) => {
  test.each(widths)('in %i columns', (width) => {
    const pair = kernelPair(width);
    const { plain, compiled, random } = pair;
    for (const rowCount of rowCounts) {
      const rows = table(pair, rowCount, width, draw);
      const expected = emptyBlocks(pair, rowCount, width);
      const blocks = emptyBlocks(pair, rowCount, width);
      plain.blockRows(rows, 0, rowCount, expected);
      compiled.blockRows(rows, 0, rowCount, blocks);
      expectSameBits(blocks.singles, expected.singles);
      expectSameBits(blocks.lengths, expected.lengths);
      for (const count of [2, 3, 10, 100]) {
        const values = Float64Array.from({ length: count * width }, () => draw(random));
        const centroids = centroidSet('EUCLIDEAN', values, width, width);
        const single = singleCentroids(centroids);
        const changes = new Float64Array(count * changeWidth(width));
        const expectedChanges = changes.slice();
        // Codes of an earlier, larger set of centroids would have no place among the changes.
        for (const { codes } of [blocks, expected]) codes.forEach((code, row) => (codes[row] = code % count));
        for (let first = 0; first < rowCount; first += 32) {
          const some = Math.min(32, rowCount - first);
          plain.reassign(rows, first, some, expected, single, expectedChanges);
          compiled.reassign(rows, first, some, blocks, single, changes);
        }
        expectSameBits(blocks.codes, expected.codes);
        expectSameBits(changes, expectedChanges);
        expectSameBits(blocks.codes, nearestCodes(rows, centroids));
      }
    }
  });
});

test('what does not fit into the scratch area is done by the plain twin', () => {
  const pair = kernelPair(3);
  const [rowCount, width, count] = [17, 2000, 20];
  const rows = table(pair, rowCount, width, (random) => random.normal());
  const [expected, blocks] = [emptyBlocks(pair, rowCount, width), emptyBlocks(pair, rowCount, width)];
  const values = Float64Array.from({ length: count * width }, () => pair.random.normal());
  const single = singleCentroids(centroidSet('EUCLIDEAN', values, width, width));
  const changes = new Float64Array(count * changeWidth(width));
  const expectedChanges = changes.slice();
  for (const [kernel, own, sums] of [
    [pair.plain, expected, expectedChanges],
    [pair.compiled, blocks, changes],
  ] as const) {
    kernel.blockRows(rows, 0, rowCount, own);
    kernel.reassign(rows, 0, rowCount, own, single, sums);
  }
  expectSameBits(blocks.codes, expected.codes);
  expectSameBits(changes, expectedChanges);
  expect(blocks.codes.every((code) => code > 0)).toBe(true);
});
