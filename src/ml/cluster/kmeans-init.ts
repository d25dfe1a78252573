/**
 * Where k-means starts: random rows, spread-out rows (k-means++), rows that the user marked, or an earlier
 * model.
 */
import { Random, invalidData, invalidOption } from '../../core/index.ts';
import type { FitContext } from '../estimator.ts';
import type { DistanceType } from '../kernel/distance-kernel.ts';
import { centroidSet } from '../kernel/scalar-distance-kernel.ts';
import { joinPoints } from './encoded-row.ts';
import { KMeansModel } from './kmeans-model.ts';
import { CLUSTER_COUNT_MAX, CLUSTER_COUNT_MIN, defaultClusterCount } from './kmeans-options.ts';
import { NEAREST_WORKSPACE, flaggedPass, gatherPass, spreadPass } from './kmeans-passes.ts';

/** The initial centroids, count × width, row-major. */
export async function initialCentroids(
  context: FitContext,
  distanceType: DistanceType,
): Promise<Float64Array> {
  const { options, dataset } = context;
  if (options.flag('WARM_START') && context.previous !== undefined)
    return previousCentroids(context, distanceType);
  const method = options.text('KMEANS_INIT_METHOD');
  if (method === 'CUSTOM') return flaggedRows(context);
  const count = wantedClusterCount(context) ?? defaultClusterCount(dataset.trainingRowCount);
  checkRowCount(count, dataset.trainingRowCount);
  return method === 'KMEANS++' ? spreadRows(context, distanceType, count) : randomRows(context, count);
}

function wantedClusterCount({ options }: FitContext): number | undefined {
  const count = options.get('NUM_CLUSTERS');
  return count === undefined ? undefined : Number(count);
}

function checkRowCount(clusterCount: number, rowCount: number): void {
  if (rowCount >= clusterCount) return;
  throw invalidData(
    `k-means with ${clusterCount} clusters needs at least ${clusterCount} training rows, got ${rowCount}`,
    undefined,
    clusterCount > CLUSTER_COUNT_MIN
      ? 'Train on more rows, or ask for fewer clusters with NUM_CLUSTERS.'
      : 'Train on more rows.',
  );
}

async function randomRows(context: FitContext, count: number): Promise<Float64Array> {
  const { aggregator, dataset, seed } = context;
  const rowNumbers = new Random(seed).sample(count, dataset.trainingRowCount);
  return joinPoints(await aggregator.run(gatherPass, rowNumbers), dataset.layout.width);
}

/**
 * The first row is drawn evenly, each further one with a probability proportional to its squared distance.
 */
async function spreadRows(
  context: FitContext,
  distanceType: DistanceType,
  count: number,
): Promise<Float64Array> {
  const { aggregator, dataset, seed } = context;
  const { width, numericWidth } = dataset.layout;
  const random = new Random(seed);
  aggregator.allocate(NEAREST_WORKSPACE, 'float64', 1);
  const points: Float64Array[] = [];
  let row = random.below(dataset.trainingRowCount);
  for (;;) {
    const [point] = await aggregator.run(gatherPass, [row]);
    points.push(point!);
    if (points.length === count) return joinPoints(points, width);
    const newest = centroidSet(distanceType, point!, width, numericWidth);
    const candidates = await aggregator.run(spreadPass, { newest, chosenCount: points.length, seed });
    const total = candidates.reduce((sum, candidate) => sum + candidate.total, 0);
    // Fewer distinct rows than clusters: nothing is left to choose, so the rest falls on rows chosen already.
    if (total === 0) continue;
    let target = total * random.uniform();
    const chosen = candidates.find((candidate) => (target -= candidate.total) < 0);
    row = (chosen ?? candidates.findLast((candidate) => candidate.total > 0)!).row;
  }
}

async function flaggedRows(context: FitContext): Promise<Float64Array> {
  const { aggregator, dataset, options } = context;
  const flagged = await aggregator.run(flaggedPass, CLUSTER_COUNT_MAX);
  const wanted = wantedClusterCount(context);
  const column = options.text('KMEANS_INIT_COL');
  if (wanted !== undefined && flagged.count !== wanted) {
    throw invalidData(
      `column "${column}" must be TRUE for exactly NUM_CLUSTERS = ${wanted} rows, got ${flagged.count}`,
    );
  }
  if (flagged.count < CLUSTER_COUNT_MIN || flagged.count > CLUSTER_COUNT_MAX) {
    throw invalidData(
      `column "${column}" must be TRUE for ${CLUSTER_COUNT_MIN} to ${CLUSTER_COUNT_MAX} rows, ` +
        `got ${flagged.count}`,
    );
  }
  return joinPoints(flagged.points, dataset.layout.width);
}

function previousCentroids(context: FitContext, distanceType: DistanceType): Float64Array {
  const { previous, dataset, options } = context;
  if (!(previous instanceof KMeansModel) || previous.centroids.width !== dataset.layout.width) {
    throw invalidOption(
      'option WARM_START needs an existing k-means model with the same features',
      undefined,
      'Create the model without WARM_START first.',
    );
  }
  const wanted = options.isWritten('NUM_CLUSTERS') ? wantedClusterCount(context) : undefined;
  if (wanted !== undefined && wanted !== previous.centroids.count) {
    throw invalidOption(
      `option NUM_CLUSTERS must stay ${previous.centroids.count} with WARM_START, got ${wanted}`,
    );
  }
  if (previous.centroids.distanceType !== distanceType) {
    throw invalidOption(
      `option DISTANCE_TYPE must stay '${previous.centroids.distanceType}' with WARM_START, ` +
        `got '${distanceType}'`,
    );
  }
  return previous.centroids.values;
}
