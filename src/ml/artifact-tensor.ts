/** Tensors of an artifact, checked; apart from the codec, which threads have no use for and which takes long to load. */
import { engineError, SqlState, type EngineError } from '../core/index.ts';
import type { ModelArtifact, Tensor } from './artifact.ts';

/** What damaged bytes throw: XX001. */
export function damagedArtifact(reason: string, cause?: unknown): EngineError {
  return engineError(SqlState.dataCorrupted, `model artifact is damaged: ${reason}`, { cause });
}

/** A tensor of a decoded artifact, checked: float64 data of `shape` (-1: any extent). Fails with XX001. */
export function float64Tensor(
  artifact: ModelArtifact,
  name: string,
  shape: readonly number[],
): Tensor & { readonly data: Float64Array } {
  const tensor = artifact.tensors.find((candidate) => candidate.name === name);
  if (tensor === undefined) throw damagedArtifact(`tensor ${name} is missing`);
  const fits =
    tensor.shape.length === shape.length &&
    shape.every((extent, axis) => extent === -1 || extent === tensor.shape[axis]);
  if (!fits || !(tensor.data instanceof Float64Array))
    throw damagedArtifact(`tensor ${name} is not what its model needs`);
  return { ...tensor, data: tensor.data };
}
