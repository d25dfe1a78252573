/** Bins of encoded columns: missing values, missing codes, and categories of more codes than a byte holds. */
import { expect, test } from 'vitest';
import { openSerialTraining } from '../../../src/ml/parallel/serial-training.ts';
import { scalarKernel } from '../../../src/ml/kernel/scalar-kernel.ts';
import { restoreModel } from '../../../src/ml/registry.ts';
import {
  BIN_COLUMN_WORKSPACE,
  BIN_WORKSPACE,
  binColumnCount,
  learnBins,
  writeBins,
} from '../../../src/ml/tree/bin-mapper.ts';
import { encodedRows, sampleLayoutOf } from './fit.ts';

const sample = {
  numbers: [[1], [NaN], [3], [2]],
  codes: [[0], [254], [255], [-1]],
  cardinalities: [600],
  label: [0, 0, 0, 0],
};

test('numbers and codes become bytes, row by row', async () => {
  const layout = sampleLayoutOf(sample);
  const training = openSerialTraining({
    layout,
    trainingRowCount: 4,
    evaluationRowCount: 0,
    hasLabel: true,
    classCount: 0,
    classRowCounts: [],
    signal: new AbortController().signal,
    workspaceBytes: 4 * (2 * 4 + 16),
  });
  const rows = encodedRows(sample, layout);
  training.memory.write('training', 0, rows, Float64Array.from(sample.label), undefined);
  const request = { numericBins: 255, categoryOrder: () => 'single' as const, outputs: 1 };
  const mapper = await learnBins(training.aggregator, training.dataset, request, ['training']);
  expect(mapper.columns.map((column) => [column.kind, column.firstCode, column.binCount])).toEqual([
    ['numeric', 0, 3],
    ['category', 0, 255],
    ['category', 255, 255],
    ['category', 510, 90],
  ]);
  expect([...mapper.binStart]).toEqual([0, 4, 260, 516, 607]);
  expect(mapper.columns.length).toBeLessThanOrEqual(binColumnCount(1, 1, layout.width));
  const bins = training.memory.partitions('training')[0]!.workspace(BIN_WORKSPACE);
  expect([...bins]).toEqual([0, 0, 255, 90, 3, 254, 255, 90, 2, 255, 0, 90, 1, 255, 255, 90]);
  const again = new Uint8Array(16);
  writeBins(rows, mapper.columns, again, {
    kernel: scalarKernel,
    restore: restoreModel,
    area: () => new Uint8Array(0),
    checkpoint: () => undefined,
  });
  const columns = training.memory.partitions('training')[0]!.workspace(BIN_COLUMN_WORKSPACE);
  expect(again).toEqual(new Uint8Array(columns));
  expect([...again.subarray(0, 4)]).toEqual([0, 3, 2, 1]);
});

test('a table without any column has one bin for all rows', async () => {
  const layout = { numericWidth: 0, categories: [], width: 0 };
  const training = openSerialTraining({
    layout,
    trainingRowCount: 3,
    evaluationRowCount: 0,
    hasLabel: true,
    classCount: 0,
    classRowCounts: [],
    signal: new AbortController().signal,
    workspaceBytes: 3 * (2 + 16),
  });
  const request = { numericBins: 32, categoryOrder: () => 'outcome' as const, outputs: 1 };
  const mapper = await learnBins(training.aggregator, training.dataset, request, ['training']);
  expect([...mapper.binStart]).toEqual([0, 2]);
  expect([...training.memory.partitions('training')[0]!.workspace(BIN_WORKSPACE)]).toEqual([0, 0, 0]);
});
