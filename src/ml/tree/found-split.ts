/** A node's split from what the search of its histogram found (kernel/node-search.ts). */
import { CUT_NUMBERS, CutResult } from '../kernel/node-search.ts';
import { binsUpTo, oneBin } from './bin-set.ts';
import type { BinMapper } from './bin-mapper.ts';
import type { Criterion } from './criterion.ts';
import type { TreeGrowth } from './growth.ts';
import type { NodeArena } from './node-arena.ts';
import { GAIN_NOISE, type Split } from './split-search.ts';

/** The best cut that was found of the searched node number `index`: of equal ones that of the first chunk. */
export function bestCut(arena: NodeArena, index: number): Float64Array {
  let best: Float64Array = new Float64Array(CUT_NUMBERS);
  for (let chunk = 0; chunk < arena.chunkCount; chunk++) {
    const cut = arena.result(index, chunk);
    if (cut[CutResult.gain]! > best[CutResult.gain]!) best = cut;
  }
  return best;
}

/** The split of a node with the given sums; undefined if it gains nothing beyond noise. */
function foundSplit(
  cut: Float64Array,
  total: Float64Array,
  mapper: BinMapper,
  criterion: Criterion,
): Split | undefined {
  const gain = cut[CutResult.gain]!;
  if (gain === 0) return undefined;
  const left = cut.slice(CutResult.gradient, CutResult.rows + 1);
  const right = total.map((sum, index) => sum - left[index]!);
  const scores = criterion.score(left, 0) + criterion.score(right, 0);
  if (gain <= GAIN_NOISE * Math.abs(scores)) return undefined;
  const column = cut[CutResult.column]!;
  const bin = cut[CutResult.bin]!;
  const { order, binCount } = mapper.columns[column]!;
  if (order === 'single')
    return { column, gain, binSet: oneBin(bin), lastBin: 0, missingLeft: false, left, right };
  // Where the node has no missing values they go with the heavier side.
  const heavierLeft = criterion.weight(left, 0) >= criterion.weight(right, 0);
  const missingLeft = cut[CutResult.hasMissing] === 1 ? cut[CutResult.missingLeft] === 1 : heavierLeft;
  const binSet = binsUpTo(bin, missingLeft ? binCount : bin);
  return { column, gain, binSet, lastBin: bin, missingLeft, left, right };
}

/** The same if the rules allow it. */
export function worthSplit(
  growth: TreeGrowth,
  node: number,
  cut: Float64Array,
  mapper: BinMapper,
  criterion: Criterion,
): Split | undefined {
  const split = foundSplit(cut, growth.tree.sums[node]!, mapper, criterion);
  return split !== undefined && growth.isWorth(node, split) ? split : undefined;
}
