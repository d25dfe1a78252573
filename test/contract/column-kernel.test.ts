/** The operations on staged rows of the compiled kernel give the bits of their plain twins. */
import { describe, expect, test } from 'vitest';
import type { Random } from '../../src/core/index.ts';
import { SUMMARY_COUNT, SummaryPlace } from '../../src/ml/kernel/column-kernel.ts';
import { settlingBytes, stagedBlockRows } from '../../src/ml/staged-rows.ts';
import { expectSameBits, kernelPair } from './kernel-pair.ts';

const extremes = [NaN, Infinity, -Infinity, 1e308, -1e308, 5e-324, 0, -0];

function numbers(random: Random, length: number, odd: readonly number[], share: number): Float64Array {
  return Float64Array.from({ length }, () =>
    random.uniform() < share ? odd[random.below(odd.length)]! : 2 * random.normal(),
  );
}

describe.each([
  ['ordinary', [NaN], 0],
  ['missing', [NaN], 0.3],
  ['all missing', [NaN], 1],
  ['extraordinary', extremes, 0.2],
  ['zeros of both signs', [0, -0], 0.9],
] as const)('%s values', (_, odd, share) => {
  test.each([0, 1, 2, 3, 7, 64, 1023, 1024])('summary of %i', (count) => {
    const { plain, compiled, random, inMemory } = kernelPair(count + 1);
    const values = inMemory(numbers(random, 3 * count, odd, share));
    for (const [low, high] of [
      [-0.5, 0.5],
      [-Infinity, Infinity],
      [3, -3],
    ] as const) {
      const columns = Int32Array.of(2, 0, 2);
      const chosen = { columns, lows: Float64Array.of(low, -0.1, 0), highs: Float64Array.of(high, 0.1, 9) };
      const [expected, actual] = [new Float64Array(3 * SUMMARY_COUNT), new Float64Array(3 * SUMMARY_COUNT)];
      const [expectedBetween, between] = [new Float64Array(3 * count + 1), new Float64Array(3 * count + 1)];
      plain.summarizeBlock(values, count, chosen, expected, expectedBetween);
      compiled.summarizeBlock(values, count, chosen, actual, between);
      expectSameBits(actual, expected);
      const collected = [0, 1, 2].reduce(
        (sum, position) => sum + expected[position * SUMMARY_COUNT + SummaryPlace.between]!,
        0,
      );
      expectSameBits(between.subarray(0, collected), expectedBetween.subarray(0, collected));
    }
  });

  test.each([1, 2, 3, 7, 28, 31, 130])('rows of %i columns, scaled and not', (width) => {
    const { plain, compiled, random, inMemory } = kernelPair(width);
    for (const count of [1, 2, 31, 32, 33, stagedBlockRows(width)]) {
      const columns = numbers(random, count * width, odd, share);
      const scaling = Float64Array.from({ length: 3 * width }, (_value, place) =>
        place % 3 === 2 ? (place % 2 === 0 ? 0 : NaN) : 1 + random.uniform(),
      );
      for (const each of [undefined, scaling]) {
        const expected = columns.slice();
        const actual = inMemory(columns);
        plain.settleRows(expected, count, width, each);
        compiled.settleRows(actual, count, width, each);
        expectSameBits(actual, expected);
      }
    }
  });
});

test('a block has rows for every width, and room to be turned in', () => {
  const rows = [0, 1, 28, 512, 10_000, 100_000].map(stagedBlockRows);
  expect(rows).toEqual([1024, 1024, 1024, 64, 64, 10]);
  expect(settlingBytes(100_000)).toBeLessThan(20 * 1024 * 1024);
});
