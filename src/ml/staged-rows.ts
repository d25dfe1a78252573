/**
 * How rows lie in their partition between loading and settling: the database gives columns, estimators want rows. A
 * partition's rows are cut into blocks; a block takes the place that its rows will have, and holds them column after
 * column:
 *
 *   staged   [ column 0: b numbers ][ column 1: b numbers ] …     settled   [ row 0: w numbers ][ row 1: w numbers ] …
 *
 * So a column is loaded by copying and its statistics are read in one go; turning a block into rows needs room for one
 * block only. Codes, labels and weights are as layout.ts says from the beginning.
 */

/** Numbers of a block: it stays in a core's own cache while it is turned. */
const BLOCK_NUMBERS = 32_768;
const BLOCK_ROWS_MAX = 1_024;
/** A block of very many columns still has rows enough to be worth a call, as long as it takes no more than this. */
const BLOCK_ROWS_MIN = 64;
const WIDE_BLOCK_NUMBERS = 1_048_576;

/** Rows of a block for so many numeric columns; the last block of a partition may have fewer. */
export function stagedBlockRows(numericWidth: number): number {
  if (numericWidth === 0) return BLOCK_ROWS_MAX;
  const narrow = Math.min(BLOCK_ROWS_MAX, Math.floor(BLOCK_NUMBERS / numericWidth));
  if (narrow >= BLOCK_ROWS_MIN) return narrow;
  return Math.max(1, Math.min(BLOCK_ROWS_MIN, Math.floor(WIDE_BLOCK_NUMBERS / numericWidth)));
}

/** Bytes that summarising and turning a block need beside it: the block again, and a few numbers of each column. */
export function settlingBytes(numericWidth: number): number {
  return 8 * numericWidth * (stagedBlockRows(numericWidth) + 12) + 1_024;
}

/** One block of a partition: its first row, its rows, and where its numbers begin. */
export interface StagedBlock {
  readonly firstRow: number;
  readonly rowCount: number;
  readonly start: number;
}

/** The blocks of a partition of so many rows, in order. */
export function* stagedBlocks(rowCount: number, numericWidth: number): Generator<StagedBlock> {
  const rows = stagedBlockRows(numericWidth);
  for (let firstRow = 0; firstRow < rowCount; firstRow += rows) {
    yield { firstRow, rowCount: Math.min(rows, rowCount - firstRow), start: firstRow * numericWidth };
  }
}

/** Rows of one batch, encoded as far as they can be before the training rows were all seen. */
export interface StagedRows {
  readonly rowCount: number;
  /** One array of rowCount numbers a numeric column of the layout. */
  readonly numeric: readonly Float64Array[];
  /** rowCount × category blocks, row-major. */
  readonly codes: Int32Array;
}
