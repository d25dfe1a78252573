/** Token kinds are distinct numbers that fit the table's bytes. */
import { expect, test } from 'vitest';
import { TokenKind } from '../../src/parser/token.ts';

test('kinds are 0 to 6, the end first', () => {
  expect(Object.values(TokenKind)).toEqual([0, 1, 2, 3, 4, 5, 6]);
  expect(TokenKind.end).toBe(0);
});
