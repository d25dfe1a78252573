/** PostgreSQL's text of values, both ways. */
import { expect, test } from 'vitest';
import { type SqlType, type Value, Types, listOf } from '../../../src/core/index.ts';
import { textOfValue, valueOfText } from '../../../src/database/postgres-catalog/postgres-text.ts';

const read: readonly (readonly [SqlType, string, Value])[] = [
  [Types.boolean, 't', true],
  [Types.int4, '-5', -5],
  [Types.int8, '9007199254740993', 9007199254740993n],
  [Types.float8, '-Infinity', -Infinity],
  [Types.float8, 'NaN', Number.NaN],
  [Types.bytea, '\\x00ff', Uint8Array.of(0, 255)],
  [Types.date, '1970-01-02', 1],
  [Types.date, '0044-03-15 BC', -735_160],
  [Types.date, '-infinity', -2_147_483_647],
  [Types.time, '01:02:03.5', 3_723_500_000n],
  [Types.timestamp, '1969-12-31 23:59:59.999999', -1n],
  [Types.timestamptz, '1970-01-01 00:00:01+00', 1_000_000n],
  [
    Types.interval,
    '1 year 2 mons -3 days -04:05:06.789',
    { months: 14, days: -3, microseconds: -14_706_789_000n },
  ],
  [Types.interval, '00:00:00', { months: 0, days: 0, microseconds: 0n }],
  [listOf(Types.text), '{a,"b \\"c\\\\",NULL,"NULL",""}', ['a', 'b "c\\', null, 'NULL', '']],
  [listOf(Types.int4), '[0:1]={1,2}', [1, 2]],
  [
    listOf(Types.int4),
    '{{1,2},{3,4}}',
    [
      [1, 2],
      [3, 4],
    ],
  ],
  [listOf(Types.int4), '{}', []],
  [Types.json, '{"a":1}', '{"a":1}'],
];

test.each(read)('%o reads %s', (type, text, value) => {
  expect(valueOfText(text, type)).toEqual(value);
});

const written: readonly (readonly [SqlType, Value, string | null])[] = [
  [Types.text, null, null],
  [Types.boolean, false, 'f'],
  [Types.int8, 5n, '5'],
  [Types.bytea, Uint8Array.of(1, 171), '\\x01ab'],
  [Types.date, -1, '1969-12-31'],
  [Types.time, 3_723_500_000n, '01:02:03.500000'],
  [Types.timestamptz, -1n, '1969-12-31 23:59:59.999999+00'],
  [Types.interval, { months: 14, days: -3, microseconds: 5n }, '14 mons -3 days 5 microseconds'],
  [listOf(Types.text), ['a"b', null, 'c\\'], '{"a\\"b",NULL,"c\\\\"}'],
];

test.each(written)('%o writes %o', (type, value, text) => {
  expect(textOfValue(value, type)).toBe(text);
});

test('a struct is refused by name', () => {
  expect(() => textOfValue([1], { kind: 'struct', fields: [{ name: 'a', type: Types.int4 }] })).toThrowError(
    'a struct as a parameter of a catalogue query is not supported',
  );
});
