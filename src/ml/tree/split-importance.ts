/**
 * How much each input column was used: ML.FEATURE_IMPORTANCE. Source: functions reference, 6.1.
 * One row a feature, those of no split included (with zeros); gain and cover are means over the feature's
 * splits.
 */
import { Types } from '../../core/index.ts';
import type { ModelArtifact, Tensor } from '../artifact.ts';
import type { EncodedColumn, FeatureEncoder } from '../encode/feature-encoder.ts';
import type { ModelTable } from '../estimator.ts';
import type { FeatureLayout } from '../layout.ts';
import type { BinMapper } from './bin-mapper.ts';
import { tensorData } from './tree-ensemble.ts';
import type { TreeBuilder } from './tree-builder.ts';

/**
 * Sums over all splits by source: numeric columns first, then blocks. Three numbers a source: splits, gain,
 * cover.
 */
export interface SplitImportance {
  readonly sums: Float64Array;
}

const IMPORTANCE_TENSOR = 'importance';

export function splitImportance(layout: FeatureLayout): SplitImportance {
  return { sums: new Float64Array(3 * (layout.numericWidth + layout.categories.length)) };
}

/** Adds the splits of a tree; `nodes` are those that it kept, `weight` gives a node's cover. */
export function addSplits(
  importance: SplitImportance,
  tree: TreeBuilder,
  nodes: readonly number[],
  mapper: BinMapper,
  layout: FeatureLayout,
  weight: (sums: Float64Array) => number,
): void {
  const { sums } = importance;
  for (const node of nodes) {
    const split = tree.split[node];
    if (split === undefined) continue;
    const column = mapper.columns[split.column]!;
    const source = 3 * (column.kind === 'numeric' ? column.index : layout.numericWidth + column.index);
    sums[source] = sums[source]! + 1;
    sums[source + 1] = sums[source + 1]! + split.gain;
    sums[source + 2] = sums[source + 2]! + weight(tree.sums[node]!);
  }
}

export function importanceTensor(importance: SplitImportance): Tensor {
  return { name: IMPORTANCE_TENSOR, shape: [importance.sums.length / 3, 3], data: importance.sums };
}

export function restoreImportance(artifact: ModelArtifact): SplitImportance {
  return { sums: tensorData(artifact, IMPORTANCE_TENSOR, Float64Array) };
}

/** Encoded columns by source: numeric ones by index, then blocks. */
export function sourceColumns(encoder: FeatureEncoder): ReadonlyMap<number, EncodedColumn> {
  const { numericWidth } = encoder.layout;
  return new Map(
    encoder.columns.map((column) => [
      column.kind === 'numeric' ? column.index : numericWidth + column.index,
      column,
    ]),
  );
}

export function importanceTable(importance: SplitImportance, encoder: FeatureEncoder): ModelTable {
  const columns = sourceColumns(encoder);
  const byFeature = new Map(encoder.inputs.map((input) => [input.name, [0, 0, 0]]));
  for (let source = 0; source < importance.sums.length / 3; source++) {
    const sums = byFeature.get(columns.get(source)?.feature ?? '');
    if (sums === undefined) continue;
    for (let index = 0; index < 3; index++) sums[index] = sums[index]! + importance.sums[3 * source + index]!;
  }
  return {
    schema: [
      { name: 'feature', type: Types.text },
      { name: 'importance_weight', type: Types.float8 },
      { name: 'importance_gain', type: Types.float8 },
      { name: 'importance_cover', type: Types.float8 },
    ],
    rows: [...byFeature].map(([feature, [splits, gain, cover]]) => [
      feature,
      splits!,
      splits === 0 ? 0 : gain! / splits!,
      splits === 0 ? 0 : cover! / splits!,
    ]),
  };
}
