/** Sums of trees by the compiled kernel are those of the plain walk to the bit. */
import { describe, expect, test } from 'vitest';
import { Random } from '../../src/core/index.ts';
import { walkTrees } from '../../src/ml/tree/tree-ensemble.ts';
import { addTreeValues } from '../../src/ml/tree/tree-sums.ts';
import {
  coarse,
  ensembleOf,
  extreme,
  fine,
  rowsOf,
  skewed,
  type EnsembleShape,
} from '../support/random-ensemble.ts';
import { expectSameBits } from './kernel-pair.ts';

const plain: EnsembleShape = {
  trees: 9,
  depth: 6,
  width: 5,
  leafWidth: 1,
  earlyLeaves: 0,
  thresholds: coarse,
};
const depths = Array.from({ length: 13 }, (_, depth) => depth);

describe.each([
  ...depths.map((depth) => ({ ...plain, depth, trees: 5 })),
  ...depths.map((depth) => ({ ...plain, depth, earlyLeaves: 0.2, thresholds: fine })),
  { ...plain, thresholds: extreme },
  { ...plain, thresholds: skewed, trees: 40 },
  { ...plain, thresholds: fine, trees: 200, width: 2 },
  { ...plain, thresholds: fine, trees: 30, width: 130, depth: 7 },
  { ...plain, leafWidth: 3, depth: 4 },
  { ...plain, leafWidth: 3, depth: 9, earlyLeaves: 0.1 },
])('depth $depth, $trees trees, $width columns, leaf width $leafWidth', (shape) => {
  test('the same bits for any number of rows', () => {
    const random = new Random(shape.depth + shape.trees);
    const ensemble = ensembleOf(random, shape);
    for (const outputs of [shape.leafWidth, 3 * shape.leafWidth]) {
      // A packed form belongs to one width of the output.
      const own = { ...ensemble };
      for (const rowCount of [1025, 512, 256, 33, 16, 15, 1, 0]) {
        const rows = rowsOf(random, own, rowCount);
        const expected = Float64Array.from({ length: rowCount * outputs }, () => random.normal());
        const output = expected.slice();
        walkTrees(own, rows, expected, outputs);
        addTreeValues(own, rows, output, outputs);
        expectSameBits(output, expected);
      }
    }
  });
});

test('many ensembles, more than the memory for them holds at a time', () => {
  const random = new Random(1);
  const shape = { ...plain, trees: 100, depth: 10, thresholds: fine };
  const ensembles = Array.from({ length: 3 }, () => ensembleOf(random, shape));
  for (let round = 0; round < 2; round++) {
    for (const ensemble of ensembles) {
      const rows = rowsOf(random, ensemble, 300);
      const [expected, output] = [new Float64Array(300), new Float64Array(300)];
      walkTrees(ensemble, rows, expected, 1);
      addTreeValues(ensemble, rows, output, 1);
      expectSameBits(output, expected);
      expect(output.some((sum) => sum !== 0)).toBe(true);
    }
  }
});
