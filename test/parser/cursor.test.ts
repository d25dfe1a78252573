/** The cursor: acceptance, names and paths, errors in PostgreSQL's words, the bound of nesting. */
import { describe, expect, test } from 'vitest';
import { NESTING_DEPTH_MAX } from '../../src/core/index.ts';
import { Cursor } from '../../src/parser/cursor.ts';
import { TokenTable } from '../../src/parser/token-table.ts';

function cursor(text: string): Cursor {
  return new Cursor(new TokenTable(text));
}

describe('path', () => {
  test.each([
    ['churn', ['churn']],
    ['S.Churn', ['S', 'Churn']],
    ['`my-project.ds.m`', ['my-project', 'ds', 'm']],
    ['`my-project`.ds.`m`', ['my-project', 'ds', 'm']],
    ['"a.b".c', ['a.b', 'c']],
    ['a.select', ['a', 'select']],
  ])('%s', (text, parts) => {
    const path = cursor(text).path('a name');
    expect(path.parts).toEqual(parts);
    expect(path.span).toEqual({ start: 0, end: text.length });
  });
  test.each([
    ['select', 'syntax error at or near "select"'],
    ['a.', 'syntax error at end of input'],
    ['a.1', 'syntax error at or near "1"'],
    ['a.b.c.d', 'improper qualified name (too many dotted names): a.b.c.d'],
    ['""', 'zero-length delimited identifier'],
    ['`a..b`', 'syntax error in quoted name "a..b"'],
  ])('refuses %s', (text, message) => {
    expect(() => cursor(text.replace('a.1', 'a. 1')).path('a name')).toThrow(message);
  });
});

test('a limit looks like the end', () => {
  const bounded = new Cursor(new TokenTable('a b c'), 0, 2);
  expect([bounded.word(1), bounded.word(2), bounded.text(2)]).toEqual(['B', '', '']);
});
test('words are accepted all together or not at all', () => {
  const words = cursor('IF NOT here');
  expect(words.acceptWords('IF', 'NOT', 'EXISTS')).toBe(false);
  expect(words.index).toBe(0);
  expect(words.acceptWords('IF', 'NOT')).toBe(true);
  expect(words.index).toBe(2);
});
test('a long token is cut in the message', () => {
  const message = cursor(`'${'x'.repeat(500)}'`).unexpected().message;
  expect(message).toBe(`syntax error at or near "'${'x'.repeat(79)}…"`);
});
test('nesting is bounded', () => {
  const nested = cursor('');
  for (let depth = 0; depth < NESTING_DEPTH_MAX; depth++) nested.enter();
  expect(() => nested.enter()).toThrow('nested more than 200 levels deep');
});
test('a model name has at most 1024 characters', () => {
  expect(cursor('m'.repeat(1024)).modelPath().parts[0]).toHaveLength(1024);
  expect(() => cursor('m'.repeat(1025)).modelPath()).toThrow("a model's name has at most 1024 characters");
});
