/** Scores a partition block by block: a block's rows and scores stay in the cache while they are judged. */
import type { PassContext } from '../aggregate.ts';
import type { Partition } from '../dataset.ts';
import type { EncodedRows } from '../layout.ts';
import type { Scorer } from '../scorer.ts';

const BLOCK_ROWS = 1024;

/** `count` rows of a partition from `first` on, in place. */
function rowsOf({ layout, numeric, codes }: Partition, first: number, count: number): EncodedRows {
  const { numericWidth, categories } = layout;
  return {
    layout,
    rowCount: count,
    numeric: numeric.subarray(first * numericWidth, (first + count) * numericWidth),
    codes: codes.subarray(first * categories.length, (first + count) * categories.length),
  };
}

/** Calls `visit` for each block with the scores of its rows, row-major: those of row `first` begin at 0. */
export function scoreBlocks(
  scorer: Scorer,
  partition: Partition,
  context: PassContext,
  visit: (scores: Float64Array, first: number, count: number) => void,
): void {
  const scores = new Float64Array(Math.min(BLOCK_ROWS, partition.rowCount) * scorer.scoreWidth);
  for (let first = 0; first < partition.rowCount; first += BLOCK_ROWS) {
    context.checkpoint();
    const count = Math.min(BLOCK_ROWS, partition.rowCount - first);
    scorer.score(rowsOf(partition, first, count), scores);
    visit(scores, first, count);
  }
}
