/** The table of texts finds exactly what a Map of strings finds. */
import { describe, expect, test } from 'vitest';
import type { Utf8Texts } from '../../../src/core/index.ts';
import { TextTable } from '../../../src/ml/encode/text-table.ts';

/** Texts in one heap that begins at `shift` bytes of its memory, one behind the other `gap` bytes apart. */
function utf8(texts: readonly string[], shift = 0, gap = 0): Utf8Texts {
  const bytes = texts.map((text) => Buffer.from(text));
  const size = bytes.reduce((sum, text) => sum + text.length + gap, 0);
  const heap = new Uint8Array(new ArrayBuffer(size + shift), shift).fill(0xff);
  const starts = new Uint32Array(texts.length);
  let start = 0;
  bytes.forEach((text, row) => {
    heap.set(text, start);
    starts[row] = start;
    start += text.length + gap;
  });
  return { heap, starts, lengths: Uint32Array.from(bytes, (text) => text.length) };
}

/** As short texts lie in a vector of the database: entries of 16 bytes, behind a length. */
function entries(texts: readonly string[]): Utf8Texts {
  const heap = new Uint8Array(texts.length * 16).fill(0xff);
  texts.forEach((text, row) => heap.set(Buffer.from(text), row * 16 + 4));
  return {
    heap,
    starts: Uint32Array.from(texts, (_, row) => row * 16 + 4),
    lengths: Uint32Array.from(texts, (text) => Buffer.byteLength(text)),
  };
}

const ofEveryLength = Array.from(
  { length: 40 },
  (_, length) => 'é'.repeat(length >> 1) + 'x'.repeat(length & 1),
);
const vocabulary = [
  ...ofEveryLength,
  ' ',
  'a',
  'a\u0000',
  'a\u0000\u0000\u0000\u0000',
  'abcd',
  'abce',
  'abcdefghijkl',
  'abcdefghijkm',
  'abcdefghijklm',
  'abcdefghijklmn',
  '\u{1f600}',
  ...Array.from({ length: 3_000 }, (_, level) => `level ${level}`),
  ...Array.from({ length: 300 }, (_, level) => `a level of a long name: ${level}`),
];
const strange = [
  'b',
  'A',
  'a ',
  'abc',
  'abcdefghijk',
  'level 3000',
  'a level of a long name: 300',
  'x'.repeat(99),
];

describe('texts are found', () => {
  const positions = new Map(vocabulary.map((text, position) => [text, position]));
  const asked = [...vocabulary, ...strange];
  const expected = asked.map((text) => positions.get(text) ?? -1);

  test.each([
    ['one behind the other', utf8(asked)],
    ['in memory that is not aligned', utf8(asked, 1, 3)],
    ['at any place, with other bytes in between', utf8(asked, 4, 5)],
  ])('%s', (_, texts) => {
    expect([...new TextTable(vocabulary).positions(texts, asked.length)]).toEqual(expected);
  });

  test('in entries of a vector, whatever follows them', () => {
    const short = asked.filter((text) => Buffer.byteLength(text) <= 12);
    const found = [...new TextTable(vocabulary).positions(entries(short), short.length)];
    expect(found).toEqual(short.map((text) => positions.get(text) ?? -1));
  });

  test('in a list of none: nowhere', () => {
    expect([...new TextTable([]).positions(utf8(['', 'a']), 2)]).toEqual([-1, -1]);
  });
});
