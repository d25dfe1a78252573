/** DECLARE, FETCH, MOVE, CLOSE. */
import { expect, test } from 'vitest';
import { classOf, failure, plain } from '../support/parser-fixture.ts';

test.each([
  ['DECLARE c CURSOR FOR SELECT 1', false],
  ['DECLARE c BINARY INSENSITIVE NO SCROLL CURSOR WITH HOLD FOR SELECT 1', true],
  ['DECLARE c CURSOR WITHOUT HOLD FOR SELECT 1', false],
])('%s', (text, isHold) => {
  const declared = plain(text).class;
  if (declared.kind !== 'declare-cursor') throw new TypeError(declared.kind);
  expect([declared.name, declared.isHold]).toEqual(['c', isHold]);
  expect(text.slice(declared.query.start, declared.query.end)).toBe('SELECT 1');
});

test.each([
  ['FETCH c', 'c', 1, false],
  ['FETCH NEXT FROM c', 'c', 1, false],
  ['FETCH 10 IN "C"', 'C', 10, false],
  ['FETCH FORWARD 5 FROM c', 'c', 5, false],
  ['FETCH FORWARD c', 'c', 1, false],
  ['FETCH FORWARD ALL FROM c', 'c', 'all', false],
  ['FETCH ALL c', 'c', 'all', false],
  ['FETCH 0 FROM c', 'c', 0, false],
  ['MOVE 3 FROM c', 'c', 3, true],
])('%s', (text, name, count, isMove) => {
  expect(classOf(text)).toEqual({ kind: 'fetch', name, count, isMove });
});

test.each(['PRIOR', 'BACKWARD 1', 'ABSOLUTE 2', 'LAST', '-1'])('FETCH %s FROM c is refused', (direction) => {
  expect(failure(`FETCH ${direction} FROM c`)).toMatchObject({
    state: '0A000',
    at: `${direction} FROM c`,
    hint: 'Cursors move forward only.',
  });
});

test('CLOSE', () => {
  expect(classOf('CLOSE c')).toEqual({ kind: 'close-cursor', name: 'c' });
  expect(classOf('CLOSE ALL')).toEqual({ kind: 'close-cursor' });
});
