/**
 * Target encoding in two passes: sums of the label for each category, then numbers in the place of codes. One
 * number a category: the mean label, which for two classes is the share of the positive one; with more
 * classes, one share each.
 */
import type { Pass } from '../aggregate.ts';

/** A draft column: its code stands in numeric column `index`, and `width` numbers will. */
export interface TargetColumn {
  readonly index: number;
  readonly width: number;
  readonly codeCount: number;
}

/** For each column in turn: a row count for each code, then `width` label sums for each code. */
export const targetSumsPass: Pass<{ readonly columns: readonly TargetColumn[] }, Float64Array> = {
  name: 'encode.target-sums',
  accumulate(partition, { columns }, { checkpoint }) {
    const size = columns.reduce((sum, column) => sum + column.codeCount * (1 + column.width), 0);
    const sums = new Float64Array(size);
    const { numeric, layout, rowCount, label } = partition;
    let base = 0;
    for (const { index, width, codeCount } of columns) {
      checkpoint();
      for (let row = 0; row < rowCount; row++) {
        const code = numeric[row * layout.numericWidth + index]!;
        if (code < 0) continue;
        sums[base + code]! += 1;
        const start = base + codeCount + code * width;
        if (width === 1) sums[start]! += label[row]!;
        else sums[start + label[row]!]! += 1;
      }
      base += codeCount * (1 + width);
    }
    return sums;
  },
  merge(left, right) {
    for (let place = 0; place < left.length; place++) left[place]! += right[place]!;
    return left;
  },
};

export interface TargetFillBroadcast {
  readonly columns: readonly TargetColumn[];
  /** For each column: codeCount × width numbers, then `width` for rows without a code. */
  readonly tables: readonly Float64Array[];
}

/** The partial is the number of rows rewritten. Must reach every row exactly once. */
export const targetFillPass: Pass<TargetFillBroadcast, number> = {
  name: 'encode.target-fill',
  accumulate(partition, { columns, tables }, { checkpoint }) {
    const { numeric, layout, rowCount } = partition;
    columns.forEach(({ index, width, codeCount }, position) => {
      checkpoint();
      const table = tables[position]!;
      for (let row = 0; row < rowCount; row++) {
        const place = row * layout.numericWidth + index;
        const code = numeric[place]!;
        const start = (code < 0 ? codeCount : code) * width;
        for (let step = 0; step < width; step++) numeric[place + step] = table[start + step]!;
      }
    });
    return rowCount;
  },
  merge(left, right) {
    return left + right;
  },
};
