/**
 * What every registered estimator owes: a valid model or a clear error on any data, the same model for the
 * same seed, and an end within 200 ms of a cancellation.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EngineError, Log } from '../../src/core/index.ts';
import {
  createWorkerPool,
  encodeArtifact,
  estimators,
  type Estimator,
  type WorkerPool,
} from '../../src/ml/index.ts';
import { fitModel, scoreRows, type Fitted, type RawTable } from '../support/fit-model.ts';
import { contractTable, endlessOptions, quickOptions, type TableShape } from './contract-data.ts';

let pool: WorkerPool;

beforeAll(() => {
  pool = createWorkerPool({ threads: 2, memoryBytes: 512 * 2 ** 20, log: new Log('silent') });
});

afterAll(() => pool.close());

/** Scores are finite and of the right shape: probabilities sum to 1, distances are not negative. */
function expectValid(estimator: Estimator, fitted: Fitted, table: RawTable): void {
  const { scoreWidth } = fitted.model;
  expect(scoreWidth).toBeGreaterThanOrEqual(1);
  if (estimator.task === 'regression') expect(scoreWidth).toBe(1);
  if (estimator.task === 'classification') expect(scoreWidth).toBe(table.classCount);
  const scores = scoreRows(fitted, table.rows);
  expect(scores.every(Number.isFinite)).toBe(true);
  if (estimator.task !== 'regression') expect(Math.min(0, ...scores)).toBe(0);
  if (estimator.task !== 'classification') return;
  for (let row = 0; row < table.rows.rowCount; row++) {
    const sum = scores
      .subarray(row * scoreWidth, (row + 1) * scoreWidth)
      .reduce((total, score) => total + score, 0);
    expect(sum).toBeCloseTo(1, 9);
  }
}

/** A valid model, or an error that is the user's to read. Returns the error's message. */
async function modelOrError(estimator: Estimator, shape: TableShape): Promise<string | undefined> {
  const table = contractTable(estimator.task, shape);
  try {
    expectValid(estimator, await fitModel(estimator, table, { options: quickOptions(estimator) }), table);
    return undefined;
  } catch (thrown) {
    if (!(thrown instanceof EngineError)) throw thrown;
    expect(thrown.state, thrown.message).toMatch(/^(22|53|54|0A)/);
    expect(thrown.message.length).toBeGreaterThan(20);
    return thrown.message;
  }
}

test('there are estimators to check', () => {
  expect(estimators.length).toBeGreaterThanOrEqual(5);
});

describe.each(estimators.map((estimator) => [estimator.modelType, estimator] as const))(
  '%s',
  (_, estimator) => {
    test('learns from ordinary data, and reports its iterations in order', async () => {
      const table = contractTable(estimator.task, { rowCount: 800 });
      const fitted = await fitModel(estimator, table, { options: quickOptions(estimator) });
      expectValid(estimator, fitted, table);
      expect(fitted.reports.length).toBeGreaterThan(0);
      const iterations = fitted.reports.map((report) => report.iteration);
      expect(iterations).toEqual(iterations.map((_iteration, index) => iterations[0]! + index));
      expect(fitted.reports.every((report) => Number.isFinite(report.loss) && report.durationMs >= 0)).toBe(
        true,
      );
    });

    test('learns the same bits again for the same seed', async () => {
      const table = contractTable(estimator.task, { rowCount: 700 });
      const settings = { options: quickOptions(estimator), seed: 5 };
      const bytes = async (): Promise<string> =>
        Buffer.from(encodeArtifact((await fitModel(estimator, table, settings)).model.toArtifact())).toString(
          'base64',
        );
      expect(await bytes()).toBe(await bytes());
    });

    test('learns with its default options', async () => {
      const table = contractTable(estimator.task, { rowCount: 300 });
      expectValid(estimator, await fitModel(estimator, table), table);
    });

    test.each([
      ['one row', { rowCount: 1, classCount: 1 }],
      ['two rows', { rowCount: 2, classCount: 2 }],
      ['constant columns', { rowCount: 200, fill: { number: 7, text: 'amber' } }],
      ['columns that are missing everywhere', { rowCount: 200, fill: { number: Number.NaN, text: null } }],
      ['numbers only', { rowCount: 200, textCount: 0 }],
      ['texts only', { rowCount: 200, numericCount: 0 }],
      ['1,000 columns and few rows', { rowCount: 60, numericCount: 1000, textCount: 0 }],
      ['no columns', { rowCount: 50, numericCount: 0, textCount: 0 }],
      ['enormous numbers', { rowCount: 100, fill: { number: 1e300, text: 'amber' } }],
    ] as const)('makes a valid model or says why not: %s', async (_name, shape) => {
      await modelOrError(estimator, shape);
    });

    test('says that it needs rows', async () => {
      expect(await modelOrError(estimator, { rowCount: 0 })).toBe('there are no training rows');
    });

    if (estimator.task === 'classification') {
      test('takes a single class, or says that it needs two', async () => {
        const message = await modelOrError(estimator, { rowCount: 100, classCount: 1 });
        if (message !== undefined) expect(message).toMatch(/class/);
      });

      test('takes two classes and five', async () => {
        expect(await modelOrError(estimator, { rowCount: 400, classCount: 2 })).toBeUndefined();
        expect(await modelOrError(estimator, { rowCount: 400, classCount: 5 })).toBeUndefined();
      });
    }

    if (estimator.task === 'clustering') {
      test('learns without a label', async () => {
        expect(contractTable(estimator.task, { rowCount: 50 }).labels).toBeUndefined();
        expect(await modelOrError(estimator, { rowCount: 50 })).toBeUndefined();
      });
    }

    test('says beforehand how much memory it needs, and gives it back', async () => {
      const table = contractTable(estimator.task, { rowCount: 3_000 });
      const fitted = await fitModel(estimator, table, {
        options: quickOptions(estimator),
        open: (request) => pool.openTraining(request),
      });
      expectValid(estimator, fitted, table);
      expect(pool.freeBytes).toBe(512 * 2 ** 20);
    });

    test('ends within 200 ms of a cancellation', async () => {
      const table = contractTable(estimator.task, { rowCount: 40_000 });
      const controller = new AbortController();
      let abortedAt = Number.POSITIVE_INFINITY;
      const training = fitModel(estimator, table, {
        options: endlessOptions(estimator),
        open: (request) => {
          setTimeout(() => {
            abortedAt = performance.now();
            controller.abort();
          }, 40);
          return pool.openTraining(request);
        },
        signal: controller.signal,
      });
      await expect(training).rejects.toMatchObject({ state: '57014' });
      expect(performance.now() - abortedAt).toBeLessThan(200);
      expect(pool.freeBytes).toBe(512 * 2 ** 20);
    });
  },
);
