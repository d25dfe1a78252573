/** Sketches: exact while they can be, independent of how rows are cut, and MLlib's thresholds from them. */
import { describe, expect, test } from 'vitest';
import { Random } from '../../../src/core/index.ts';
import { scalarKernel } from '../../../src/ml/kernel/scalar-kernel.ts';
import {
  isUnweighted,
  mergeSketches,
  SampledRows,
  SKETCH_ENTRIES,
  sketchColumn,
  sketchStride,
  thresholdsOf,
  type QuantileSketch,
} from '../../../src/ml/tree/quantile-sketch.ts';

function sketchOf(values: readonly number[], weights?: readonly number[]): QuantileSketch {
  const weight = weights === undefined ? new Float64Array(values.length).fill(1) : Float64Array.from(weights);
  return sketchRows(Float64Array.from(values), 1, 0, weight);
}

function sketchRows(
  numeric: Float64Array,
  numericWidth: number,
  column: number,
  weight: Float64Array,
): QuantileSketch {
  const scratch = new Float64Array(2 * weight.length);
  const rows = { numeric, numericWidth, weight, isUnweighted: isUnweighted(weight), scratch };
  return sketchColumn(rows, column, scalarKernel);
}

describe('a sketch', () => {
  test('has the distinct values and their weights; missing ones and rows without weight are left out', () => {
    const sketch = sketchOf([3, NaN, 1, 3, 2, 1, 1], [1, 9, 0.5, 2, 0, 0.25, 1]);
    expect([...sketch.values]).toEqual([1, 3]);
    expect([...sketch.weights]).toEqual([1.75, 3]);
    expect(sketch.isExact).toBe(true);
  });

  test('reads one column of row-major rows', () => {
    const sketch = sketchRows(Float64Array.of(1, 10, 2, 20, 3, 10), 2, 1, Float64Array.of(1, 1, 1));
    expect([...sketch.values]).toEqual([10, 20]);
    expect([...sketch.weights]).toEqual([2, 1]);
  });

  test('leaves out rows of weight 0 among others of weight 1', () => {
    const sketch = sketchOf([3, NaN, 1, 3, 2, 1], [1, 1, 1, 1, 0, 1]);
    expect([...sketch.values]).toEqual([1, 3]);
    expect([...sketch.weights]).toEqual([2, 2]);
  });

  test('of parts, merged, is the sketch of the whole', () => {
    const random = new Random(3);
    const values = Array.from({ length: 500 }, () => random.below(90));
    const whole = sketchOf(values);
    const parts = [values.slice(0, 20), values.slice(20, 21), [], values.slice(21)].map((part) =>
      sketchOf(part),
    );
    expect(parts.reduce(mergeSketches)).toEqual(whole);
  });

  test('of more values than it holds keeps ranks within one part in SKETCH_ENTRIES a merge', () => {
    const random = new Random(4);
    const values = Array.from({ length: 60_000 }, () => random.normal());
    const parts = [0, 1, 2, 3].map((part) => sketchOf(values.slice(part * 15_000, (part + 1) * 15_000)));
    const merged = parts.reduce(mergeSketches);
    expect(merged.isExact).toBe(false);
    expect(merged.values.length).toBeLessThanOrEqual(SKETCH_ENTRIES);
    expect(merged.weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(60_000, 6);
    const sorted = Float64Array.from(values).sort();
    let rank = 0;
    let actual = 0;
    let worst = 0;
    for (let index = 0; index < merged.values.length; index++) {
      rank += merged.weights[index]!;
      while (actual < sorted.length && sorted[actual]! <= merged.values[index]!) actual++;
      worst = Math.max(worst, Math.abs(actual - rank));
    }
    expect(worst).toBeLessThan((4 * 60_000) / SKETCH_ENTRIES);
  });
});

describe('thresholds', () => {
  test('are all midpoints when the values are few', () => {
    expect([...thresholdsOf(sketchOf([5, 1, 2, 2]), 3)]).toEqual([1.5, 3.5]);
    expect([...thresholdsOf(sketchOf([7, 7]), 3)]).toEqual([]);
    expect([...thresholdsOf(sketchOf([NaN]), 3)]).toEqual([]);
  });

  test('follow the stride of the weights when they are many', () => {
    // Weights 7, 4, 2, 1, 1, 2; stride 17 / 3: a threshold after weight 7 and one after weight 11.
    const values = [0, 1, 0, 0, 1, 0, 1, 1, 0, 0, 0, 2, 2, 3, 4, 5, 5];
    expect([...thresholdsOf(sketchOf(values), 3)]).toEqual([0.5, 1.5]);
  });

  test('of uniform values cut them into equal parts', () => {
    const thresholds = thresholdsOf(sketchOf(Array.from({ length: 1000 }, (_, index) => index)), 4);
    expect([...thresholds]).toEqual([249.5, 499.5, 749.5]);
  });

  test('always lie below the value on their right', () => {
    const low = 1;
    const high = 1 + Number.EPSILON;
    expect([...thresholdsOf(sketchOf([low, high]), 3)]).toEqual([low]);
    expect([...thresholdsOf(sketchOf([-Infinity, 0, Infinity]), 4)]).toEqual([-Infinity, 0]);
    expect([...thresholdsOf(sketchOf([-Number.MAX_VALUE, Number.MAX_VALUE]), 3)]).toEqual([0]);
  });
});

describe('a sample', () => {
  const width = 3;
  const rowCount = 10_007;
  const numeric = Float64Array.from({ length: rowCount * width }, (_, place) =>
    place % width === 1 ? Math.floor(place / width) : -1,
  );
  const sampleOf = (weight: Float64Array, stride: number): QuantileSketch => {
    const scratch = new Float64Array(2 * rowCount);
    const rows = { numeric, numericWidth: width, weight, isUnweighted: isUnweighted(weight), scratch };
    return sketchColumn(new SampledRows(rows, stride, 1, 2).column(0), 0, scalarKernel);
  };

  test('is of all rows until there are 400,000, then of about 200,000', () => {
    expect([1, 399_999, 400_000, 1_000_000, 10_000_000].map(sketchStride)).toEqual([1, 1, 2, 5, 50]);
  });

  test('has one row of every stride, not always at the same place', () => {
    const { values, weights } = sampleOf(new Float64Array(rowCount).fill(1), 5);
    expect(values.length).toBe(2001);
    expect([...values].every((value, index) => Math.floor(value / 5) === index)).toBe(true);
    const places = [0, 1, 2, 3, 4].map((place) => values.filter((value) => value % 5 === place).length);
    for (const count of places) expect(Math.abs(count - 400)).toBeLessThan(80);
    expect(weights.every((weight) => weight === 1)).toBe(true);
  });

  test('carries the weights of its rows, and leaves out those without', () => {
    const weight = Float64Array.from({ length: rowCount }, (_, row) => (row % 2 === 0 ? 0 : 1 + row));
    const { values, weights } = sampleOf(weight, 2);
    expect(values.length).toBeGreaterThan(2000);
    expect([...values].every((value, index) => value % 2 === 1 && weights[index] === 1 + value)).toBe(true);
  });
});
