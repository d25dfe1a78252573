/** Which partitions a task works on: a subtree of the tree by which partials are merged (../ordered-merge.ts). */

/**
 * Partitions of one task: `count` of them from `first` on; `first` is a multiple of a power of two >= count.
 */
export interface PartitionRange {
  readonly first: number;
  readonly count: number;
}

/** Splits partitions into aligned subtrees of one size: as few as give each of `taskCount` threads work. */
export function subtrees(partitionCount: number, taskCount: number): readonly PartitionRange[] {
  let size = 1;
  while (size * 2 * taskCount <= partitionCount) size *= 2;
  const ranges: PartitionRange[] = [];
  for (let first = 0; first < partitionCount; first += size) {
    ranges.push({ first, count: Math.min(size, partitionCount - first) });
  }
  return ranges;
}
