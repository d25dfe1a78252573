/** Codes of texts are the same whether they come as strings or as bytes. */
import { expect, test } from 'vitest';
import { CategoryCodes } from '../../../src/ml/encode/category-codes.ts';

const rows = ['a', 'c', null, 'unseen', '', 'b', ' a'];
const heap = Buffer.from(rows.join(''));
const lengths = Uint32Array.from(rows, (text) => text?.length ?? 0);
const starts = lengths.map((_, row) => lengths.subarray(0, row).reduce((sum, length) => sum + length, 0));
const nulls = Uint8Array.from(rows, (text) => (text === null ? 1 : 0));

const values = ['', 'a', 'b', 'c'];

test.each([
  ['all values and NULL', { values, hasNull: true, dropped: -1 }, [1, 3, 4, -1, 0, 2, -1]],
  ['no NULL', { values, hasNull: false, dropped: -1 }, [1, 3, -1, -1, 0, 2, -1]],
  ['a value dropped', { values, hasNull: true, dropped: 2 }, [1, 2, 3, -1, 0, -1, -1]],
  ['NULL dropped', { values, hasNull: true, dropped: 4 }, [1, 3, -1, -1, 0, 2, -1]],
])('with %s', (_, dictionary, expected) => {
  const codes = new CategoryCodes(dictionary);
  expect([...codes.ofColumn({ kind: 'text', values: rows }, rows.length)]).toEqual(expected);
  const column = { kind: 'utf8', texts: { heap, starts, lengths }, nulls } as const;
  expect([...codes.ofColumn(column, rows.length)]).toEqual(expected);
});
