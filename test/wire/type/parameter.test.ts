/** Parameters: what PostgreSQL 15 says to bad text and bad bytes, and what it makes of odd but good ones. */
import { describe, expect, test } from 'vitest';
import { EngineError, listOf, type SqlType, structOf, Types } from '../../../src/core/index.ts';
import { decodeParameter } from '../../../src/wire/type/parameter.ts';
import { DEFAULT_TEXT_SETTINGS } from '../../../src/wire/type/text-settings.ts';
import { sqlTypeOfOid, UNCONSTRAINED_NUMERIC } from '../../../src/wire/type/type-oid.ts';

const settings = { ...DEFAULT_TEXT_SETTINGS, timeZone: 'Europe/Berlin' };

function fromText(type: SqlType, text: string): unknown {
  return decodeParameter(type, 0, Buffer.from(text), undefined, settings);
}

function failure(run: () => unknown): string {
  try {
    return `no error, but ${String(run())}`;
  } catch (thrown) {
    if (thrown instanceof EngineError) return `${thrown.state} ${thrown.message}`;
    throw thrown;
  }
}

describe('text that is refused, with the words of SELECT CAST($1::text AS type)', () => {
  test.each([
    [Types.int4, 'abc', '22P02 invalid input syntax for type integer: "abc"'],
    [Types.int4, '', '22P02 invalid input syntax for type integer: ""'],
    [Types.int4, '1.5', '22P02 invalid input syntax for type integer: "1.5"'],
    [Types.int4, '2147483648', '22003 value "2147483648" is out of range for type integer'],
    [Types.int2, '32768', '22003 value "32768" is out of range for type smallint'],
    [Types.int8, '9223372036854775808', '22003 value "9223372036854775808" is out of range for type bigint'],
    [Types.float8, 'abc', '22P02 invalid input syntax for type double precision: "abc"'],
    [Types.float8, '1e400', '22003 "1e400" is out of range for type double precision'],
    [Types.float8, '1e-400', '22003 "1e-400" is out of range for type double precision'],
    [Types.float4, '1e39', '22003 "1e39" is out of range for type real'],
    [UNCONSTRAINED_NUMERIC, 'abc', '22P02 invalid input syntax for type numeric: "abc"'],
    [UNCONSTRAINED_NUMERIC, '1e200000', '22003 value overflows numeric format'],
    [Types.boolean, 'o', '22P02 invalid input syntax for type boolean: "o"'],
    [Types.uuid, 'abc', '22P02 invalid input syntax for type uuid: "abc"'],
    [Types.bytea, '\\xZZ', '22023 invalid hexadecimal digit: "Z"'],
    [Types.bytea, '\\x123', '22023 invalid hexadecimal data: odd number of digits'],
    [Types.bytea, 'a\\b', '22P02 invalid input syntax for type bytea'],
    [Types.json, '{a}', '22P02 invalid input syntax for type json'],
    [Types.date, 'abc', '22007 invalid input syntax for type date: "abc"'],
    [Types.date, '2024-02-30', '22008 date/time field value out of range: "2024-02-30"'],
    [Types.date, '13/2/2024', '22008 date/time field value out of range: "13/2/2024"'],
    [Types.time, '25:00', '22008 date/time field value out of range: "25:00"'],
    [Types.timestamp, 'x', '22007 invalid input syntax for type timestamp: "x"'],
    [Types.timestamp, '300000-01-01', '22008 timestamp out of range: "300000-01-01"'],
    [Types.timestamptz, 'x', '22007 invalid input syntax for type timestamp with time zone: "x"'],
    [Types.timestamptz, '2024-01-01 12:00:00 Foo/Bar', '22023 time zone "foo/bar" not recognized'],
    [
      Types.timestamptz,
      '2024-01-01 12:00:00+25',
      '22009 time zone displacement out of range: "2024-01-01 12:00:00+25"',
    ],
    [Types.interval, 'abc', '22007 invalid input syntax for type interval: "abc"'],
    [Types.interval, '3000000000 days', '22015 interval field value out of range: "3000000000 days"'],
    [listOf(Types.int4), '{1,2', '22P02 malformed array literal: "{1,2"'],
    [listOf(Types.int4), '{{1},{2,3}}', '22P02 malformed array literal: "{{1},{2,3}}"'],
    [listOf(Types.int4), '{a}', '22P02 invalid input syntax for type integer: "a"'],
  ] as const)('%o %s', (type, text, message) => {
    expect(failure(() => fromText(type, text))).toBe(message);
  });
});

const berlinNoon = 1_704_106_800_000_000n;

