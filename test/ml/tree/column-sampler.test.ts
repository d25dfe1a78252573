/** Column draws: nested, seeded, never empty, each column as likely as another. */
import { expect, test } from 'vitest';
import { allColumns, ColumnSampler, mixSeed } from '../../../src/ml/tree/column-sampler.ts';

test('all columns without sampling', () => {
  expect([...new ColumnSampler(4, allColumns, 1).columns(3, 9)]).toEqual([0, 1, 2, 3]);
});

test('a node draws from its level, a level from its tree', () => {
  const shares = { byTree: 0.5, byLevel: 0.5, byNode: 0.5 };
  const sampler = new ColumnSampler(64, shares, 5);
  const tree = new ColumnSampler(64, { ...shares, byLevel: 1, byNode: 1 }, 5).columns(0, 0);
  const level = new ColumnSampler(64, { ...shares, byNode: 1 }, 5).columns(2, 0);
  const node = sampler.columns(2, 7);
  expect([tree.length, level.length, node.length]).toEqual([32, 16, 8]);
  expect(level.every((column) => tree.includes(column))).toBe(true);
  expect(node.every((column) => level.includes(column))).toBe(true);
});

test('the same node gives the same columns in whatever order it is asked', () => {
  const shares = { byTree: 1, byLevel: 0.7, byNode: 0.7 };
  const first = new ColumnSampler(20, shares, 11);
  const second = new ColumnSampler(20, shares, 11);
  const nodes = [
    [0, 0],
    [1, 1],
    [1, 2],
    [2, 3],
  ] as const;
  const forwards = nodes.map(([depth, node]) => [...first.columns(depth, node)]);
  const backwards = nodes.toReversed().map(([depth, node]) => [...second.columns(depth, node)]);
  expect(backwards.toReversed()).toEqual(forwards);
  expect(new Set(forwards.map(String)).size).toBeGreaterThan(1);
});

test('one column is always left', () => {
  expect(new ColumnSampler(5, { byTree: 0, byLevel: 0, byNode: 0 }, 3).columns(0, 0)).toHaveLength(1);
});

test('every column is drawn about as often as another', () => {
  const counts = new Float64Array(10);
  for (let seed = 0; seed < 2000; seed++) {
    for (const column of new ColumnSampler(10, { byTree: 1, byLevel: 1, byNode: 0.3 }, mixSeed(seed)).columns(
      0,
      0,
    )) {
      counts[column] = counts[column]! + 1;
    }
  }
  // 600 expected, standard deviation 20.5.
  counts.forEach((count) => expect(Math.abs(count - 600)).toBeLessThan(90));
});
