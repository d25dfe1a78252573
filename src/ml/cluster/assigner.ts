/**
 * Assigns all rows to centroids, once an iteration. Numeric rows under EUCLIDEAN distance are assigned by changes
 * (reassign-passes); categories, COSINE distance, and the search for rows far from their centroid take the plain pass.
 *
 *   Σ (x - c)² over a centroid's rows = Σ x² - 2 c · Σ x + n c², from the three sums that are kept
 *
 * That difference cancels where rows lie close to a centroid far out, and the kept sums carry the rounding of all that
 * ever passed through them: such centroids are measured afresh.
 */
import type { Aggregator } from '../aggregate.ts';
import type { FeatureLayout } from '../layout.ts';
import { changeWidth, type CentroidSet } from '../kernel/distance-kernel.ts';
import { assignPass, type Assignment } from './kmeans-passes.ts';
import { reassignPass, remeasurePass, remeasureWidth, reassignWorkspaces } from './reassign-passes.ts';

/** Below this share of what was added and taken away, a difference has lost too many digits. */
const CANCELLATION_MAX = 1e-6;

export interface Assigner {
  assign(centroids: CentroidSet): Promise<Assignment>;
}

/** Whether rows of such a layout are assigned by changes. */
export function isAssignedByChanges(
  layout: Pick<FeatureLayout, 'width' | 'numericWidth'>,
  distanceType: string,
): boolean {
  return distanceType === 'EUCLIDEAN' && layout.width === layout.numericWidth;
}

export function createAssigner(
  aggregator: Aggregator,
  layout: FeatureLayout,
  distanceType: string,
): Assigner {
  if (!isAssignedByChanges(layout, distanceType)) {
    return { assign: (centroids) => aggregator.run(assignPass, centroids) };
  }
  for (const [name, kind, perRow] of reassignWorkspaces(layout.width))
    aggregator.allocate(name, kind, perRow);
  return new ChangeAssigner(aggregator);
}

class ChangeAssigner implements Assigner {
  readonly #aggregator: Aggregator;
  /** Sizes and sums of all centroids, count × changeWidth; undefined where codes and sums do not agree. */
  #totals: Float64Array | undefined;
  /** The most that each centroid's squared distances were the difference of. */
  #peaks = new Float64Array(0);
  #hasBlocks = false;

  constructor(aggregator: Aggregator) {
    this.#aggregator = aggregator;
  }

  async assign(centroids: CentroidSet): Promise<Assignment> {
    const known = this.#totals !== undefined ? 'codes' : this.#hasBlocks ? 'blocks' : 'nothing';
    const changes = await this.#aggregator.run(reassignPass, { centroids, known });
    this.#hasBlocks = true;
    const totals = this.#totals ?? new Float64Array(changes.length);
    for (let place = 0; place < changes.length; place++) totals[place]! += changes[place]!;
    this.#totals = totals;
    if (known !== 'codes') this.#peaks = new Float64Array(centroids.count);
    const assignment = assignmentOf(centroids, totals);
    // An empty cluster is moved to a row far from its centroid, which only the plain pass looks for.
    if (assignment.sizes.includes(0)) {
      this.#totals = undefined;
      return this.#aggregator.run(assignPass, centroids);
    }
    await this.#remeasure(centroids, totals, assignment);
    return assignment;
  }

  async #remeasure(centroids: CentroidSet, totals: Float64Array, assignment: Assignment): Promise<void> {
    const { width } = centroids;
    const wanted = this.#cancelled(centroids, totals, assignment.squaredDistances);
    if (wanted.length === 0) return;
    const measured = await this.#aggregator.run(remeasurePass, { centroids, wanted });
    wanted.forEach((centroid, place) => {
      const start = place * remeasureWidth(width);
      const end = start + changeWidth(width);
      totals.set(measured.subarray(start, end), centroid * changeWidth(width));
      assignment.sums.set(measured.subarray(start + 2, end), centroid * width);
      assignment.squaredDistances[centroid] = measured[end]!;
      this.#peaks[centroid] = 0;
    });
  }

  /** Centroids whose squared distances have lost too many digits. */
  #cancelled({ count, width, lengths }: CentroidSet, totals: Float64Array, squared: Float64Array): number[] {
    const cancelled: number[] = [];
    for (let centroid = 0; centroid < count; centroid++) {
      const start = centroid * changeWidth(width);
      const parts = totals[start + 1]! + totals[start]! * lengths[centroid]! ** 2;
      const peak = Math.max(this.#peaks[centroid]!, parts);
      this.#peaks[centroid] = peak;
      if (!(squared[centroid]! > CANCELLATION_MAX * peak)) cancelled.push(centroid);
    }
    return cancelled;
  }
}

function assignmentOf({ count, width, values, lengths }: CentroidSet, totals: Float64Array): Assignment {
  const sums = new Float64Array(count * width);
  const sizes = new Float64Array(count);
  const squaredDistances = new Float64Array(count);
  for (let centroid = 0; centroid < count; centroid++) {
    const start = centroid * changeWidth(width);
    sizes[centroid] = totals[start]!;
    sums.set(totals.subarray(start + 2, start + changeWidth(width)), centroid * width);
    let product = 0;
    for (let place = centroid * width; place < (centroid + 1) * width; place++) {
      product += values[place]! * sums[place]!;
    }
    squaredDistances[centroid] =
      totals[start + 1]! - 2 * product + sizes[centroid]! * lengths[centroid]! ** 2;
  }
  return { sums, directions: new Float64Array(0), sizes, squaredDistances, far: [] };
}
