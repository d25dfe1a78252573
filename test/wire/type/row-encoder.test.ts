/** DataRow messages as the drivers' own parsers read them, and round trips of random values. */
import fc from 'fast-check';
import pg from 'pg';
import { parse } from 'pg-protocol';
import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import {
  batchOf,
  type Batch,
  EngineError,
  listOf,
  type SqlType,
  structOf,
  Types,
  type Value,
} from '../../../src/core/index.ts';
import { MessageWriter } from '../../../src/wire/message/writer.ts';
import { decodeParameter } from '../../../src/wire/type/parameter.ts';
import { createRowEncoder } from '../../../src/wire/type/row-encoder.ts';
import { DEFAULT_TEXT_SETTINGS } from '../../../src/wire/type/text-settings.ts';
import { sqlTypeOfOid, typeOid, UNCONSTRAINED_NUMERIC } from '../../../src/wire/type/type-oid.ts';

const settings = (): typeof DEFAULT_TEXT_SETTINGS => DEFAULT_TEXT_SETTINGS;

/** The fields of every DataRow in a writer, cut by hand: message type, length, count, fields. */
function rowsOf(bytes: Buffer): (Buffer | null)[][] {
  const rows: (Buffer | null)[][] = [];
  for (let offset = 0; offset < bytes.length;) {
    expect(bytes[offset]).toBe(0x44);
    const end = offset + 1 + bytes.readInt32BE(offset + 1);
    const row: (Buffer | null)[] = [];
    let at = offset + 7;
    for (let column = bytes.readInt16BE(offset + 5); column > 0; column--) {
      const length = bytes.readInt32BE(at);
      row.push(length === -1 ? null : bytes.subarray(at + 4, at + 4 + length));
      at += 4 + Math.max(0, length);
    }
    expect(at).toBe(end);
    rows.push(row);
    offset = end;
  }
  return rows;
}

function encodeOne(type: SqlType, value: Value, format: 0 | 1): Buffer | null {
  const writer = new MessageWriter();
  const schema = [{ name: 'x', type }];
  createRowEncoder(schema, [format], settings).encode(batchOf(schema, [[value]]), 0, 1, writer);
  return rowsOf(writer.take())[0]![0]!;
}

/** What node-postgres makes of a text field of the type. */
function parsedByDriver(type: SqlType, value: Value): unknown {
  const text = encodeOne(type, value, 0)!.toString('utf8');
  return (pg.types.getTypeParser(typeOid(type).oid, 'text') as (text: string) => unknown)(text);
}

describe('a driver reads text', () => {
  test.each([
    [Types.boolean, true, true],
    [Types.int4, -7, -7],
    [Types.int8, 9_223_372_036_854_775_807n, '9223372036854775807'],
    [Types.float8, 1e-7, 1e-7],
    [Types.float4, 0.1, 0.1],
    [Types.bytea, new Uint8Array([0, 255, 92]), Buffer.from([0, 255, 92])],
    [Types.timestamptz, 1_704_106_800_123_000n, new Date(1_704_106_800_123)],
    [Types.timestamptz, -62_198_755_200_000_000n, new Date(-62_198_755_200_000)],
    [Types.json, '{"a":[1]}', { a: [1] }],
    [
      listOf(Types.text),
      ['a b', null, 'c"d', '', 'NULL', 'x\\y', '{}'],
      ['a b', null, 'c"d', '', 'NULL', 'x\\y', '{}'],
    ],
    [
      listOf(listOf(Types.int4)),
      [
        [1, 2],
        [3, null],
      ],
      [
        [1, 2],
        [3, null],
      ],
    ],
    [listOf(listOf(Types.int4)), [[1], [], [2, 3]], [[1], [], [2, 3]]],
    [listOf(Types.float8), [1e20, Number.NaN], [1e20, Number.NaN]],
  ] as const)('%o %s', (type, value, parsed) => {
    expect(parsedByDriver(type, value as Value)).toEqual(parsed);
  });

  test('an interval', () => {
    const value = { months: 14, days: -3, microseconds: 4_500_000n };
    expect(parsedByDriver(Types.interval, value)).toMatchObject({
      years: 1,
      months: 2,
      days: -3,
      seconds: 4,
      milliseconds: 500,
    });
  });

  test('structs and lists of structs as JSON', () => {
    const type = listOf(
      structOf(
        { name: 'label', type: Types.text },
        { name: 'prob', type: Types.float8 },
        { name: 'at', type: Types.timestamptz },
        { name: 'n', type: UNCONSTRAINED_NUMERIC },
      ),
    );
    const value = [
      ['a"b', 0.9, 0n, '1.50'],
      [null, Number.NaN, null, null],
    ];
    expect(encodeOne(type, value, 0)!.toString()).toBe(
      '[{"label":"a\\"b","prob":0.9,"at":"1970-01-01T00:00:00+00:00","n":1.50},' +
        '{"label":null,"prob":"NaN","at":null,"n":null}]',
    );
    expect(typeOid(type)).toEqual({ oid: 114, size: -1, modifier: -1 });
    expect(encodeOne(type, value, 1)).toEqual(encodeOne(type, value, 0));
  });
});

