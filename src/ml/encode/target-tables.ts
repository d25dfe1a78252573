/**
 * Target statistics from the sums of all folds. A category's mean is drawn towards that of all rows, the more so the
 * fewer rows it has: (sum + s × prior) / (count + s), with s = variance within categories / variance between them, both
 * found by the analysis of variance. Source: Micci-Barreca, "A preprocessing scheme for high-cardinality categorical
 * attributes", 2001; unequal group sizes: Searle, Casella and McCulloch, "Variance Components", 1992, 3.6.
 */
import { FOLD_COUNT, foldSize, type TargetColumn } from './target-passes.ts';

/** Tables of a column: codeCount × width numbers, then the prior's `width`. */
export interface TargetTables {
  /** Of all rows: for rows that did not train. */
  readonly whole: Float64Array;
  /** One a fold, of the rows of the other folds, one after the other. */
  readonly folded: Float64Array;
}

/** `sums` as targetSumsPass has them for the column. */
export function targetTables(sums: Float64Array, column: TargetColumn): TargetTables {
  const size = foldSize(column);
  const tableSize = (column.codeCount + 1) * column.width;
  const total = new Float64Array(size);
  for (let place = 0; place < FOLD_COUNT * size; place++) total[place % size]! += sums[place]!;
  const smoothings = Array.from({ length: column.width }, (_, step) =>
    smoothingOf(total, column, step, sums[FOLD_COUNT * size]!),
  );
  const whole = tableOf(total, undefined, column, smoothings);
  const folded = new Float64Array(FOLD_COUNT * tableSize);
  for (let fold = 0; fold < FOLD_COUNT; fold++) {
    const own = sums.subarray(fold * size, (fold + 1) * size);
    folded.set(tableOf(total, own, column, smoothings), fold * tableSize);
  }
  return { whole, folded };
}

/** Mean label of all rows with a code. */
interface Smoothing {
  readonly prior: number;
  /** Rows that the prior counts for; Infinity where categories do not differ more than chance has them differ. */
  readonly strength: number;
}

function smoothingOf(
  total: Float64Array,
  { codeCount, width }: TargetColumn,
  step: number,
  squaresOfAll: number,
): Smoothing {
  let [rowCount, sum, levelCount, squaredCounts] = [0, 0, 0, 0];
  for (let code = 0; code < codeCount; code++) {
    const count = total[code]!;
    rowCount += count;
    squaredCounts += count * count;
    sum += total[codeCount + code * width + step]!;
    if (count > 0) levelCount++;
  }
  const prior = sum / Math.max(1, rowCount);
  let between = 0;
  for (let code = 0; code < codeCount; code++) {
    const count = total[code]!;
    if (count > 0) between += count * (total[codeCount + code * width + step]! / count - prior) ** 2;
  }
  // The square of a share's label is that label.
  const squares = (width === 1 ? squaresOfAll : sum) - rowCount * prior * prior;
  const within = Math.max(0, squares - between) / (rowCount - levelCount);
  const varianceBetween =
    (between - (levelCount - 1) * within) / (rowCount - squaredCounts / Math.max(1, rowCount));
  const isTelling = rowCount > levelCount && varianceBetween > 0;
  return { prior, strength: isTelling ? within / varianceBetween : Number.POSITIVE_INFINITY };
}

/** Smoothed means of all rows but a fold's own; a code without such rows has the prior. */
function tableOf(
  total: Float64Array,
  own: Float64Array | undefined,
  { codeCount, width }: TargetColumn,
  smoothings: readonly Smoothing[],
): Float64Array {
  const table = new Float64Array((codeCount + 1) * width);
  smoothings.forEach(({ prior, strength }, step) => {
    for (let code = 0; code < codeCount; code++) {
      const place = codeCount + code * width + step;
      const count = total[code]! - (own?.[code] ?? 0);
      const sum = total[place]! - (own?.[place] ?? 0);
      table[code * width + step] = smoothed(sum, count, prior, strength);
    }
    table[codeCount * width + step] = prior;
  });
  return table;
}

function smoothed(sum: number, count: number, prior: number, strength: number): number {
  if (count === 0 || strength === Number.POSITIVE_INFINITY) return prior;
  if (strength === 0) return sum / count;
  return prior + (sum - count * prior) / (count + strength);
}
