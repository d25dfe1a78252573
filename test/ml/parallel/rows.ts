/** Seeded encoded rows for the tests of this folder. */
import { Random } from '../../../src/core/index.ts';
import type { EncodedRows, FeatureLayout } from '../../../src/ml/layout.ts';
import type { TrainingRequest } from '../../../src/ml/parallel/training.ts';

/** Three numeric columns and two category blocks. */
export const sampleLayout: FeatureLayout = {
  numericWidth: 3,
  categories: [
    { offset: 3, cardinality: 2 },
    { offset: 5, cardinality: 4 },
  ],
  width: 9,
};

/** Rows that differ from each other everywhere. */
export function sampleRows(layout: FeatureLayout, rowCount: number, seed: number): EncodedRows {
  const random = new Random(seed);
  const numeric = Float64Array.from({ length: rowCount * layout.numericWidth }, () => random.normal());
  const codes = new Int32Array(rowCount * layout.categories.length);
  for (let row = 0; row < rowCount; row++) {
    layout.categories.forEach((block, column) => {
      codes[row * layout.categories.length + column] = random.below(block.cardinality + 1) - 1;
    });
  }
  return { layout, rowCount, numeric, codes };
}

/** A part of encoded rows, copied. */
export function rowSlice(rows: EncodedRows, first: number, end: number): EncodedRows {
  const { layout } = rows;
  return {
    layout,
    rowCount: end - first,
    numeric: rows.numeric.slice(first * layout.numericWidth, end * layout.numericWidth),
    codes: rows.codes.slice(first * layout.categories.length, end * layout.categories.length),
  };
}

/** A request for such rows with labels and no classes. */
export function sampleRequest(
  trainingRowCount: number,
  more: Partial<TrainingRequest> = {},
): TrainingRequest {
  return {
    layout: sampleLayout,
    trainingRowCount,
    evaluationRowCount: 0,
    hasLabel: true,
    classCount: 0,
    classRowCounts: [],
    signal: new AbortController().signal,
    workspaceBytes: 0,
    ...more,
  };
}