test('typed vectors, NULLs, mixed formats and slices, read by another parser', async () => {
  const batch: Batch = {
    schema: [
      { name: 'b', type: Types.boolean },
      { name: 'n', type: Types.int4 },
      { name: 't', type: Types.text },
    ],
    rowCount: 3,
    columns: [
      { type: Types.boolean, values: new Uint8Array([1, 0, 1]), nulls: undefined },
      { type: Types.int4, values: new Int32Array([5, -6, 7]), nulls: new Uint8Array([0, 1, 0]) },
      { type: Types.text, values: ['x', 'é€😀', ''], nulls: undefined },
    ],
  };
  const writer = new MessageWriter();
  createRowEncoder(batch.schema, [0, 1, 0], settings).encode(batch, 1, 3, writer);
  const stream = new PassThrough();
  const fields: unknown[] = [];
  const done = parse(stream, (message) => fields.push((message as unknown as { fields: unknown[] }).fields));
  stream.end(writer.take());
  await done;
  expect(fields).toEqual([
    ['f', null, 'é€😀'],
    ['t', '\0\0\0\u0007', ''],
  ]);
});

test('a ragged list has no binary form, and the open message is given up', () => {
  const schema = [{ name: 'x', type: listOf(listOf(Types.int4)) }];
  const writer = new MessageWriter();
  const encoder = createRowEncoder(schema, [1], settings);
  expect(() => encoder.encode(batchOf(schema, [[[[1], [2, 3]]]]), 0, 1, writer)).toThrowError(EngineError);
  expect(writer.length).toBe(0);
});

test('a changed setting holds from the next rows on', () => {
  const schema = [{ name: 'x', type: Types.timestamptz }];
  let timeZone = 'UTC';
  const encoder = createRowEncoder(schema, [], () => ({ ...DEFAULT_TEXT_SETTINGS, timeZone }));
  const writer = new MessageWriter();
  encoder.encode(batchOf(schema, [[0n]]), 0, 1, writer);
  timeZone = 'Asia/Tokyo';
  encoder.encode(batchOf(schema, [[0n]]), 0, 1, writer);
  expect(rowsOf(writer.take()).map((row) => row[0]!.toString())).toEqual([
    '1970-01-01 00:00:00+00',
    '1970-01-01 09:00:00+09',
  ]);
});

test('OIDs lead back to their types; numeric has a modifier', () => {
  for (const type of Object.values(Types)) {
    expect(sqlTypeOfOid(typeOid(type).oid)).toEqual(type);
    expect(sqlTypeOfOid(typeOid(listOf(type)).oid)).toEqual(listOf(type));
  }
  expect(typeOid({ kind: 'numeric', precision: 10, scale: 2 })).toEqual({
    oid: 1700,
    size: -1,
    modifier: 655_366,
  });
  expect([0, 705, 424_242].map(sqlTypeOfOid)).toEqual([undefined, undefined, undefined]);
});

const safeText = fc.string({ unit: 'binary' }).filter((text) => !text.includes('\0'));
const anyTimestamp = fc.bigInt({ min: -200_000_000_000_000_000n, max: 9_000_000_000_000_000_000n });
const decimal = fc
  .tuple(fc.boolean(), fc.bigInt({ min: 1n, max: 10n ** 30n }), fc.nat({ max: 25 }))
  .map(([isNegative, digits, scale]) => {
    const padded = String(digits).padStart(scale + 1, '0');
    const whole = padded.slice(0, padded.length - scale);
    return `${isNegative ? '-' : ''}${whole}${scale === 0 ? '' : `.${padded.slice(padded.length - scale)}`}`;
  });

const arbitraries: readonly (readonly [SqlType, fc.Arbitrary<Value>])[] = [
  [Types.boolean, fc.boolean()],
  [Types.int2, fc.integer({ min: -32_768, max: 32_767 })],
  [Types.int4, fc.integer()],
  [Types.int8, fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })],
  [Types.float4, fc.float()],
  [Types.float8, fc.double()],
  [Types.text, safeText],
  [Types.bytea, fc.uint8Array()],
  [Types.date, fc.integer({ min: -2_400_000, max: 2_000_000_000 })],
  [Types.time, fc.bigInt({ min: 0n, max: 86_400_000_000n })],
  [Types.timestamp, anyTimestamp],
  [Types.timestamptz, anyTimestamp],
  [
    Types.interval,
    fc.record({
      months: fc.integer({ min: -1_000_000, max: 1_000_000 }),
      days: fc.integer({ min: -1_000_000, max: 1_000_000 }),
      microseconds: fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }),
    }),
  ],
  [Types.uuid, fc.uuid()],
  [UNCONSTRAINED_NUMERIC, decimal],
];

describe('what is written reads back', () => {
  test.each(arbitraries)('%o', (type, arbitrary) => {
    const list = fc.array(fc.option(arbitrary, { nil: null }));
    fc.assert(
      fc.property(fc.constantFrom<0 | 1>(0, 1), arbitrary, list, (format, value, values) => {
        expect(decodeParameter(type, format, encodeOne(type, value, format))).toEqual(value);
        expect(decodeParameter(listOf(type), format, encodeOne(listOf(type), values, format))).toEqual(
          values,
        );
      }),
    );
  });

  test('random bytes never do worse than an error of the user', () => {
    const types = arbitraries.map(([type]) => type);
    fc.assert(
      fc.property(
        fc.constantFrom(...types, ...types.map(listOf), Types.json),
        fc.constantFrom<0 | 1>(0, 1),
        fc.uint8Array({ maxLength: 40 }),
        (type, format, bytes) => {
          try {
            decodeParameter(type, format, bytes);
          } catch (thrown) {
            expect(thrown).toBeInstanceOf(EngineError);
            expect((thrown as EngineError).state).not.toBe('XX000');
          }
        },
      ),
      { numRuns: 3000 },
    );
  });
});
