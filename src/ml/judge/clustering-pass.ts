/** Judges a clustering: rows of each cluster, and the squares of their distances to its centroid. */
import type { Pass } from '../aggregate.ts';
import { scoreBlocks, type ScoreSource } from './score-blocks.ts';

export interface ClusteringPartial {
  readonly sizes: Float64Array;
  /** Sum of the squared distances of each cluster's rows. */
  readonly squaredDistances: Float64Array;
}

export const clusteringPass: Pass<ScoreSource, ClusteringPartial> = {
  name: 'judge.clustering',
  accumulate(partition, source, context) {
    const width = context.restore(source.artifact).scoreWidth;
    const sizes = new Float64Array(width);
    const squaredDistances = new Float64Array(width);
    scoreBlocks(source, partition, context, (distances, _width, _first, count) => {
      for (let start = 0; start < count * width; start += width) {
        let nearest = 0;
        for (let cluster = 1; cluster < width; cluster++) {
          if (distances[start + cluster]! < distances[start + nearest]!) nearest = cluster;
        }
        sizes[nearest]!++;
        squaredDistances[nearest]! += distances[start + nearest]! ** 2;
      }
    });
    return { sizes, squaredDistances };
  },
  merge(left, right) {
    for (let cluster = 0; cluster < left.sizes.length; cluster++) {
      left.sizes[cluster]! += right.sizes[cluster]!;
      left.squaredDistances[cluster]! += right.squaredDistances[cluster]!;
    }
    return left;
  },
};
