/** Scores a partition block by block: a block's rows and scores stay in the cache while they are judged. */
import type { PassContext } from '../aggregate.ts';
import type { ModelArtifact } from '../artifact.ts';
import type { Partition } from '../dataset.ts';
import type { Kernel } from '../kernel/kernel.ts';
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

/** Where scores come from. */
export interface ScoreSource {
  readonly artifact: ModelArtifact;
  /** `Model.keptScores`. */
  readonly kept: string | undefined;
}

/** Writes the scores of `count` rows of a partition from `first` on. */
type BlockScores = (first: number, count: number, output: Float64Array) => void;

function blockScores(
  scorer: Scorer,
  partition: Partition,
  kept: string | undefined,
  kernel: Kernel,
): BlockScores {
  if (kept === undefined || scorer.scoreKept === undefined)
    return (first, count, output) => scorer.score(rowsOf(partition, first, count), output, kernel);
  const workspace = partition.workspace(kept);
  return (first, count, output) => scorer.scoreKept!(workspace, first, count, output);
}

/** Calls `visit` for each block with the scores of its rows, row-major: those of row `first` begin at 0. */
export function scoreBlocks(
  { artifact, kept }: ScoreSource,
  partition: Partition,
  context: PassContext,
  visit: (scores: Float64Array, width: number, first: number, count: number) => void,
): void {
  const scorer = context.restore(artifact);
  const width = scorer.scoreWidth;
  const write = blockScores(scorer, partition, kept, context.kernel);
  const scores = new Float64Array(Math.min(BLOCK_ROWS, partition.rowCount) * width);
  for (let first = 0; first < partition.rowCount; first += BLOCK_ROWS) {
    context.checkpoint();
    const count = Math.min(BLOCK_ROWS, partition.rowCount - first);
    write(first, count, scores);
    visit(scores, width, first, count);
  }
}
