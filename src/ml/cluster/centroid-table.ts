/** ML.CENTROIDS. Source: functions reference, 7.1. */
import { Types, listOf, structOf, type Schema, type Value } from '../../core/index.ts';
import type { EncodedColumn, FeatureEncoder } from '../encode/feature-encoder.ts';
import type { ModelTable } from '../estimator.ts';

const schema: Schema = [
  { name: 'centroid_id', type: Types.int8 },
  { name: 'feature', type: Types.text },
  { name: 'numerical_value', type: Types.float8 },
  {
    name: 'categorical_value',
    type: listOf(structOf({ name: 'category', type: Types.text }, { name: 'value', type: Types.float8 })),
  },
];

/**
 * One row a centroid and encoded column: a number's mean in the input's units (or standardised), or the share
 * of each category among the cluster's rows, shares of 0 left out. `means` holds a cluster's mean encoded
 * row, row-major.
 */
export function centroidTable(
  means: Float64Array,
  encoder: FeatureEncoder,
  standardize: boolean,
): ModelTable {
  const { width } = encoder.layout;
  const rows: (readonly Value[])[] = [];
  for (let start = 0; start < means.length; start += width) {
    const mean = means.subarray(start, start + width);
    const id = BigInt(start / width + 1);
    for (const column of encoder.columns) {
      const isNumeric = column.kind === 'numeric';
      rows.push([
        id,
        column.name,
        isNumeric ? numericValue(mean, column, standardize) : null,
        isNumeric ? [] : categoryShares(mean, column, encoder),
      ]);
    }
  }
  return { schema, rows };
}

function numericValue(mean: Float64Array, column: EncodedColumn, standardize: boolean): number {
  const value = mean[column.index]!;
  return standardize ? value : value * column.scale + column.mean;
}

function categoryShares(mean: Float64Array, column: EncodedColumn, encoder: FeatureEncoder): Value[] {
  const block = encoder.layout.categories[column.index]!;
  return column.categories
    .map((category, code): [string, number] => [category, mean[block.offset + code]!])
    .filter(([, share]) => share !== 0);
}
