/** The table of tokens: laziness, growth, change of mode. */
import { expect, test } from 'vitest';
import { TokenKind } from '../../src/parser/token.ts';
import { TokenTable } from '../../src/parser/token-table.ts';

test('grows beyond its first size, and gives the end again and again', () => {
  const text = Array.from({ length: 1_000 }, (_, index) => `w${index}`).join(' ');
  const table = new TokenTable(text);
  expect(text.slice(table.start(999), table.end(999))).toBe('w999');
  expect([table.kind(1_000), table.kind(5_000)]).toEqual([TokenKind.end, TokenKind.end]);
  expect(table.start(1_000)).toBe(text.length);
});

test('reads no further than it is asked to', () => {
  const table = new TokenTable("a b 'unterminated");
  expect(table.kind(1)).toBe(TokenKind.word);
  expect(() => table.kind(2)).toThrow('unterminated quoted string');
});

test('a new mode reads again what lies ahead, comments included', () => {
  const table = new TokenTable('a # b\nc');
  expect(table.kind(1)).toBe(TokenKind.symbol);
  table.setMode('model', 1);
  expect(table.text.slice(table.start(1), table.end(1))).toBe('c');
  expect(table.hashComments).toEqual([{ start: 2, end: 5 }]);
  table.setMode('sql', 1);
  expect(table.hashComments).toEqual([]);
  expect(table.kind(1)).toBe(TokenKind.symbol);
});
