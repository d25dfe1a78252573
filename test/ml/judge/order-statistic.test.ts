/** Ranks and the values at them, against sorting everything. */
import { expect, test } from 'vitest';
import { Random } from '../../../src/core/index.ts';
import { quantileRank, valueAtRank, valueAtRankOfSorted } from '../../../src/ml/judge/order-statistic.ts';

test('a quantile is the least value that so large a share does not exceed', () => {
  expect(quantileRank(0.5, 1)).toBe(0);
  expect(quantileRank(0.5, 4)).toBe(1);
  expect(quantileRank(0.5, 5)).toBe(2);
  expect(quantileRank(0, 100)).toBe(0);
  expect(quantileRank(1, 100)).toBe(99);
});

const random = new Random(11, 1);
const shapes: readonly (readonly [string, (index: number) => number])[] = [
  ['random', () => random.uniform()],
  ['ascending', (index) => index],
  ['of few values', () => Math.floor(random.uniform() * 3)],
  ['with NaN', (index) => (index % 3 === 0 ? Number.NaN : random.uniform())],
  ['in waves that the sample sees one side of', (index) => (index % 5 === 0 ? 1 + random.uniform() : 0)],
];

test.each(shapes)('values that are %s', (_, draw) => {
  const parts = [40_000, 0, 1, 39_998].map((count) =>
    Float64Array.from({ length: count }, (_none, index) => draw(index)),
  );
  const sorted = Float64Array.from(parts.flatMap((part) => [...part])).sort();
  for (const rank of [0, 1, 17_000, 39_999, 40_000, sorted.length - 1])
    expect(valueAtRank(parts, rank), `rank ${rank}`).toBe(sorted[rank]);
  expect(valueAtRank(parts, sorted.length)).toBeUndefined();
  expect(valueAtRank([], 0)).toBeUndefined();
});

test.each(shapes)('the value at a rank of two sorted arrays, of values that are %s', (_, draw) => {
  for (const [leftCount, rightCount] of [
    [0, 5],
    [5, 0],
    [1, 1],
    [30, 7],
    [40, 40],
  ] as const) {
    const left = Float64Array.from({ length: leftCount }, (_none, index) => draw(index)).sort();
    const right = Float64Array.from({ length: rightCount }, (_none, index) => draw(index)).sort();
    const sorted = Float64Array.from([...left, ...right]).sort();
    sorted.forEach((value, rank) => expect(valueAtRankOfSorted(left, right, rank)).toBe(value));
  }
});
