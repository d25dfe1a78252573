import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Value, listOf, structOf, Types, valueAt } from '../../src/core/index.ts';
import type { Database, DatabaseConnection } from '../../src/database/index.ts';
import { batchesOf } from '../support/batches.ts';
import { openTestDatabase } from '../support/open-database.ts';

let database: Database;
let connection: DatabaseConnection;
beforeAll(async () => {
  database = await openTestDatabase();
  connection = await database.connect();
});
afterAll(() => database.close());

const numeric = (precision: number, scale: number) => ({ kind: 'numeric', precision, scale }) as const;

const cases: readonly [sql: string, type: unknown, value: Value][] = [
  ['true', Types.boolean, true],
  ['(-8)::tinyint', Types.int2, -8],
  ['200::utinyint', Types.int2, 200],
  ['60000::usmallint', Types.int4, 60000],
  ['4000000000::uinteger', Types.int8, 4000000000n],
  ['18446744073709551615::ubigint', numeric(20, 0), '18446744073709551615'],
  [
    '(-170141183460469231731687303715884105727)::hugeint',
    numeric(38, 0),
    '-170141183460469231731687303715884105727',
  ],
  [
    '340282366920938463463374607431768211455::uhugeint',
    numeric(38, 0),
    '340282366920938463463374607431768211455',
  ],
  ['(-32768)::smallint', Types.int2, -32768],
  ['9223372036854775807', Types.int8, 9223372036854775807n],
  ['1.5::float', Types.float4, 1.5],
  ["'nan'::double", Types.float8, Number.NaN],
  ["'-inf'::double", Types.float8, Number.NEGATIVE_INFINITY],
  ['(-1.05)::decimal(4,2)', numeric(4, 2), '-1.05'],
  ['0.5::decimal(9,3)', numeric(9, 3), '0.500'],
  ['123456789012.25::decimal(18,2)', numeric(18, 2), '123456789012.25'],
  ['(-0.000000000000000001)::decimal(38,18)', numeric(38, 18), '-0.000000000000000001'],
  ["'twelve bytes'", Types.text, 'twelve bytes'],
  ["'thirteen byte'", Types.text, 'thirteen byte'],
  ["'é€😀'", Types.text, 'é€😀'],
  ["''", Types.text, ''],
  ["'\\x00\\xFF'::blob", Types.bytea, Uint8Array.of(0, 255)],
  ["repeat('a', 20)::blob", Types.bytea, new Uint8Array(20).fill(97)],
  ["date '1969-12-31'", Types.date, -1],
  ["time '01:02:03.000004'", Types.time, 3723000004n],
  ["timestamp '1969-12-31 23:59:59.999999'", Types.timestamp, -1n],
  ["timestamptz '2020-01-01 00:00:00+02'", Types.timestamptz, 1577829600000000n],
  ["'2020-01-01 00:00:01'::timestamp_s", Types.timestamp, 1577836801000000n],
  ["'2020-01-01 00:00:00.001'::timestamp_ms", Types.timestamp, 1577836800001000n],
  ["'1969-12-31 23:59:59.999999999'::timestamp_ns", Types.timestamp, -1n],
  ["interval '1 month -2 days 3 microseconds'", Types.interval, { months: 1, days: -2, microseconds: 3n }],
  ["uuid '00000000-0000-4000-8000-00000000000f'", Types.uuid, '00000000-0000-4000-8000-00000000000f'],
  ["uuid 'ffffffff-ffff-4fff-8fff-ffffffffffff'", Types.uuid, 'ffffffff-ffff-4fff-8fff-ffffffffffff'],
  [`'{"a":1}'::json`, Types.json, '{"a":1}'],
  ["'b'::enum('a','b')", Types.text, 'b'],
  ["'101'::bit", Types.text, '101'],
  ['[true, null, false]', listOf(Types.boolean), [true, null, false]],
  ['[]::int[]', listOf(Types.int4), []],
  ['[[1], null, [2, 3]]', listOf(listOf(Types.int4)), [[1], null, [2, 3]]],
  ['array_value(1, 2)', listOf(Types.int4), [1, 2]],
  [
    "{a: 1, b: {c: 'x'}}",
    structOf({ name: 'a', type: Types.int4 }, { name: 'b', type: structOf({ name: 'c', type: Types.text }) }),
    [1, ['x']],
  ],
  [
    "map {'k': 1.5::double}",
    listOf(structOf({ name: 'key', type: Types.text }, { name: 'value', type: Types.float8 })),
    [['k', 1.5]],
  ],
  ['union_value(n := 2)', Types.text, '2'],
];

describe('readBatch', () => {
  it.each(cases)('%s', async (sql, type, value) => {
    const text = `select x from (values (${sql}), (null)) t(x)`;
    const { schema } = await connection.describe(text);
    expect(schema).toEqual([{ name: 'x', type }]);
    expect(await connection.rows(text)).toEqual([[value], [null]]);
  });

  it('reads NULLs at every place of a chunk', async () => {
    const rows = await connection.rows(
      'select case when i % 3 = 0 then null else i end from range(5000) t(i)',
    );
    expect(rows.length).toBe(5000);
    rows.forEach(([value], row) => expect(value).toBe(row % 3 === 0 ? null : BigInt(row)));
  });
});

it('lets go of the memory of all columns, and of no other batch', async () => {
  const [first, second] = await batchesOf(
    connection,
    "SELECT i, i::DOUBLE, 'a text of some length ' || i, CASE WHEN i % 2 = 0 THEN i % 3 = 0 END FROM range(3000) AS t(i)",
  );
  first!.release!();
  for (const column of first!.columns) {
    const { nulls, utf8 } = column;
    const memory = [
      nulls,
      ...(utf8 === undefined ? [column.values] : [utf8.heap, utf8.starts, utf8.lengths]),
    ];
    expect(memory.every((array) => array === undefined || array.length === 0)).toBe(true);
  }
  expect(second!.columns.map((column) => valueAt(column, 951))).toEqual([
    2999n,
    2999,
    'a text of some length 2999',
    null,
  ]);
});
