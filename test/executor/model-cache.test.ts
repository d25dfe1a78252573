/** Models in memory: the least recently used go, unless a view or a running statement scores with them. */
import { beforeAll, expect, test } from 'vitest';
import { ModelCache } from '../../src/executor/index.ts';
import { findEstimator } from '../../src/ml/index.ts';
import { fitModel, type Fitted } from '../support/fit-model.ts';
import { sampleModel } from '../support/sample-model.ts';

/** More models than the cache keeps. */
const MANY = 100;

let fitted: Fitted;
beforeAll(async () => {
  const values = Float64Array.from({ length: 20 }, (_, row) => row);
  fitted = await fitModel(findEstimator('LINEAR_REG')!, {
    inputs: [{ name: 'x', kind: 'number' }],
    rows: { rowCount: 20, columns: [{ kind: 'number', values }] },
    labels: values.map((value) => 2 * value + 1),
    classCount: 0,
  });
});

function add(cache: ModelCache, first: number, count: number): void {
  for (let version = first; version < first + count; version++) {
    cache.add({ entry: sampleModel('public', 'm', version), model: fitted.model, encoder: fitted.encoder });
  }
}

function score(cache: ModelCache, version: number): number {
  const { scores } = cache.score({
    versionId: sampleModel('public', 'm', version).versionId,
    rowCount: 1,
    numbers: Float64Array.of(10),
    numberCount: 1,
    texts: { values: [], nulls: undefined },
    textCount: 0,
    numberLists: [],
    numberListCount: 0,
    textLists: [],
    textListCount: 0,
  });
  return Math.round(scores[0]! * 1e6) / 1e6;
}

const versionId = (version: number): string => sampleModel('public', 'm', version).versionId;

test('the oldest go when there are too many', () => {
  const cache = new ModelCache();
  add(cache, 1, MANY);
  expect(score(cache, MANY)).toBe(21);
  expect(() => score(cache, 1)).toThrow('is not in memory');
});

test('a pinned one stays', () => {
  const cache = new ModelCache();
  add(cache, 1, 1);
  cache.pin(versionId(1));
  add(cache, 2, MANY);
  expect(score(cache, 1)).toBe(21);
});

test('a held one stays until everybody has let go of it', () => {
  const cache = new ModelCache();
  add(cache, 1, 1);
  const [first, second] = [cache.keep(versionId(1)), cache.keep(versionId(1))];
  add(cache, 2, MANY);
  first();
  first();
  add(cache, MANY + 2, MANY);
  expect(score(cache, 1)).toBe(21);
  second();
  add(cache, 2 * MANY + 2, MANY);
  expect(() => score(cache, 1)).toThrow('is not in memory');
});
