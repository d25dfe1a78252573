/** Options of k-means and the rules between them. Source: statements reference, 2.2 and 3.13. */
import { invalidOption } from '../../core/index.ts';
import type { CheckedOptions, OptionSchema, WrittenOption } from '../option.ts';
import {
  checkSharedInteractions,
  iterationOptions,
  namePositionOf,
  registryOptions,
  seedOptions,
  tuningOptions,
  warmStartOptions,
} from '../shared-options.ts';

/** Clusters at least and at most. */
export const CLUSTER_COUNT_MIN = 2;
export const CLUSTER_COUNT_MAX = 100;

export const kmeansOptions: readonly OptionSchema[] = [
  {
    name: 'NUM_CLUSTERS',
    domain: { kind: 'number', integer: true, min: CLUSTER_COUNT_MIN, max: CLUSTER_COUNT_MAX },
    defaultValue: undefined,
    meaning: 'Number of clusters; log10 of the training rows, rounded, at least 2 when not given.',
  },
  {
    name: 'KMEANS_INIT_METHOD',
    domain: { kind: 'choice', values: ['RANDOM', 'KMEANS++', 'CUSTOM'] },
    defaultValue: 'RANDOM',
    meaning: 'How the initial centroids are chosen among the training rows.',
  },
  {
    name: 'KMEANS_INIT_COL',
    domain: { kind: 'text' },
    defaultValue: undefined,
    meaning: 'BOOL column, TRUE for the rows to start from; only and always with CUSTOM; never a feature.',
  },
  {
    name: 'DISTANCE_TYPE',
    domain: { kind: 'choice', values: ['EUCLIDEAN', 'COSINE'] },
    defaultValue: 'EUCLIDEAN',
    meaning: 'Distance between rows and centroids; COSINE is sqrt(1 - cosine similarity).',
  },
  {
    name: 'STANDARDIZE_FEATURES',
    domain: { kind: 'flag' },
    defaultValue: true,
    meaning: 'Divide numeric features by their standard deviation; categories stay 0 and 1.',
  },
  ...iterationOptions,
  ...warmStartOptions,
  ...seedOptions,
  ...tuningOptions,
  ...registryOptions,
];

/** KMEANS_INIT_COL and the CUSTOM method need each other. */
export function checkKMeansInteractions(options: CheckedOptions, written: readonly WrittenOption[]): void {
  checkSharedInteractions(options, written);
  const method = options.text('KMEANS_INIT_METHOD');
  const isCustom = method === 'CUSTOM';
  const hasColumn = options.get('KMEANS_INIT_COL') !== undefined;
  if (isCustom && !hasColumn) {
    throw invalidOption(
      "option KMEANS_INIT_METHOD = 'CUSTOM' requires KMEANS_INIT_COL",
      namePositionOf(written, 'KMEANS_INIT_METHOD'),
      'KMEANS_INIT_COL names a BOOL column that is TRUE for the rows to start from.',
    );
  }
  if (hasColumn && !isCustom) {
    throw invalidOption(
      `option KMEANS_INIT_COL requires KMEANS_INIT_METHOD = 'CUSTOM', got '${method}'`,
      namePositionOf(written, 'KMEANS_INIT_COL'),
    );
  }
}

/** The default of NUM_CLUSTERS for a number of rows. */
export function defaultClusterCount(rowCount: number): number {
  return Math.min(
    CLUSTER_COUNT_MAX,
    Math.max(CLUSTER_COUNT_MIN, Math.round(Math.log10(Math.max(1, rowCount)))),
  );
}
