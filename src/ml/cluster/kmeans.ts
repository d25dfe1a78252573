/**
 * K-means by Lloyd's iterations: assign every row to its nearest centroid, move the centroids to the means of
 * their rows. Source: Lloyd, 1982; model space, loss and radii: functions reference, 0.6, 2.4 and 4.1.
 *
 *   initial centroids --assign--> loss --+--> means --assign--> loss, radii, sizes: iteration 0 --+--> …
 *                                        |______________________________________________________|
 *
 * The stored radii and sizes belong to the stored centroids: both come from the last assignment.
 */
import { invalidData } from '../../core/index.ts';
import type { Estimator, FitContext, IterationReport } from '../estimator.ts';
import type { CentroidSet, DistanceType } from '../kernel/distance-kernel.ts';
import { centroidSet } from '../kernel/scalar-distance-kernel.ts';
import { createAssigner, isAssignedByChanges, type Assigner } from './assigner.ts';
import { initialCentroids } from './kmeans-init.ts';
import { KMeansModel } from './kmeans-model.ts';
import {
  CLUSTER_COUNT_MAX,
  checkKMeansInteractions,
  defaultClusterCount,
  kmeansOptions,
} from './kmeans-options.ts';
import { gatherPass, kmeansPasses, type Assignment } from './kmeans-passes.ts';
import { reassignBytesPerRow, reassignPasses } from './reassign-passes.ts';

export const kmeans: Estimator = {
  modelType: 'KMEANS',
  task: 'clustering',
  options: kmeansOptions,
  checkInteractions: checkKMeansInteractions,
  encoding: (options) => ({
    numeric: options.flag('STANDARDIZE_FEATURES') ? 'standardize' : 'center',
    category: 'indicator',
    timestamp: 'expand',
  }),
  classCountMax: 0,
  passes: [...kmeansPasses, ...reassignPasses],
  estimate(shape, options) {
    const wanted = options.get('NUM_CLUSTERS');
    const clusterCount = wanted === undefined ? defaultClusterCount(shape.rowCount) : Number(wanted);
    const matrixBytes = Math.min(CLUSTER_COUNT_MAX, clusterCount) * shape.width * 8;
    return {
      iterations: options.number('MAX_ITERATIONS'),
      workspaceBytes: shape.rowCount * workspaceBytesPerRow(shape, options),
      heapBytes: matrixBytes * 8,
      modelBytes: matrixBytes * (options.text('DISTANCE_TYPE') === 'COSINE' ? 2 : 1) + 4096,
    };
  },
  fit,
  restore: (artifact) => KMeansModel.fromArtifact(artifact),
};

function workspaceBytesPerRow(
  shape: Parameters<Estimator['estimate']>[0],
  options: Parameters<Estimator['estimate']>[1],
): number {
  const isByChanges = isAssignedByChanges(shape, options.text('DISTANCE_TYPE'));
  const nearestBytes = options.text('KMEANS_INIT_METHOD') === 'KMEANS++' ? 8 : 0;
  return nearestBytes + (isByChanges ? reassignBytesPerRow(shape.width) : 0);
}

/** Centroids and the assignment of all rows to them. */
interface State {
  readonly centroids: CentroidSet;
  /** Mean of each cluster's rows, as ML.CENTROIDS shows it. */
  readonly means: Float64Array;
  readonly assignment: Assignment;
  /** Mean squared distance. */
  readonly loss: number;
}

async function fit(context: FitContext): Promise<KMeansModel> {
  const { dataset, options, aggregator } = context;
  if (dataset.layout.width === 0) throw invalidData('k-means needs at least one feature');
  const distanceType = options.text('DISTANCE_TYPE') as DistanceType;
  const initial = await initialCentroids(context, distanceType);
  const assigner = createAssigner(aggregator, dataset.layout, distanceType);
  let state = await assign(context, assigner, distanceType, initial, initial);
  for (let iteration = 0; iteration < options.number('MAX_ITERATIONS'); iteration++) {
    await aggregator.checkpoint();
    const start = performance.now();
    const { centroids, means, isRelocated } = await moveCentroids(context, state);
    const next = await assign(context, assigner, distanceType, centroids, means);
    context.report(reportOf(iteration, next, performance.now() - start));
    const isSettled =
      !isRelocated &&
      hasSettled(options.flag('EARLY_STOP'), state.loss, next.loss, options.number('MIN_REL_PROGRESS'));
    state = next;
    if (isSettled) break;
  }
  warnOfEmptyClusters(context, state);
  const { centroids, means } = state;
  const clusters = clustersOf(state.assignment);
  return new KMeansModel({
    centroids,
    means,
    radii: clusters.map((cluster) => cluster.radius),
    sizes: clusters.map((cluster) => cluster.size),
  });
}

async function assign(
  context: FitContext,
  assigner: Assigner,
  distanceType: DistanceType,
  values: Float64Array,
  means: Float64Array,
): Promise<State> {
  const { layout, trainingRowCount } = context.dataset;
  const centroids = centroidSet(distanceType, values, layout.width, layout.numericWidth);
  const assignment = await assigner.assign(centroids);
  const total = assignment.squaredDistances.reduce((sum, squared) => sum + squared, 0);
  return { centroids, means, assignment, loss: total / trainingRowCount };
}

/** The next centroids: means of the rows; an empty cluster goes to a row far from its own centroid. */
async function moveCentroids(
  context: FitContext,
  { centroids, means, assignment }: State,
): Promise<{ centroids: Float64Array; means: Float64Array; isRelocated: boolean }> {
  const { width, count } = centroids;
  const nextMeans = means.slice();
  const next = centroids.values.slice();
  const empty: number[] = [];
  const source = centroids.distanceType === 'COSINE' ? assignment.directions : assignment.sums;
  for (let cluster = 0; cluster < count; cluster++) {
    const size = assignment.sizes[cluster]!;
    if (size === 0) empty.push(cluster);
    else {
      for (let index = cluster * width; index < (cluster + 1) * width; index++) {
        nextMeans[index] = assignment.sums[index]! / size;
        next[index] = source[index]! / size;
      }
    }
  }
  const targets = assignment.far.slice(0, empty.length).map((far) => far.row);
  if (targets.length > 0) {
    const points = await context.aggregator.run(gatherPass, targets);
    points.forEach((point, index) => {
      next.set(point, empty[index]! * width);
      nextMeans.set(point, empty[index]! * width);
    });
  }
  return { centroids: next, means: nextMeans, isRelocated: targets.length > 0 };
}

function hasSettled(isEarlyStop: boolean, before: number, after: number, progressMin: number): boolean {
  if (!isEarlyStop) return false;
  return before === 0 || (before - after) / before < progressMin;
}

function clustersOf({ sizes, squaredDistances }: Assignment): { radius: number; size: number }[] {
  return [...sizes].map((size, cluster) => ({
    radius: size === 0 ? 0 : Math.sqrt(squaredDistances[cluster]! / size),
    size,
  }));
}

function reportOf(iteration: number, state: State, durationMs: number): IterationReport {
  return { iteration, loss: state.loss, durationMs, clusters: clustersOf(state.assignment) };
}

function warnOfEmptyClusters(context: FitContext, { assignment, centroids }: State): void {
  const emptyCount = [...assignment.sizes].filter((size) => size === 0).length;
  if (emptyCount === 0) return;
  context.warn(
    `${emptyCount} of ${centroids.count} clusters are empty: there may be fewer distinct rows than clusters`,
  );
}
