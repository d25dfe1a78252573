/** What names and strings say. */
import { expect, test } from 'vitest';
import { decodeName, decodeString, isBacktick } from '../../src/parser/string-value.ts';

test.each([
  ['Plain', 'Plain'],
  ['"a""B"', 'a"B'],
  ['`a.b`', 'a.b'],
  ['U&"d\\0061t\\+000061"', 'data'],
])('name %s', (text, name) => {
  expect(decodeName(text)).toBe(name);
});

test.each([
  ["'it''s'", "it's"],
  ["'a\\n'", 'a\\n'],
  ["E'a\\nb\\x41\\u00e9\\101\\''", "a\nbAéA'"],
  ["U&'\\0041\\\\'", 'A\\'],
  ["$$it's$$", "it's"],
  ['$tag$a$$b$tag$', 'a$$b'],
  ["r'\\d'", '\\d'],
  ["b'ab'", 'ab'],
  ["'''a'''", "'a'"],
])('string %s', (text, value) => {
  expect(decodeString(text, 'sql')).toBe(value);
});

test.each([
  ['"linear_reg"', 'linear_reg'],
  ['"a\\"b\\n"', 'a"b\n'],
  ['"""a"b"""', 'a"b'],
  ["'''it's'''", "it's"],
  ['r"""a\\b"""', 'a\\b'],
  ["N'''a'''", "'a'"],
  ["''", ''],
])('BigQuery string %s', (text, value) => {
  expect(decodeString(text, 'value')).toBe(value);
});

test('a code point beyond Unicode becomes the replacement character', () => {
  expect(decodeString("E'\\UFFFFFFFF'", 'sql')).toBe('\ufffd');
});
test('backticks are told from other quotes', () => {
  expect([isBacktick('`a`'), isBacktick('"a"')]).toEqual([true, false]);
});
