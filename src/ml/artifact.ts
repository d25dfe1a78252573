/**
 * A model as bytes: an Apache Arrow IPC stream of named tensors, the header in the schema's metadata.
 *
 *   schema metadata  augur.format   version of this layout, an integer
 *                    augur.model    model type
 *                    augur.header   JSON: whatever small facts the model needs beside its tensors
 *   record batch     one row a tensor: name utf8, kind utf8, shape list<int32>, data binary (little-endian)
 *
 * Readers accept every earlier format version; test/fixtures keeps one artifact of each. The checksum is the
 * catalog's.
 */

export const ARTIFACT_FORMAT = 1;

/** Typed arrays a tensor may hold. */
export type TensorData = Float64Array | Float32Array | Int32Array | Uint8Array | Uint16Array;

export interface Tensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: TensorData;
}

/** A model's facts and numbers, before or after being bytes. */
export interface ModelArtifact {
  readonly modelType: string;
  /** JSON values only. */
  readonly header: Readonly<Record<string, unknown>>;
  readonly tensors: readonly Tensor[];
}
