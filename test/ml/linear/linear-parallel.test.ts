/** The linear family on worker threads: the same bits for this thread, one thread and two. */
import { afterAll, expect, test } from 'vitest';
import { Log, Random } from '../../../src/core/index.ts';
import { encodeArtifact } from '../../../src/ml/artifact-codec.ts';
import type { Estimator } from '../../../src/ml/estimator.ts';
import { linearRegression } from '../../../src/ml/linear/linear-regression.ts';
import { logisticRegression } from '../../../src/ml/linear/logistic-regression.ts';
import type { OptionLiteral } from '../../../src/ml/option.ts';
import { createWorkerPool } from '../../../src/ml/parallel/worker-pool.ts';
import { trainRows, type OpenTraining, type TestRows } from '../../support/train-rows.ts';

const pools = [1, 2].map((threads) =>
  createWorkerPool({ threads, memoryBytes: 256 * 1024 * 1024, log: new Log('silent') }),
);
afterAll(() => Promise.all(pools.map((pool) => pool.close())));

const random = new Random(11);
const rowCount = 4096 * 3 + 17;
const draw = <T>(make: () => T): T[] => Array.from({ length: rowCount }, make);
const columns: TestRows['columns'] = [
  { name: 'x', kind: 'number', values: draw(() => (random.below(20) === 0 ? null : random.normal() * 50)) },
  { name: 'c', kind: 'text', values: draw(() => 'abcdefg'[random.below(8)] ?? null) },
  { name: 'z', kind: 'number', values: draw(() => random.uniform()) },
  { name: 'at', kind: 'timestamp', values: draw(() => random.below(2_000_000_000)) },
];

const dummy = { CALCULATE_P_VALUES: true, CATEGORY_ENCODING_METHOD: 'DUMMY_ENCODING' };
const cases: [string, Estimator, number, Record<string, OptionLiteral>][] = [
  ['closed form', linearRegression, 0, dummy],
  ['lasso', linearRegression, 0, { L1_REG: 0.01 }],
  ['two classes', logisticRegression, 2, dummy],
  ['softmax', logisticRegression, 3, { LEARN_RATE_STRATEGY: 'LINE_SEARCH' }],
];

test.each(cases)('%s', async (_, estimator, classCount, options) => {
  const label = draw(() => (classCount === 0 ? random.normal() * 9 : random.below(classCount)));
  const rows = { columns, label };
  const bytes: Buffer[] = [];
  for (const open of [
    undefined,
    ...pools.map(
      (pool): OpenTraining =>
        (request) =>
          pool.openTraining(request),
    ),
  ]) {
    const more = { classCount, evaluation: rows, ...(open === undefined ? {} : { open }) };
    const { model } = await trainRows(estimator, rows, options, more);
    bytes.push(Buffer.from(encodeArtifact(model.toArtifact())));
  }
  expect(bytes).toHaveLength(3);
  expect(bytes[1]!.equals(bytes[0]!)).toBe(true);
  expect(bytes[2]!.equals(bytes[0]!)).toBe(true);
});
