/** The merge order is the same tree whatever the cut into tasks. */
import { expect, test } from 'vitest';
import { OrderedMerge } from '../../../src/ml/ordered-merge.ts';
import { subtrees } from '../../../src/ml/parallel/merge-tree.ts';

const join = (left: string, right: string): string => `(${left}${right})`;
const letters = (first: number, count: number): string[] =>
  Array.from({ length: count }, (_, index) => String.fromCharCode(97 + first + index));

function merged(parts: readonly string[]): string | undefined {
  const order = new OrderedMerge(join);
  for (const part of parts) order.add(part);
  return order.finish();
}

test('merges neighbours, then neighbours of neighbours', () => {
  expect(merged(letters(0, 7))).toBe('(((ab)(cd))((ef)g))');
  expect(merged(letters(0, 1))).toBe('a');
  expect(merged([])).toBeUndefined();
});

test('gives the same tree for every number of tasks and partitions', () => {
  for (let partitions = 1; partitions <= 16; partitions++) {
    const serial = merged(letters(0, partitions));
    for (let tasks = 1; tasks <= 20; tasks++) {
      const parts = subtrees(partitions, tasks).map(
        (range) => merged(letters(range.first, range.count)) ?? '',
      );
      expect(merged(parts), `${partitions} partitions, ${tasks} tasks`).toBe(serial);
    }
  }
});

test('cuts into aligned powers of two, at least as many as tasks where there are enough', () => {
  expect(subtrees(16, 2)).toEqual([
    { first: 0, count: 8 },
    { first: 8, count: 8 },
  ]);
  expect(subtrees(7, 3).map((range) => range.count)).toEqual([2, 2, 2, 1]);
  expect(subtrees(1, 8)).toEqual([{ first: 0, count: 1 }]);
});
