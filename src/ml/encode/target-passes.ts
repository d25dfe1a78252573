/**
 * Target encoding in two passes: sums of the label for each category, then numbers in the place of codes. One number a
 * category: the mean label, which for two classes is the share of the positive one; with more classes, one share each.
 * A row that trains gets what the rows of other folds say, so that its own label is not among its features.
 */
import type { Pass } from '../aggregate.ts';
import type { Partition } from '../dataset.ts';

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

function accumulateSums(
  partitions: readonly Partition[],
  columns: readonly TargetColumn[],
  checkpoint: () => void,
): Float64Array {
  const sums = new Float64Array(columns.reduce((size, column) => size + targetSumsSize(column), 0));
  for (const { numeric, layout, rowCount, label, firstRow } of partitions) {
    let base = 0;
    for (const column of columns) {
      checkpoint();
      const { index, width, codeCount } = column;
      let squares = 0;
      for (let row = 0; row < rowCount; row++) {
        const code = numeric[row * layout.numericWidth + index]!;
        if (code < 0) continue;
        const target = label[row]!;
        const fold = base + foldOf(firstRow + row) * foldSize(column);
        sums[fold + code]! += 1;
        const start = fold + codeCount + code * width;
        if (width === 1) sums[start]! += target;
        else sums[start + target]! += 1;
        squares += target * target;
      }
      base += targetSumsSize(column);
      sums[base - 1]! += squares;
    }
  }
  return sums;
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
    const { numeric, layout, rowCount, firstRow } = partition;
    const known = codes === undefined ? undefined : partition.workspace(TARGET_CODES_WORKSPACE);
    columns.forEach(({ index, width, codeCount }, position) => {
      checkpoint();
      const table = tables[position]!;
      const tableSize = (codeCount + 1) * width;
      const isFolded = table.length > tableSize;
      for (let row = 0; row < rowCount; row++) {
        const place = row * layout.numericWidth + index;
        const code = codes === 'known' ? known![position * rowCount + row]! : numeric[place]!;
        if (codes === 'kept') known![position * rowCount + row] = code;
        const fold = isFolded ? foldOf(firstRow + row) * tableSize : 0;
        const start = fold + (code < 0 ? codeCount : code) * width;
        for (let step = 0; step < width; step++) numeric[place + step] = table[start + step]!;
      }
    });
    return rowCount;
  },
  merge(left, right) {
    return left + right;
  },
};
