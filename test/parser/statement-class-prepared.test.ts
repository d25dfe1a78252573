/** PREPARE, EXECUTE, DEALLOCATE. */
import { expect, test } from 'vitest';
import { classOf, plain } from '../support/parser-fixture.ts';

test('PREPARE gives name, types and the place of its statement', () => {
  const text = 'PREPARE p (int, numeric(10, 2), text[]) AS SELECT $1; SELECT 2'.split(';')[0]!;
  const prepared = plain(text).class;
  if (prepared.kind !== 'prepare') throw new TypeError(prepared.kind);
  expect([prepared.name, prepared.typeNames]).toEqual(['p', ['int', 'numeric(10, 2)', 'text[]']]);
  expect(text.slice(prepared.body.start, prepared.body.end)).toBe('SELECT $1');
  expect(plain(text).parameterCount).toBe(1);
});

test.each([
  ['EXECUTE p', { kind: 'execute', name: 'p', argumentTexts: [] }],
  ["EXECUTE p(1, f(2, 3), ',')", { kind: 'execute', name: 'p', argumentTexts: ['1', 'f(2, 3)', "','"] }],
  ['EXECUTE p()', { kind: 'execute', name: 'p', argumentTexts: [] }],
  ['EXECUTE p(1', { kind: 'other', word: 'EXECUTE' }],
  ['DEALLOCATE p', { kind: 'deallocate', name: 'p' }],
  ['DEALLOCATE PREPARE "P"', { kind: 'deallocate', name: 'P' }],
  ['DEALLOCATE ALL', { kind: 'deallocate' }],
  ['DEALLOCATE PREPARE ALL', { kind: 'deallocate' }],
  ['PREPARE p AS', { kind: 'other', word: 'PREPARE' }],
])('%s', (text, expected) => {
  expect(classOf(text)).toEqual(expected);
});
