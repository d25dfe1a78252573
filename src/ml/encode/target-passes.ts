/**
 * Target encoding in two passes: sums of the label for each category, then numbers in the place of codes. One number a
 * category: the mean label, which for two classes is the share of the positive one; with more classes, one share each.
 * A row that trains gets what the rows of other folds say, so that its own label is not among its features.
 */
import type { Pass } from '../aggregate.ts';
import type { Partition, WorkspaceArray } from '../dataset.ts';

/** Folds of the training rows. */
export const FOLD_COUNT = 5;

/** Workspace of the codes that training rows had: of each target column in turn, all rows of the partition. */
export const TARGET_CODES_WORKSPACE = 'encode.target-codes';

/** A draft column: its code stands in numeric column `index`, and `width` numbers will. */
export interface TargetColumn {
  readonly index: number;
  readonly width: number;
  readonly codeCount: number;
}

/** A row's fold, by its number alone: near rows fall apart. The mixing is that of MurmurHash3. */
export function foldOf(row: number): number {
  let hash = row | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return Math.floor((((hash ^ (hash >>> 16)) >>> 0) * FOLD_COUNT) / 2 ** 32);
}

/** Numbers that a fold of a column takes: a row count for each code, then `width` label sums for each code. */
export const foldSize = ({ codeCount, width }: TargetColumn): number => codeCount * (1 + width);

/** Numbers that a column takes: its folds, then the sum of the squared labels of rows with a code. */
export const targetSumsSize = (column: TargetColumn): number => FOLD_COUNT * foldSize(column) + 1;

export interface TargetSumsBroadcast {
  readonly columns: readonly TargetColumn[];
}

/** A pass looks whether it was cancelled once in so many rows. */
const CHECKPOINT_ROWS = 16_384;
/** Rows taken at once, column after column: few enough to stay in a core's nearest cache. */
const BLOCK_ROWS = 128;

/** Rows `first` to `end` (exclusive) of a partition, and the fold of each of them. */
interface Block {
  readonly first: number;
  readonly end: number;
  readonly folds: Uint8Array;
}

/** Calls back for blocks of a partition's rows, in order. */
function eachBlock(
  { rowCount, firstRow }: Partition,
  checkpoint: () => void,
  callback: (block: Block) => void,
): void {
  const folds = new Uint8Array(BLOCK_ROWS);
  for (let first = 0; first < rowCount; first += BLOCK_ROWS) {
    if (first % CHECKPOINT_ROWS === 0) checkpoint();
    const end = Math.min(rowCount, first + BLOCK_ROWS);
    for (let row = first; row < end; row++) folds[row - first] = foldOf(firstRow + row);
    callback({ first, end, folds });
  }
}

function accumulateSums(
  partitions: readonly Partition[],
  columns: readonly TargetColumn[],
  checkpoint: () => void,
): Float64Array {
  const bases = [0];
  for (const column of columns) bases.push(bases.at(-1)! + targetSumsSize(column));
  const sums = new Float64Array(bases.at(-1)!);
  for (const partition of partitions) {
    const squares = new Float64Array(columns.length);
    eachBlock(partition, checkpoint, (block) => {
      columns.forEach((column, position) => {
        squares[position] = addRows(sums, bases[position]!, column, partition, block, squares[position]!);
      });
    });
    columns.forEach((_, position) => (sums[bases[position + 1]! - 1]! += squares[position]!));
  }
  return sums;
}

/** Adds up one column of a block of rows; gives `squares` with their squared labels added. */
function addRows(
  sums: Float64Array,
  base: number,
  column: TargetColumn,
  { numeric, layout, label }: Partition,
  { first, end, folds }: Block,
  squares: number,
): number {
  const { index, width, codeCount } = column;
  const size = foldSize(column);
  const { numericWidth } = layout;
  let total = squares;
  for (let row = first, place = first * numericWidth + index; row < end; row++, place += numericWidth) {
    const code = numeric[place]!;
    if (code < 0) continue;
    const target = label[row]!;
    const fold = base + folds[row - first]! * size;
    sums[fold + code]! += 1;
    const start = fold + codeCount + code * width;
    if (width === 1) sums[start]! += target;
    else sums[start + target]! += 1;
    total += target * target;
  }
  return total;
}

/** For each column in turn: its folds, and the sum of squared labels. */
export const targetSumsPass: Pass<TargetSumsBroadcast, Float64Array> = {
  name: 'encode.target-sums',
  accumulate: (partition, { columns }, { checkpoint }) => accumulateSums([partition], columns, checkpoint),
  merge(left, right) {
    for (let place = 0; place < left.length; place++) left[place]! += right[place]!;
    return left;
  },
};

/** The same where labels are classes: sums of whole numbers are exact, so a thread needs one array for all its rows. */
export const targetCountsPass: Pass<TargetSumsBroadcast, Float64Array> = {
  ...targetSumsPass,
  name: 'encode.target-counts',
  accumulateAll: (partitions, { columns }, { checkpoint }) => accumulateSums(partitions, columns, checkpoint),
};

export interface TargetFillBroadcast {
  readonly columns: readonly TargetColumn[];
  /**
   * For each column a table for every fold in turn, or one table for all rows: codeCount × width numbers, then `width`
   * for rows without a code.
   */
  readonly tables: readonly Float64Array[];
  /** Whether codes are put by in the workspace, or taken from there instead of from the rows. */
  readonly codes?: 'kept' | 'known';
}

/** The partial is the number of rows rewritten. Must reach every row exactly once. */
export const targetFillPass: Pass<TargetFillBroadcast, number> = {
  name: 'encode.target-fill',
  accumulate(partition, { columns, tables, codes }, { checkpoint }) {
    const known = codes === undefined ? undefined : partition.workspace(TARGET_CODES_WORKSPACE);
    const kept = columns.map((_, position) =>
      known?.subarray(position * partition.rowCount, (position + 1) * partition.rowCount),
    );
    eachBlock(partition, checkpoint, (block) => {
      columns.forEach((column, position) => {
        fillRows(partition, column, tables[position]!, kept[position], codes === 'known', block);
      });
    });
    return partition.rowCount;
  },
  merge(left, right) {
    return left + right;
  },
};

/** Fills one column of a block of rows. `kept`: codes that are kept, or taken if `isKnown`. */
function fillRows(
  { numeric, layout }: Partition,
  { index, width, codeCount }: TargetColumn,
  table: Float64Array,
  kept: WorkspaceArray | undefined,
  isKnown: boolean,
  { first, end, folds }: Block,
): void {
  const { numericWidth } = layout;
  const tableSize = (codeCount + 1) * width;
  const isFolded = table.length > tableSize;
  for (let row = first, place = first * numericWidth + index; row < end; row++, place += numericWidth) {
    const code = isKnown ? kept![row]! : numeric[place]!;
    if (kept !== undefined && !isKnown) kept[row] = code;
    const fold = isFolded ? folds[row - first]! * tableSize : 0;
    const start = fold + (code < 0 ? codeCount : code) * width;
    for (let step = 0; step < width; step++) numeric[place + step] = table[start + step]!;
  }
}
