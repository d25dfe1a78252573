/**
 * Models of earlier versions stay readable: each fixture is a model's artifact, its encoder, some rows and the
 * scores it gave when it was written (test/fixtures/model-<type>-<format>.json, bytes in base64). With
 * AUGUR_FIXTURE_WRITE=1 the fixtures that a model type still lacks in the present format are written; existing ones
 * are never touched.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ARTIFACT_FORMAT } from '../../src/ml/artifact.ts';
import { decodeArtifact, encodeArtifact } from '../../src/ml/artifact-codec.ts';
import type { Estimator } from '../../src/ml/estimator.ts';
import { restoreEncoder } from '../../src/ml/encode/learned-encoder.ts';
import { estimators, findEstimator } from '../../src/ml/registry.ts';
import { quickOptions } from '../contract/contract-data.ts';
import { fitModel, scoreRows } from '../support/fit-model.ts';
import { completePenguins, penguinColumns } from '../support/penguins.ts';
import { rawRows, type TestColumn } from '../support/train-rows.ts';

interface Fixture {
  readonly modelType: string;
  readonly artifact: string;
  readonly encoder: unknown;
  readonly columns: readonly TestColumn[];
  readonly scores: readonly number[];
}

const folder = new URL('../fixtures/', import.meta.url);
const fixtureFiles = (): string[] => readdirSync(folder).filter((name) => /^model-.*-\d+\.json$/.test(name));
const fileOf = (estimator: Estimator): string =>
  `model-${estimator.modelType.toLowerCase()}-${ARTIFACT_FORMAT}.json`;

/** Every fourth penguin, its species or mass as the label. */
async function writeFixture(estimator: Estimator): Promise<void> {
  const rows = completePenguins().filter((_, index) => index % 4 === 0);
  const species = [...new Set(rows.map((row) => row.Species))].toSorted();
  const label = {
    classification: rows.map((row) => species.indexOf(row.Species)),
    regression: rows.map((row) => row['Body Mass (g)']!),
    clustering: [],
  }[estimator.task];
  const without = estimator.task === 'regression' ? 'Body Mass (g)' : 'Species';
  const columns = penguinColumns(rows, without);
  const classCount = estimator.task === 'classification' ? species.length : 0;
  const labels = estimator.task === 'clustering' ? undefined : Float64Array.from(label);
  const inputs = columns.map(({ name, kind }) => ({ name, kind }));
  const table = { inputs, rows: rawRows(columns), labels, classCount };
  const fitted = await fitModel(estimator, table, { options: quickOptions(estimator) });
  const some = columns.map((column) => ({ ...column, values: [...column.values.slice(0, 9), null] }));
  const fixture: Fixture = {
    modelType: estimator.modelType,
    artifact: Buffer.from(encodeArtifact(fitted.model.toArtifact())).toString('base64'),
    encoder: fitted.encoder.toJson(),
    columns: some,
    scores: [...scoreRows(fitted, rawRows(some))],
  };
  writeFileSync(new URL(fileOf(estimator), folder), `${JSON.stringify(fixture, null, 1)}\n`);
}

if (process.env['AUGUR_FIXTURE_WRITE'] === '1') {
  const lacking = estimators.filter((estimator) => !fixtureFiles().includes(fileOf(estimator)));
  for (const estimator of lacking) await writeFixture(estimator);
}

const files = fixtureFiles();

test('every model type has a fixture in the present format', () => {
  expect(files).toEqual(expect.arrayContaining(estimators.map(fileOf)));
});

describe.each(files)('%s', (file) => {
  const fixture = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Fixture;

  test('scores as it did', () => {
    const artifact = decodeArtifact(new Uint8Array(Buffer.from(fixture.artifact, 'base64')));
    expect(artifact.modelType).toBe(fixture.modelType);
    const model = findEstimator(fixture.modelType)!.restore(artifact);
    const rows = restoreEncoder(fixture.encoder).encode(rawRows(fixture.columns));
    const scores = new Float64Array(rows.rowCount * model.scoreWidth);
    model.score(rows, scores);
    // Exponentials may differ in their last bit between machines.
    expect(scores.length).toBe(fixture.scores.length);
    scores.forEach((score, place) => {
      const expected = fixture.scores[place]!;
      expect(Math.abs(score - expected)).toBeLessThanOrEqual(1e-12 * Math.abs(expected));
    });
  });
});
