/** Model artifacts survive being bytes, and bytes that are no artifact are refused. */
import { tableFromIPC, tableToIPC } from 'apache-arrow';
import { describe, expect, test } from 'vitest';
import type { ModelArtifact, Tensor } from '../../src/ml/artifact.ts';
import { decodeArtifact, encodeArtifact } from '../../src/ml/artifact-codec.ts';
import { float64Tensor } from '../../src/ml/artifact-tensor.ts';

const tensors: Tensor[] = [
  { name: 'weights', shape: [2, 3], data: Float64Array.of(1, -0, Math.PI, Number.NaN, Infinity, 5e-324) },
  { name: 'odd', shape: [3], data: Uint8Array.of(0, 255, 7) },
  { name: 'codes', shape: [2], data: Int32Array.of(-1, 2_147_483_647) },
  { name: 'half', shape: [1, 1], data: Float32Array.of(0.5) },
  { name: 'bins', shape: [2], data: Uint16Array.of(1, 65_535) },
  { name: 'none', shape: [0, 4], data: new Float64Array(0) },
];
const artifact: ModelArtifact = {
  modelType: 'LINEAR_REG',
  header: { outputs: 1, names: ['ä', "'"] },
  tensors,
};

/** The artifact's bytes with other metadata. */
function withMetadata(change: (metadata: Map<string, string>) => void): Uint8Array {
  const table = tableFromIPC(encodeArtifact(artifact));
  change(table.schema.metadata);
  return tableToIPC(table, 'stream');
}

function stateOf(bytes: Uint8Array): string {
  try {
    decodeArtifact(bytes);
  } catch (error) {
    return (error as { state: string }).state;
  }
  return 'decoded';
}

describe('artifact codec', () => {
  test('gives back every kind of tensor, to the bit', () => {
    expect(decodeArtifact(encodeArtifact(artifact))).toEqual(artifact);
  });

  test('gives back an artifact without tensors', () => {
    const empty = { ...artifact, tensors: [] };
    expect(decodeArtifact(encodeArtifact(empty))).toEqual(empty);
  });

  test('takes bytes at any offset of a buffer', () => {
    const bytes = encodeArtifact(artifact);
    const shifted = new Uint8Array(bytes.length + 3).subarray(3);
    shifted.set(bytes);
    expect(decodeArtifact(shifted)).toEqual(artifact);
  });

  test('refuses a newer format by name, and foreign tables', () => {
    expect(stateOf(withMetadata((metadata) => metadata.set('augur.format', '2')))).toBe('0A000');
    expect(stateOf(withMetadata((metadata) => metadata.delete('augur.format')))).toBe('XX001');
    expect(stateOf(withMetadata((metadata) => metadata.delete('augur.model')))).toBe('XX001');
    expect(stateOf(withMetadata((metadata) => metadata.set('augur.header', '{')))).toBe('XX001');
    expect(stateOf(withMetadata((metadata) => metadata.set('augur.header', '3')))).toBe('XX001');
  });

  test('refuses bytes cut short anywhere, and bytes that are none', () => {
    const bytes = encodeArtifact(artifact);
    expect(stateOf(new Uint8Array(0))).toBe('XX001');
    expect(stateOf(new TextEncoder().encode('not an artifact at all'))).toBe('XX001');
    for (let length = 1; length < bytes.length - 8; length += 37) {
      expect([length, stateOf(bytes.slice(0, length))]).toEqual([length, 'XX001']);
    }
  });

  test('refuses a tensor whose size is not its shape', () => {
    const wrong = { ...artifact, tensors: [{ name: 'w', shape: [3], data: Float64Array.of(1, 2) }] };
    expect(stateOf(encodeArtifact(wrong))).toBe('XX001');
  });

  test('finds a tensor by name and shape', () => {
    expect(float64Tensor(artifact, 'weights', [2, -1]).data).toBe(tensors[0]!.data);
    expect(() => float64Tensor(artifact, 'weights', [3, 2])).toThrow(
      'tensor weights is not what its model needs',
    );
    expect(() => float64Tensor(artifact, 'codes', [2])).toThrow('tensor codes is not what its model needs');
    expect(() => float64Tensor(artifact, 'gone', [1])).toThrow('tensor gone is missing');
  });
});
