/** The metrics of a clustering. Source: functions reference, 2.4; Davies and Bouldin, "A cluster separation measure", 1979. */
import type { ClusteringPartial } from './clustering-pass.ts';
import { quotient } from './quotient.ts';

/** Davies–Bouldin index (NULL for a single cluster) and mean squared distance; `distances` between centroids, k × k. */
export function clusteringMetrics(
  { sizes, squaredDistances }: ClusteringPartial,
  distances: readonly (readonly number[])[],
): readonly (number | null)[] {
  const met = [...sizes.keys()].filter((cluster) => sizes[cluster]! > 0);
  const scatter = squaredDistances.map((squared, cluster) => Math.sqrt(squared / sizes[cluster]!));
  const similarity = (cluster: number, other: number): number | null =>
    quotient(scatter[cluster]! + scatter[other]!, distances[cluster]![other]!);
  // Clusters that lie at one point are no measure for each other.
  const worst = met.flatMap((cluster) => {
    const ratios = met
      .filter((other) => other !== cluster)
      .map((other) => similarity(cluster, other))
      .filter((ratio) => ratio !== null);
    return ratios.length === 0 ? [] : [ratios.reduce((greatest, ratio) => Math.max(greatest, ratio))];
  });
  const sum = (numbers: Iterable<number>): number => [...numbers].reduce((total, each) => total + each, 0);
  return [quotient(sum(worst), worst.length), sum(squaredDistances) / sum(sizes)];
}
