/** Some trees of an ensemble as one of their own. */
import type { TreeEnsemble } from './tree-ensemble.ts';

/** Trees from number `first` to before `end`. */
export function treeRange(ensemble: TreeEnsemble, first: number, end: number): TreeEnsemble {
  const start = ensemble.treeStart[first]!;
  const stop = ensemble.treeStart[end]!;
  const column = ensemble.column.slice(start, stop);
  const firstLeaf = ensemble.left[start + column.findIndex((source) => source < 0)]!;
  const left = ensemble.left
    .slice(start, stop)
    .map((target, node) => target - (column[node]! < 0 ? firstLeaf : start));
  const leafCount = column.reduce((count, source) => count + (source < 0 ? 1 : 0), 0);
  const { leafWidth } = ensemble;
  return {
    ...ensemble,
    treeStart: ensemble.treeStart.slice(first, end + 1).map((node) => node - start),
    column,
    left,
    threshold: ensemble.threshold.slice(start, stop),
    missingLeft: ensemble.missingLeft.slice(start, stop),
    categorySet: ensemble.categorySet.slice(start, stop),
    leafValues: ensemble.leafValues.slice(firstLeaf * leafWidth, (firstLeaf + leafCount) * leafWidth),
  };
}

/** Numbers of trees that begin a range, and one more for the end: ranges of about so many nodes at most. */
export function rangeStarts({ treeStart }: TreeEnsemble, nodes: number): number[] {
  const starts = [0];
  const trees = treeStart.length - 1;
  for (let tree = 1; tree < trees; tree++) {
    if (treeStart[tree + 1]! - treeStart[starts.at(-1)!]! > nodes) starts.push(tree);
  }
  return [...starts, trees];
}
