/** A model entry with every kind of value in it, for tests of whatever keeps or shows entries. */
import { type ModelEntry, artifactChecksum } from '../../src/catalog/index.ts';
import { Types, listOf } from '../../src/core/index.ts';

export const sampleArtifact: Uint8Array = Uint8Array.from({ length: 5000 }, (_, index) => (index * 31) & 255);

/** The entry of `schema.name`; its version id is made of the last argument. */
export function sampleModel(schemaName: string, name: string, version = 1): ModelEntry {
  return {
    schemaName,
    name,
    versionId: `00000000-0000-4000-8000-${String(version).padStart(12, '0')}`,
    versionNumber: version,
    modelType: 'LOGISTIC_REG',
    task: 'classification',
    createdAt: 1_700_000_000_123_456n,
    owner: 'ada',
    comment: "it's mine",
    labels: [
      ['team', 'core'],
      ['$stage', 'test'],
    ],
    options: {
      l2_reg: 0.5,
      max_iterations: 20n,
      early_stop: true,
      classes: ['a', 'b'],
      tolerance: -0,
      limit: Infinity,
    },
    writtenOptions: ['l2_reg'],
    statementText: 'CREATE MODEL m OPTIONS(l2_reg = 0.5) AS SELECT 1',
    features: [
      { name: 'x', type: Types.float8 },
      { name: 'words', type: listOf(Types.text) },
      { name: 'price', type: { kind: 'numeric', precision: 10, scale: 2 } },
    ],
    label: { name: 'y', type: Types.int8, classes: [1n, 2n, 9007199254740993n] },
    trainingRowCount: 80,
    evaluationRowCount: 20,
    encoder: { columns: [{ mean: Number.NaN, $scale: 1e-300 }], bytes: Uint8Array.of(1, 2, 3) },
    tables: {
      evaluate: {
        schema: [
          { name: 'precision', type: Types.float8 },
          { name: 'threshold', type: Types.text },
        ],
        rows: [
          [0.75, '0.5'],
          [Number.NaN, null],
        ],
      },
    },
    artifactBytes: sampleArtifact.length,
    artifactChecksum: artifactChecksum(sampleArtifact),
  };
}
