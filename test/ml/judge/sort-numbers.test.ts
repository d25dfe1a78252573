/** Sorting by digits gives what a sort by comparison gives, whatever is sorted. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Random } from '../../../src/core/index.ts';
import { mergeSorted, sortNumbers } from '../../../src/ml/judge/sort-numbers.ts';

const random = new Random(7, 1);
const shapes: Readonly<Record<string, () => number>> = {
  even: () => random.uniform(),
  'crowded near 0': () => random.uniform() ** 30,
  'of few values': () => Math.floor(random.uniform() * 5) / 5,
  constant: () => 0.25,
  'far apart': () => 10 ** (600 * random.uniform() - 300),
  'alike in their upper bits': () => 1 + random.uniform() * 2 ** -30,
  'of both signs': () => random.uniform() - 0.5,
  'with NaN and infinities': () => [Number.NaN, Infinity, -Infinity, 1, 2][Math.floor(random.uniform() * 5)]!,
};

describe.each(Object.entries(shapes))('numbers that are %s', (_, draw) => {
  test.each([0, 1, 2, 255, 256, 1_000, 70_000])('%i of them', (count) => {
    const values = Float64Array.from({ length: count }, draw);
    expect(sortNumbers(values.slice())).toEqual(values.slice().sort());
  });
});

test('any numbers', () => {
  fc.assert(
    fc.property(fc.array(fc.double(), { maxLength: 600, size: 'max' }), (numbers) => {
      const values = Float64Array.from(numbers);
      expect(sortNumbers(values.slice())).toEqual(values.slice().sort());
    }),
  );
});

test('two ascending arrays become one', () => {
  fc.assert(
    fc.property(fc.array(fc.double()), fc.array(fc.double()), (one, other) => {
      const [left, right] = [Float64Array.from(one).sort(), Float64Array.from(other).sort()];
      const merged = mergeSorted(left, right);
      const sorted = Float64Array.from([...one, ...other]).sort();
      // 0 and -0 are equal: which of them comes first is left open.
      expect([...merged].map((value) => value + 0)).toEqual([...sorted].map((value) => value + 0));
    }),
  );
});
