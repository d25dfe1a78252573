/**
 * Weights of dropped and new trees: a dropped tree and those new for it weigh together what it weighed
 * before.
 */
import { expect, test } from 'vitest';
import { drawDropped, dropoutWeights } from '../../../src/ml/tree/dropout.ts';

test('a round that drops nothing adds its trees as they are', () => {
  expect(dropoutWeights('TREE', 0, 0.3)).toEqual({ added: 1, dropped: 1 });
  expect(dropoutWeights('FOREST', 0, 0.3)).toEqual({ added: 1, dropped: 1 });
});

test('TREE weighs by the number of dropped trees, FOREST does not', () => {
  expect(dropoutWeights('TREE', 4, 0.5)).toEqual({ added: 1 / 4.5, dropped: 4 / 4.5 });
  expect(dropoutWeights('FOREST', 4, 0.5)).toEqual({ added: 1 / 1.5, dropped: 1 / 1.5 });
});

test('each earlier round is dropped with the given chance, by the seed', () => {
  expect(drawDropped(5, 0, 1)).toEqual([]);
  expect(drawDropped(5, 1, 1)).toEqual([0, 1, 2, 3, 4]);
  const dropped = drawDropped(1000, 0.3, 7);
  expect(dropped).toEqual(drawDropped(1000, 0.3, 7));
  expect(Math.abs(dropped.length - 300)).toBeLessThan(60);
});
