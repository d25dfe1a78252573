/**
 * Models of earlier versions stay readable: each fixture is a model's artifact, its encoder, some rows and the
 * scores it gave when it was written (test/fixtures/model-<type>-<format>.json, bytes in base64).
 */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { decodeArtifact } from '../../src/ml/artifact-codec.ts';
import { restoreEncoder } from '../../src/ml/encode/learned-encoder.ts';
import { findEstimator } from '../../src/ml/registry.ts';
import { rawRows, type TestColumn } from '../support/train-rows.ts';

interface Fixture {
  readonly modelType: string;
  readonly artifact: string;
  readonly encoder: unknown;
  readonly columns: readonly TestColumn[];
  readonly scores: readonly number[];
}

const folder = new URL('../fixtures/', import.meta.url);
const files = readdirSync(folder).filter((name) => /^model-.*-\d+\.json$/.test(name));

test('there are fixtures of the linear family in format 1', () => {
  expect(files).toEqual(expect.arrayContaining(['model-linear_reg-1.json', 'model-logistic_reg-1.json']));
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
    scores.forEach((score, place) => expect(score / fixture.scores[place]!).toBeCloseTo(1, 12));
  });
});
