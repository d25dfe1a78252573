/** Every registered model type learns the same bits serially and on any number of threads. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Log } from '../../src/core/index.ts';
import {
  createWorkerPool,
  encodeArtifact,
  estimators,
  findPass,
  type WorkerPool,
} from '../../src/ml/index.ts';
import { fitModel, type Fitted } from '../support/fit-model.ts';
import { contractTable, quickOptions } from './contract-data.ts';

const threadCounts = [1, 2, 4];
const pools = new Map<number, WorkerPool>();

beforeAll(() => {
  for (const threads of threadCounts) {
    pools.set(threads, createWorkerPool({ threads, memoryBytes: 256 * 2 ** 20, log: new Log('silent') }));
  }
});

afterAll(async () => {
  await Promise.all([...pools.values()].map((pool) => pool.close()));
});

/** Everything that a training keeps, times aside. */
function kept({ model, encoder, reports, judgement }: Fitted): unknown {
  return {
    judgement,
    artifact: Buffer.from(encodeArtifact(model.toArtifact())).toString('base64'),
    encoder: encoder.toJson(),
    losses: reports.map(({ iteration, loss, evaluationLoss }) => ({ iteration, loss, evaluationLoss })),
  };
}

test('there are estimators to check', () => {
  expect(estimators.length).toBeGreaterThanOrEqual(5);
});

describe.each(estimators.map((estimator) => [estimator.modelType, estimator] as const))(
  '%s',
  (_, estimator) => {
    // Five partitions, so that the merge tree is lopsided.
    const table = contractTable(estimator.task, { rowCount: 20_001 });
    let serial: unknown;

    beforeAll(async () => {
      serial = kept(await fitModel(estimator, table, { options: quickOptions(estimator) }));
    });

    test.each(threadCounts)('learns and judges the same bits on %i threads as serially', async (threads) => {
      const pool = pools.get(threads)!;
      const fitted = await fitModel(estimator, table, {
        options: quickOptions(estimator),
        open: (request) => pool.openTraining(request),
      });
      expect(kept(fitted)).toEqual(serial);
      expect(pool.freeBytes).toBe(256 * 2 ** 20);
    });

    test('names its passes family.verb, and workers find them', () => {
      for (const pass of estimator.passes) {
        expect(pass.name).toMatch(/^[a-z][\w-]*\.[a-z][\w-]*$/);
        expect(findPass(pass.name)).toBe(pass);
      }
    });
  },
);

test('no two passes share a name', () => {
  const names = new Map(estimators.flatMap((estimator) => estimator.passes).map((pass) => [pass.name, pass]));
  for (const estimator of estimators) {
    for (const pass of estimator.passes) expect(names.get(pass.name), pass.name).toBe(pass);
  }
});
