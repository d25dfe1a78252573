/** The linear and distance operations of the compiled kernel give the bits of their plain twins. */
import { describe, expect, test } from 'vitest';
import type { Random } from '../../src/core/index.ts';
import { MOMENT_COUNT, type LinearRows } from '../../src/ml/kernel/linear-kernel.ts';
import { centroidSet } from '../../src/ml/kernel/scalar-distance-kernel.ts';
import { expectSameBits, kernelPair, type KernelPair } from './kernel-pair.ts';

const counts = [0, 1, 2, 3, 127, 128, 129, 1024];
const widths = [0, 1, 2, 3, 7, 8, 9, 15, 16, 28, 63, 130, 300];
const extremes = [NaN, Infinity, -Infinity, 1e300, -1e300, 5e-324, 0, -0];
const ROWS = 1027;
const FIRST = 3;

function numbers(random: Random, length: number, odd: readonly number[] = []): Float64Array {
  return Float64Array.from({ length }, () =>
    odd.length > 0 && random.uniform() < 0.01 ? odd[random.below(odd.length)]! : 2 * random.normal(),
  );
}

/** Rows with two category blocks of three indicators each, unless there are none. */
function linearRows(
  { random, inMemory }: KernelPair,
  numericWidth: number,
  blocks: number,
  odd: readonly number[],
): LinearRows {
  return {
    numeric: inMemory(numbers(random, ROWS * numericWidth, odd)),
    numericWidth,
    codes: inMemory(Int32Array.from({ length: ROWS * blocks }, () => random.below(4) - 1)),
    offsets: Int32Array.from({ length: blocks }, (_, block) => numericWidth + 3 * block),
  };
}

const cases = widths.flatMap((width) => [
  [width, 0, 'ordinary', []] as const,
  [width, 2, 'extraordinary', extremes] as const,
]);

describe.each(cases)('%i numbers, %i blocks, %s', (width, blocks, _, odd) => {
  const stride = width + 3 * blocks + 1;

  test.each([1, 3])('margins and gradients of %i outputs', (outputs) => {
    const pair = kernelPair(width + outputs);
    const { plain, compiled, random } = pair;
    const rows = linearRows(pair, width, blocks, odd);
    const coefficients = numbers(random, outputs * stride, odd);
    const gradient = numbers(random, outputs * stride);
    const expectedGradient = gradient.slice();
    for (const count of counts) {
      const margins = new Float64Array(1024 * outputs);
      const expected = margins.slice();
      plain.linearMargins(rows, FIRST, count, coefficients, stride, outputs, expected);
      compiled.linearMargins(rows, FIRST, count, coefficients, stride, outputs, margins);
      expectSameBits(margins, expected);
      if (count > 5) expected.fill(0, outputs, 3 * outputs);
      plain.addLinearGradient(rows, FIRST, count, expected, stride, outputs, expectedGradient);
      compiled.addLinearGradient(rows, FIRST, count, expected, stride, outputs, gradient);
      expectSameBits(gradient, expectedGradient);
    }
  });

  test('moments of columns', () => {
    const pair = kernelPair(width);
    const { numeric } = linearRows(pair, width, 0, odd);
    for (const count of counts) {
      const moments = new Float64Array(MOMENT_COUNT * width).fill(7);
      const expected = moments.slice();
      pair.plain.columnMoments(numeric, width, count, expected);
      pair.compiled.columnMoments(numeric, width, count, moments);
      expectSameBits(moments, expected);
    }
  });

  test('Gram matrices', () => {
    const pair = kernelPair(width);
    const { plain, compiled, random } = pair;
    const rows = linearRows(pair, width, blocks, odd);
    const shift = numbers(random, width);
    const scratch = new Float64Array(width);
    const gram = numbers(random, (stride * (stride + 1)) / 2);
    const moment = numbers(random, stride);
    const [expectedGram, expectedMoment] = [gram.slice(), moment.slice()];
    for (const count of counts) {
      const weight = numbers(random, 1024, odd).map(Math.abs);
      const target = numbers(random, 1024);
      plain.addGram(rows, FIRST, count, shift, weight, target, expectedGram, expectedMoment, scratch);
      compiled.addGram(rows, FIRST, count, shift, weight, target, gram, moment, scratch);
      expectSameBits(moment, expectedMoment);
      expectSameBits(gram, expectedGram);
    }
  });

  test.each([1, 3, 4, 10])('distances from %i centroids', (centroidCount) => {
    const pair = kernelPair(width + centroidCount);
    const { plain, compiled, random, inMemory } = pair;
    const all = width + 3 * blocks;
    if (all === 0) return;
    const categories = Array.from({ length: blocks }, (_value, block) => ({
      offset: width + 3 * block,
      cardinality: 3,
    }));
    const layout = { numericWidth: width, categories, width: all };
    const { numeric, codes } = linearRows(pair, width, blocks, odd);
    const rows = { layout, rowCount: ROWS, numeric, codes: inMemory(codes) };
    for (const kind of ['EUCLIDEAN', 'COSINE'] as const) {
      const centroids = centroidSet(kind, numbers(random, centroidCount * all), all, width);
      for (const count of [0, 1, 512]) {
        const distances = new Float64Array(512 * centroidCount);
        const expected = distances.slice();
        plain.squaredDistances(rows, FIRST, count, centroids, expected);
        compiled.squaredDistances(rows, FIRST, count, centroids, distances);
        expectSameBits(distances, expected);
      }
    }
  });
});

test.each([
  ['weights of one', false],
  ['other weights', true],
])('logisticMultipliers with %s', (_, isWeighted) => {
  const { plain, compiled, random, inMemory } = kernelPair(3);
  const label = inMemory(Float64Array.from({ length: ROWS }, () => random.below(2)));
  const weight = inMemory(Float64Array.from({ length: ROWS }, () => (isWeighted ? random.uniform() : 1)));
  for (const count of counts) {
    for (const odd of [[], [0, -0, 800, -36.7], extremes]) {
      const margins = numbers(random, 1024, odd);
      const expected = margins.slice();
      const loss = plain.logisticMultipliers(expected, FIRST, count, label, weight);
      expect(compiled.logisticMultipliers(margins, FIRST, count, label, weight)).toBe(loss);
      expectSameBits(margins, expected);
    }
  }
});

test('what does not fit into the scratch area is done by the plain twin', () => {
  const pair = kernelPair(11);
  const rows = linearRows(pair, 1, 0, []);
  const outputs = 20_000;
  const coefficients = numbers(pair.random, 2 * outputs);
  const [margins, expected] = [new Float64Array(8 * outputs), new Float64Array(8 * outputs)];
  pair.plain.linearMargins(rows, FIRST, 8, coefficients, 2, outputs, expected);
  pair.compiled.linearMargins(rows, FIRST, 8, coefficients, 2, outputs, margins);
  expectSameBits(margins, expected);
});
