/** A fitted k-means model: centroids, and the radius and size of each cluster. */
import { assert } from '../../core/index.ts';
import type { ModelArtifact, Tensor } from '../artifact.ts';
import type { FeatureEncoder } from '../encode/feature-encoder.ts';
import type { ClusterFacts, Model, ModelTable, ModelTableRequest } from '../estimator.ts';
import type { CentroidSet, DistanceType } from '../kernel/distance-kernel.ts';
import { centroidSet, scalarDistanceOperations } from '../kernel/scalar-distance-kernel.ts';
import type { EncodedRows } from '../layout.ts';
import { centroidDistanceTable } from './centroid-distances.ts';
import { centroidTable } from './centroid-table.ts';
import { zeroRowError } from './kmeans-passes.ts';

/** What a fit hands over. */
export interface KMeansParameters {
  /** What distances are measured to. */
  readonly centroids: CentroidSet;
  /**
   * Mean of each cluster's rows; the centroids themselves, except under COSINE, where these are mean
   * directions.
   */
  readonly means: Float64Array;
  /**
   * Root mean square distance of each cluster's rows to the centroid, in model space; 0 for an empty cluster.
   */
  readonly radii: readonly number[];
  readonly sizes: readonly number[];
}

/** Small facts in the artifact's header. */
interface KMeansHeader {
  readonly distanceType: DistanceType;
  readonly width: number;
  readonly numericWidth: number;
  readonly radii: readonly number[];
  readonly sizes: readonly number[];
}

export class KMeansModel implements Model {
  readonly modelType = 'KMEANS';
  readonly task = 'clustering';
  readonly centroids: CentroidSet;
  readonly means: Float64Array;
  readonly radii: readonly number[];
  readonly sizes: readonly number[];

  constructor(parameters: KMeansParameters) {
    this.centroids = parameters.centroids;
    this.means = parameters.means;
    this.radii = parameters.radii;
    this.sizes = parameters.sizes;
  }

  /** Measured by the last assignment, which was to these very centroids. */
  get trainingClusters(): readonly ClusterFacts[] {
    return this.radii.map((radius, cluster) => ({ radius, size: this.sizes[cluster]! }));
  }

  get scoreWidth(): number {
    return this.centroids.count;
  }

  score(rows: EncodedRows, output: Float64Array): void {
    assert(rows.layout.width === this.centroids.width, 'rows are encoded as the model was fitted');
    scalarDistanceOperations.squaredDistances(rows, 0, rows.rowCount, this.centroids, output);
    for (let index = 0; index < rows.rowCount * this.centroids.count; index++) {
      const squared = output[index]!;
      if (Number.isNaN(squared) && this.centroids.distanceType === 'COSINE') throw zeroRowError();
      output[index] = Math.sqrt(squared);
    }
  }

  table(request: ModelTableRequest, encoder: FeatureEncoder): ModelTable | undefined {
    if (request.name === 'centroid_distances') return centroidDistanceTable(this.centroids);
    if (request.name !== 'centroids') return undefined;
    return centroidTable(this.means, encoder, request.standardize);
  }

  toArtifact(): ModelArtifact {
    const { distanceType, width, numericWidth, count, values } = this.centroids;
    const header: KMeansHeader = { distanceType, width, numericWidth, radii: this.radii, sizes: this.sizes };
    const tensors: Tensor[] = [{ name: 'centroids', shape: [count, width], data: values }];
    if (distanceType === 'COSINE') tensors.push({ name: 'means', shape: [count, width], data: this.means });
    return { modelType: this.modelType, header: { ...header }, tensors };
  }

  /** The model of an artifact. */
  static fromArtifact(artifact: ModelArtifact): KMeansModel {
    const header = artifact.header as unknown as KMeansHeader;
    const tensor = (name: string): Float64Array | undefined =>
      artifact.tensors.find((candidate) => candidate.name === name)?.data as Float64Array | undefined;
    const values = tensor('centroids');
    assert(values !== undefined, 'a k-means artifact has centroids');
    return new KMeansModel({
      centroids: centroidSet(header.distanceType, values, header.width, header.numericWidth),
      means: tensor('means') ?? values,
      radii: header.radii,
      sizes: header.sizes,
    });
  }
}
