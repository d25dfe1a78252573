/** Rows come back from the partitions as they were written, whatever the batches were. */
import { describe, expect, test } from 'vitest';
import { EngineError, SHARED_MEMORY_BYTES_MAX } from '../../../src/core/index.ts';
import { scalarColumnOperations } from '../../../src/ml/kernel/scalar-column-kernel.ts';
import { TrainingMemory } from '../../../src/ml/parallel/training-memory.ts';
import { stagedBlocks } from '../../../src/ml/staged-rows.ts';
import { rowSlice, sampleLayout, sampleRows } from './rows.ts';

const shape = { layout: sampleLayout, trainingRowCount: 10_001, evaluationRowCount: 5_000, hasLabel: true };

function filled(shared: boolean, batchRows: number): TrainingMemory {
  const memory = TrainingMemory.create(shape, 200_000, shared);
  for (const [split, count, seed] of [
    ['training', 10_001, 1],
    ['evaluation', 5_000, 2],
  ] as const) {
    const rows = sampleRows(sampleLayout, count, seed);
    for (let first = 0; first < count; first += batchRows) {
      const end = Math.min(count, first + batchRows);
      const labels = Float64Array.from({ length: end - first }, (_, row) => first + row);
      memory.write(
        split,
        first,
        rowSlice(rows, first, end),
        labels,
        labels.map((label) => label / 2),
      );
    }
  }
  return memory;
}

describe('TrainingMemory', () => {
  test.each([
    [true, 2048],
    [true, 20_000],
    [false, 777],
  ])('holds the rows of both splits in order (shared %s, batches of %i)', (shared, batchRows) => {
    const memory = filled(shared, batchRows);
    for (const [split, count, seed] of [
      ['training', 10_001, 1],
      ['evaluation', 5_000, 2],
    ] as const) {
      const partitions = memory.partitions(split);
      const expected = sampleRows(sampleLayout, count, seed);
      expect(partitions.flatMap((partition) => [...partition.numeric])).toEqual([...expected.numeric]);
      expect(partitions.flatMap((partition) => [...partition.codes])).toEqual([...expected.codes]);
      expect(partitions.flatMap((partition) => [...partition.label])).toEqual(
        Array.from({ length: count }, (_, row) => row),
      );
      expect(partitions.map((partition) => partition.firstRow)[0]).toBe(0);
      expect(partitions.at(-1)?.weight.at(-1)).toBe((count - 1) / 2);
    }
    expect(memory.partitions('training')).toHaveLength(3);
  });

  test('gives areas of bytes beside the rows, to whoever attaches, as far as there is room', () => {
    const memory = TrainingMemory.create(shape, 200_000, true);
    memory.allocate('before', 'uint8', 1);
    const area = memory.allocateArea('area', 1_001);
    memory.allocate('after', 'uint8', 1);
    for (const partition of memory.partitions('training')) {
      partition.workspace('before').fill(1);
      partition.workspace('after').fill(2);
    }
    expect(area.length).toBe(1_001);
    expect(area.every((byte) => byte === 0)).toBe(true);
    const other = new TrainingMemory(shape, memory.holder);
    other.adoptWorkspaces(memory.workspaces);
    other.area('area').fill(7);
    expect(area.every((byte) => byte === 7)).toBe(true);
    for (const partition of memory.partitions('training')) {
      expect([...new Set(partition.workspace('before'))]).toEqual([1]);
      expect([...new Set(partition.workspace('after'))]).toEqual([2]);
    }
    expect(memory.allocateArea('area', 1_001).every((byte) => byte === 0)).toBe(true);
    expect(() => memory.allocateArea('area', 1_000)).toThrow('keeps its size');
    expect(() => memory.allocateArea('large', memory.freeBytes + 1)).toThrow(EngineError);
  });

  test('holds staged rows column after column in blocks, until they are settled', () => {
    const memory = TrainingMemory.create(shape, 0, false);
    const width = sampleLayout.numericWidth;
    const rows = sampleRows(sampleLayout, 10_001, 1);
    for (let first = 0; first < 10_001; first += 900) {
      const { rowCount, numeric, codes } = rowSlice(rows, first, Math.min(10_001, first + 900));
      const columns = Array.from({ length: width }, (_, column) =>
        Float64Array.from({ length: rowCount }, (_value, row) => numeric[row * width + column]!),
      );
      const labels = new Float64Array(rowCount);
      memory.stage('training', first, { rowCount, numeric: columns, codes }, labels, undefined);
    }
    const partitions = memory.partitions('training');
    for (const { numeric, rowCount } of partitions) {
      for (const block of stagedBlocks(rowCount, width)) {
        const place = numeric.subarray(block.start, block.start + block.rowCount * width);
        scalarColumnOperations.settleRows(place, block.rowCount, width, undefined);
      }
    }
    expect(partitions.flatMap(({ numeric }) => [...numeric])).toEqual([...rows.numeric]);
    expect(partitions.flatMap(({ codes }) => [...codes])).toEqual([...rows.codes]);
  });

  test('weighs rows 1 unless weights are given', () => {
    const memory = TrainingMemory.create(
      { ...shape, trainingRowCount: 3, evaluationRowCount: 0, hasLabel: false },
      0,
      true,
    );
    memory.write('training', 0, sampleRows(sampleLayout, 3, 1), undefined, undefined);
    expect([...(memory.partitions('training')[0]?.weight ?? [])]).toEqual([1, 1, 1]);
    expect(memory.partitions('training')[0]?.label).toHaveLength(0);
    expect(memory.partitions('evaluation').map((partition) => partition.rowCount)).toEqual([0]);
  });

  test('shows one workspace to every view of the same bytes, zeroed on each allocation', () => {
    const memory = filled(true, 2048);
    memory.allocate('margin', 'float64', 1);
    const other = new TrainingMemory(shape, memory.holder);
    other.adoptWorkspaces(memory.workspaces);
    memory.partitions('training')[1]?.workspace('margin').fill(7);
    expect(
      other
        .partitions('training')[1]
        ?.workspace('margin')
        .every((value) => value === 7),
    ).toBe(true);
    expect(
      other
        .partitions('training')[2]
        ?.workspace('margin')
        .every((value) => value === 0),
    ).toBe(true);
    expect(other.partitions('training')[1]?.workspace('margin')).toHaveLength(
      memory.partitions('training')[1]?.rowCount ?? -1,
    );
    memory.allocate('margin', 'float64', 1);
    expect(other.partitions('training')[1]?.workspace('margin')[0]).toBe(0);
  });

  test('refuses a workspace beyond what was planned, as out of memory', () => {
    const memory = TrainingMemory.create(
      { ...shape, trainingRowCount: 10, evaluationRowCount: 0 },
      80,
      false,
    );
    memory.allocate('small', 'float64', 1);
    expect(() => memory.allocate('large', 'float64', 1000)).toThrow(
      expect.objectContaining({ state: '53200', detail: 'Workspace "large" takes 80000 bytes.' }),
    );
  });

  test('refuses more than one memory can hold, with the numbers', () => {
    const attempt = (): unknown =>
      TrainingMemory.create({ ...shape, trainingRowCount: 200_000_000 }, 0, true);
    expect(attempt).toThrow(EngineError);
    expect(attempt).toThrow(
      `one training may have ${Math.ceil(SHARED_MEMORY_BYTES_MAX / 2 ** 20)} MB at most`,
    );
    expect(attempt).toThrow(expect.objectContaining({ state: '54000' }));
  });
});
