/** Sums of trees by the compiled kernel are those of the plain walk to the bit. */
import { describe, expect, test } from 'vitest';
import { Random } from '../../src/core/index.ts';
import type { EncodedRows } from '../../src/ml/layout.ts';
import { walkTrees, type TreeEnsemble } from '../../src/ml/tree/tree-ensemble.ts';
import { addTreeValues } from '../../src/ml/tree/tree-sums.ts';
import { expectSameBits } from './kernel-pair.ts';

interface Shape {
  readonly trees: number;
  readonly depth: number;
  readonly width: number;
  readonly leafWidth: number;
  /** Share of the nodes above the depth that are leaves all the same. */
  readonly earlyLeaves: number;
  /** Thresholds to choose from, of each column. */
  readonly thresholds: (random: Random) => number;
}

const coarse = (random: Random): number => Math.round(20 * random.normal()) / 10;
const fine = (random: Random): number => random.normal();
const extreme = (random: Random): number => {
  const odd = [Infinity, -Infinity, 0, -0, 1e300, -1e300, 5e-324, 1, 2, 3];
  return odd[random.below(odd.length)]!;
};
const skewed = (random: Random): number => Math.exp(8 * random.normal());

/** A random ensemble; nodes of a tree breadth first, as an EnsembleBuilder numbers them. */
function ensembleOf(random: Random, shape: Shape): TreeEnsemble {
  const [column, threshold, left, missingLeft, leafValues]: number[][] = [[], [], [], [], []];
  const treeStart = [0];
  for (let tree = 0; tree < shape.trees; tree++) {
    const first = column!.length;
    const levels = [0];
    for (let index = 0; index < levels.length; index++) {
      const level = levels[index]!;
      const isLeaf = level >= shape.depth || random.uniform() < shape.earlyLeaves;
      column!.push(isLeaf ? -1 : random.below(shape.width));
      threshold!.push(isLeaf ? 0 : shape.thresholds(random));
      missingLeft!.push(random.below(2));
      left!.push(isLeaf ? leafValues!.length / shape.leafWidth : first + levels.length);
      if (isLeaf) for (let place = 0; place < shape.leafWidth; place++) leafValues!.push(random.normal());
      else levels.push(level + 1, level + 1);
    }
    treeStart.push(column!.length);
  }
  return {
    numericWidth: shape.width,
    leafWidth: shape.leafWidth,
    treeStart: Int32Array.from(treeStart),
    column: Int32Array.from(column!),
    threshold: Float64Array.from(threshold!),
    left: Int32Array.from(left!),
    missingLeft: Uint8Array.from(missingLeft!),
    categorySet: new Int32Array(0),
    categoryWords: new Int32Array(0),
    leafValues: Float64Array.from(leafValues!),
  };
}

/** Rows that often hit a threshold exactly. */
function rowsOf(random: Random, ensemble: TreeEnsemble, rowCount: number): EncodedRows {
  const { numericWidth, threshold } = ensemble;
  const odd = [Number.NaN, Infinity, -Infinity, 0, -0, 1e300, -1e300];
  const numeric = Float64Array.from({ length: rowCount * numericWidth }, () => {
    const choice = random.uniform();
    if (choice < 0.2) return odd[random.below(odd.length)]!;
    return choice < 0.4 ? threshold[random.below(threshold.length)]! : 2 * random.normal();
  });
  const layout = { numericWidth, categories: [], width: numericWidth };
  return { layout, rowCount, numeric, codes: new Int32Array(0) };
}

const plain: Shape = { trees: 9, depth: 6, width: 5, leafWidth: 1, earlyLeaves: 0, thresholds: coarse };
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
  const shape = { ...plain, trees: 40, depth: 13, thresholds: fine };
  const ensembles = Array.from({ length: 4 }, () => ensembleOf(random, shape));
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
