/** Every loss's gradient is the derivative of its value, over mixed layouts and several partitions. */
import { expect, test } from 'vitest';
import { Random } from '../../../src/core/index.ts';
import { logisticLossPass } from '../../../src/ml/loss/logistic-loss.ts';
import type { LossPass } from '../../../src/ml/loss/loss-pass.ts';
import { softmaxLossPass } from '../../../src/ml/loss/softmax-loss.ts';
import { squaredLossPass } from '../../../src/ml/loss/squared-loss.ts';
import { LinearObjective } from '../../../src/ml/linear/linear-objective.ts';
import { encodeRows, type TestRows } from '../../support/train-rows.ts';

const random = new Random(7);
const rowCount = 4096 * 2 + 5;
const draw = <T>(make: () => T): T[] => Array.from({ length: rowCount }, make);

function rowsWith(label: () => number): TestRows {
  return {
    columns: [
      { name: 'x', kind: 'number', values: draw(() => (random.below(9) === 0 ? null : random.normal())) },
      { name: 'c', kind: 'text', values: draw(() => 'abc'[random.below(4)] ?? null) },
      { name: 'z', kind: 'number', values: draw(() => random.normal() * 3 + 1) },
      { name: 'd', kind: 'text', values: draw(() => 'pq'[random.below(2)]!) },
    ],
    label: draw(label),
    weight: draw(() => 0.5 + random.uniform()),
  };
}

const request = { numeric: 'standardize', category: 'indicator', timestamp: 'expand' } as const;

const cases: [string, LossPass, number, number, () => number, number][] = [
  ['squared', squaredLossPass, 1, 0.5, () => random.normal() * 4, 0],
  ['logistic', logisticLossPass, 1, 1, () => random.below(2), 2],
  ['softmax', softmaxLossPass, 3, 1, () => random.below(3), 3],
];

test.each(cases)('%s', async (_, pass, outputs, lossFactor, label, classCount) => {
  const { dataset, aggregator } = await encodeRows(rowsWith(label), request, classCount);
  expect(dataset.partitionCount).toBe(3);
  const stride = dataset.layout.width + 1;
  for (const origin of [undefined, Float64Array.of(0.3, -0.2)]) {
    const settings = { aggregator, pass, outputs, stride, lossFactor, l1: 0, l2: 0.3, origin };
    const objective = new LinearObjective(settings);
    const point = Float64Array.from({ length: outputs * stride }, () => random.normal() * 0.5);
    const { gradient, value } = await objective.evaluate(point);
    expect(await objective.value(point)).toBe(value);
    const step = 1e-5;
    for (let place = 0; place < point.length; place++) {
      const shifted = (by: number): Float64Array =>
        point.map((one, index) => (index === place ? one + by : one));
      const slope =
        ((await objective.value(shifted(step))) - (await objective.value(shifted(-step)))) / (2 * step);
      expect([place, Math.abs(gradient[place]! - slope) < 1e-7]).toEqual([place, true]);
    }
  }
});

test('rows without any weight cannot be learned from', async () => {
  const rows = {
    columns: [{ name: 'x', kind: 'number', values: [1, 2] }],
    label: [1, 2],
    weight: [0, 0],
  } as const;
  const { aggregator } = await encodeRows(rows, request);
  const settings = { aggregator, pass: squaredLossPass, outputs: 1, stride: 2, lossFactor: 1, l1: 0, l2: 0 };
  const objective = new LinearObjective({ ...settings, origin: undefined });
  await expect(objective.evaluate(new Float64Array(2))).rejects.toMatchObject({ state: '22000' });
});