describe('text that is read', () => {
  test.each([
    [Types.int4, ' +7 ', 7],
    [Types.int8, '-9223372036854775808', -9_223_372_036_854_775_808n],
    [Types.float8, '.5', 0.5],
    [UNCONSTRAINED_NUMERIC, '-1.23e5', '-123000'],
    [UNCONSTRAINED_NUMERIC, '1.5e-3', '0.0015'],
    [UNCONSTRAINED_NUMERIC, '-0.0', '0.0'],
    [Types.boolean, 'OFF', false],
    [Types.boolean, 'tr', true],
    [Types.uuid, '{a0eebc999c0b4ef8bb6d6bb9bd380a11}', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'],
    [Types.date, '5 January 2024', 19_727],
    [Types.date, '1/5/2024', 19_727],
    [Types.date, '20240105', 19_727],
    [Types.timestamp, '2024-01-05T00:00:00.000Z', 1_704_412_800_000_000n],
    [Types.timestamptz, '2024-01-01 12:00', berlinNoon],
    [Types.timestamptz, '2024-01-01T11:00:00.000Z', berlinNoon],
    [Types.timestamptz, '2024-01-01 16:30:00+05:30', berlinNoon],
    [Types.timestamptz, '2024-01-01 06:00:00 America/New_York', berlinNoon],
    [Types.timestamptz, 'Mon Jan 01 06:00:00 2024 EST', berlinNoon],
    [Types.time, '04:05 PM', 57_900_000_000n],
    [Types.interval, '1.5 months', { months: 1, days: 15, microseconds: 0n }],
    [Types.interval, '@ 1 day 2 hours ago', { months: 0, days: -1, microseconds: -7_200_000_000n }],
    [listOf(Types.text), '[0:1]={a, "b c"}', ['a', 'b c']],
    [listOf(listOf(Types.int4)), '{{1,NULL}}', [[1, null]]],
    [Types.json, '{"a": 1}', '{"a": 1}'],
  ] as const)('%o %s', (type, text, value) => {
    expect(fromText(type, text)).toEqual(value);
  });

  test('a skipped and a repeated hour, as PostgreSQL reads them in Europe/Berlin', () => {
    // SELECT extract(epoch FROM timestamptz '2024-03-31 02:30'), and of '2024-10-27 02:30'
    expect(fromText(Types.timestamptz, '2024-03-31 02:30')).toBe(1_711_848_600_000_000n);
    expect(fromText(Types.timestamptz, '2024-10-27 02:30')).toBe(1_729_992_600_000_000n);
  });

  test('a struct, and a list of them, from JSON', () => {
    const type = listOf(structOf({ name: 'label', type: Types.text }, { name: 'prob', type: Types.float8 }));
    expect(fromText(type, '[{"prob":0.25,"label":"a"},{"label":null}]')).toEqual([
      ['a', 0.25],
      [null, null],
    ]);
    expect(failure(() => fromText(type, '{"label":1}'))).toBe(
      '22P02 invalid JSON for a parameter: expected an array, got {"label":1}',
    );
  });

  test('more dimensions than the type has', () => {
    expect(failure(() => fromText(listOf(Types.int4), '{{1}}'))).toBe(
      '0A000 an array of 2 dimensions as a value of type integer[] is not supported',
    );
  });
});

describe('bytes', () => {
  const hex = (text: string): Buffer => Buffer.from(text, 'hex');

  test('NULL, whatever the format', () => {
    expect(decodeParameter(Types.int4, 0, null)).toBeNull();
    expect(decodeParameter(Types.int4, 1, null)).toBeNull();
  });

  test.each([
    [Types.int4, '0000', '08P01 insufficient data left in message'],
    [Types.int4, '0000000100', '22P03 incorrect binary data format in bind parameter'],
    [Types.uuid, '00', '08P01 insufficient data left in message'],
    [UNCONSTRAINED_NUMERIC, '00010000000000002710', '22P03 invalid digit in external "numeric" value'],
    [UNCONSTRAINED_NUMERIC, '0000000012340000', '22P03 invalid sign in external "numeric" value'],
    [listOf(Types.int4), '0000000700000000000000170000', '22P03 invalid number of dimensions: 7'],
    [
      listOf(Types.int4),
      '000000000000000000000019',
      '42804 binary data has array element type 25 (text) instead of expected 23 (integer)',
    ],
    [
      listOf(Types.int4),
      '00000001000000000000001700000001000000010000000800000001',
      '08P01 insufficient data left in message',
    ],
    [Types.text, 'c328', '22021 invalid byte sequence for encoding "UTF8": 0xc3 0x28'],
    [Types.text, '6100', '22021 invalid byte sequence for encoding "UTF8": 0x00'],
    [Types.text, '61e282', '22021 invalid byte sequence for encoding "UTF8": 0xe2 0x82'],
  ] as const)('%o %s', (type, bytes, message) => {
    expect(failure(() => decodeParameter(type, 1, hex(bytes)))).toBe(message);
  });

  test('types that another of ours carries', () => {
    expect(decodeParameter(sqlTypeOfOid(26)!, 1, hex('ffffffff'), 26)).toBe(4_294_967_295n);
    expect(decodeParameter(sqlTypeOfOid(3802)!, 1, hex('017b7d'), 3802)).toBe('{}');
    expect(decodeParameter(sqlTypeOfOid(1266)!, 1, hex('000000000000000100000000'), 1266)).toBe(1n);
  });
});
