/** Ensembles of random trees, and rows for them. */
import type { Random } from '../../src/core/index.ts';
import type { EncodedRows } from '../../src/ml/layout.ts';
import type { TreeEnsemble } from '../../src/ml/tree/tree-ensemble.ts';

export interface EnsembleShape {
  readonly trees: number;
  readonly depth: number;
  readonly width: number;
  readonly leafWidth: number;
  /** Share of the nodes above the depth that are leaves all the same. */
  readonly earlyLeaves: number;
  /** Thresholds to choose from, of each column. */
  readonly thresholds: (random: Random) => number;
}

export const coarse = (random: Random): number => Math.round(20 * random.normal()) / 10;
export const fine = (random: Random): number => random.normal();
export const extreme = (random: Random): number => {
  const odd = [Infinity, -Infinity, 0, -0, 1e300, -1e300, 5e-324, 1, 2, 3];
  return odd[random.below(odd.length)]!;
};
export const skewed = (random: Random): number => Math.exp(8 * random.normal());

/** A random ensemble; nodes of a tree breadth first, as an EnsembleBuilder numbers them. */
export function ensembleOf(random: Random, shape: EnsembleShape): TreeEnsemble {
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
export function rowsOf(random: Random, ensemble: TreeEnsemble, rowCount: number): EncodedRows {
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
