/** Ranks and the values at them, against sorting everything. */
import { expect, test } from 'vitest';
import { Random } from '../../../src/core/index.ts';
import { quantileRank, valueAtRank } from '../../../src/ml/judge/order-statistic.ts';

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
