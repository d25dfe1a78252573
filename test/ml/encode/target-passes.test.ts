/** Target statistics of training rows leave their own fold out; those of other rows do not. */
import { describe, expect, test } from 'vitest';
import { Random } from '../../../src/core/index.ts';
import { FOLD_COUNT, foldOf } from '../../../src/ml/encode/target-passes.ts';
import type { Aggregator } from '../../../src/ml/aggregate.ts';
import type { EncodingRequest } from '../../../src/ml/estimator.ts';
import { encodeRows, rawRows, type TestColumn } from '../../support/train-rows.ts';

const request: EncodingRequest = { numeric: 'raw', category: 'target', timestamp: 'refuse' };

const text = (values: (string | null)[]): TestColumn => ({ name: 'c', kind: 'text', values });

/** The first encoded column of the rows in memory. */
function inMemory(aggregator: Aggregator, split: 'training' | 'evaluation'): Promise<number[]> {
  return aggregator.run(
    {
      name: 'test.column',
      accumulate: ({ numeric, rowCount, layout }) =>
        Array.from({ length: rowCount }, (_, row) => numeric[row * layout.numericWidth]!),
      merge: (left: number[], right: number[]) => [...left, ...right],
    },
    undefined as never,
    split,
  );
}

test('folds are about equal, and not in step with the row number', () => {
  const sizes = new Array<number>(FOLD_COUNT).fill(0);
  let repeats = 0;
  for (let row = 0; row < 100_000; row++) {
    sizes[foldOf(row)]! += 1;
    if (foldOf(row) === foldOf(row + FOLD_COUNT)) repeats++;
  }
  for (const size of sizes) expect(Math.abs(size - 20_000)).toBeLessThan(600);
  expect(Math.abs(repeats - 20_000)).toBeLessThan(600);
});

describe('a number for each of 6000 rows', () => {
  const random = new Random(5);
  const levels = Array.from({ length: 6000 }, () => `level ${Math.floor(100 * random.uniform() ** 2)}`);
  const label = levels.map((level) => Number(random.uniform() < 0.2 + 0.006 * Number(level.slice(6))));

  test('is the smoothed mean of the other folds for rows that train', async () => {
    const rows = { columns: [text(levels)], label };
    const { aggregator, encoder } = await encodeRows(rows, request, 2, rows);
    const found = await inMemory(aggregator, 'training');
    const whole = [...encoder.encode(rawRows([text(levels)])).numeric];
    expect(await inMemory(aggregator, 'evaluation')).toEqual(whole);
    const prior = label.reduce((sum, value) => sum + value, 0) / label.length;
    // The strength of the prior, from two numbers of one category.
    const rowsOf = (level: string) => levels.flatMap((other, row) => (other === level ? [row] : []));
    const sumOf = (chosen: readonly number[]) => chosen.reduce((sum, row) => sum + label[row]!, 0);
    const members = rowsOf('level 3');
    const strength =
      (sumOf(members) - members.length * prior) / (whole[members[0]!]! - prior) - members.length;
    expect(strength).toBeGreaterThan(1);
    for (const row of [0, 1, 2, 3, 500, 4097, 5999]) {
      const others = rowsOf(levels[row]!).filter((other) => foldOf(other) !== foldOf(row));
      const expected = (sumOf(others) + strength * prior) / (others.length + strength);
      expect(found[row]).toBeCloseTo(expected, 10);
    }
  });

  test('tells nothing of the label where every category has one row', async () => {
    const rows = { columns: [text(levels.map((_, row) => `row ${row}`))], label };
    const { aggregator } = await encodeRows(rows, request, 2);
    expect(new Set(await inMemory(aggregator, 'training')).size).toBe(1);
  });

  test('of a further training: other folds for its rows, the first encoder for the rest', async () => {
    const first = await encodeRows({ columns: [text(levels)], label }, request, 2);
    const turned = { columns: [text(levels)], label: label.map((value) => 1 - value) };
    const again = await encodeRows(turned, request, 2, turned, undefined, first.encoder);
    expect(again.encoder).toBe(first.encoder);
    const known = [...first.encoder.encode(rawRows([text(levels)])).numeric];
    expect(await inMemory(again.aggregator, 'evaluation')).toEqual(known);
    const before = await inMemory(first.aggregator, 'training');
    const after = await inMemory(again.aggregator, 'training');
    after.forEach((value, row) => expect(value).toBeCloseTo(1 - before[row]!, 9));
  });
});
