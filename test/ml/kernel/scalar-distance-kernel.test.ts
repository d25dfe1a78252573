/** Distances over codes equal distances over spread-out indicators. */
import { describe, expect, test } from 'vitest';
import { Random } from '../../../src/core/index.ts';
import { pointOf } from '../../../src/ml/cluster/encoded-row.ts';
import {
  centroidSet,
  scalarDistanceOperations,
  squaredLength,
} from '../../../src/ml/kernel/scalar-distance-kernel.ts';
import { sampleLayout, sampleRows } from '../parallel/rows.ts';

const rows = sampleRows(sampleLayout, 50, 3);
const { width, numericWidth } = sampleLayout;
const random = new Random(4);
const centroids = Float64Array.from({ length: 4 * width }, () => random.normal());

const sumOf = (values: Iterable<number>): number => [...values].reduce((sum, value) => sum + value, 0);

describe('squaredDistances', () => {
  test('EUCLIDEAN is the squared length of the difference over all encoded columns', () => {
    const output = new Float64Array(10 * 4);
    scalarDistanceOperations.squaredDistances(
      rows,
      20,
      10,
      centroidSet('EUCLIDEAN', centroids, width, numericWidth),
      output,
    );
    for (let row = 0; row < 10; row++) {
      const point = pointOf(rows, 20 + row);
      for (let centroid = 0; centroid < 4; centroid++) {
        const expected = sumOf(
          point.map((value, column) => (value - centroids[centroid * width + column]!) ** 2),
        );
        expect(output[row * 4 + centroid]).toBeCloseTo(expected, 12);
      }
    }
  });

  test('COSINE is 1 - cosine similarity over all encoded columns', () => {
    const output = new Float64Array(50 * 4);
    scalarDistanceOperations.squaredDistances(
      rows,
      0,
      50,
      centroidSet('COSINE', centroids, width, numericWidth),
      output,
    );
    for (let row = 0; row < 50; row++) {
      const point = pointOf(rows, row);
      for (let centroid = 0; centroid < 4; centroid++) {
        const other = centroids.subarray(centroid * width, (centroid + 1) * width);
        const product = sumOf(point.map((value, column) => value * other[column]!));
        const lengths = Math.hypot(...point) * Math.hypot(...other);
        expect(output[row * 4 + centroid]).toBeCloseTo(1 - product / lengths, 12);
      }
    }
  });

  test('a row on its centroid is at distance 0, never below', () => {
    const output = new Float64Array(1);
    for (let row = 0; row < 50; row++) {
      const set = centroidSet('EUCLIDEAN', pointOf(rows, row), width, numericWidth);
      scalarDistanceOperations.squaredDistances(rows, row, 1, set, output);
      expect(output[0]).toBe(0);
    }
  });

  test('a row of zeros has no cosine; a centroid of zeros is at right angles', () => {
    const zero = {
      layout: sampleLayout,
      rowCount: 1,
      numeric: new Float64Array(3),
      codes: Int32Array.of(-1, -1),
    };
    const output = new Float64Array(4);
    scalarDistanceOperations.squaredDistances(
      zero,
      0,
      1,
      centroidSet('COSINE', centroids, width, numericWidth),
      output,
    );
    expect([...output]).toEqual([Number.NaN, Number.NaN, Number.NaN, Number.NaN]);
    const set = centroidSet('COSINE', new Float64Array(width), width, numericWidth);
    scalarDistanceOperations.squaredDistances(rows, 0, 1, set, output);
    expect(output[0]).toBe(1);
  });
});

test('squaredLength counts numbers and set indicators', () => {
  for (let row = 0; row < 50; row++) {
    expect(squaredLength(rows, row)).toBeCloseTo(sumOf(pointOf(rows, row).map((value) => value * value)), 12);
  }
});
