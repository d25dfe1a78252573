import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Types, batchOf, listOf, structOf } from '../../src/core/index.ts';
import type { Database, DatabaseConnection } from '../../src/database/index.ts';
import { openTestDatabase } from '../support/open-database.ts';

let database: Database;
let connection: DatabaseConnection;
beforeAll(async () => {
  database = await openTestDatabase();
  connection = await database.connect();
});
beforeEach(() =>
  connection.run("create or replace table t (a int not null, b varchar default 'none', c double)"),
);
afterAll(() => database.close());

async function copyOne(type: string, text: string | null): Promise<unknown> {
  await connection.run(`create or replace table one (x ${type})`);
  const appender = await connection.append(['public', 'one'], undefined);
  await appender.appendText([[text]]);
  await appender.finish();
  return (await connection.rows('select x::varchar from one'))[0]![0];
}

describe('appendText', () => {
  it.each([
    ['boolean', 'yes', 'true'],
    ['boolean', ' F ', 'false'],
    ['int', ' -12 ', '-12'],
    ['smallint', '7', '7'],
    ['hugeint', '170141183460469231731687303715884105727', '170141183460469231731687303715884105727'],
    ['double', '1e-3', '0.001'],
    ['double', 'Infinity', 'inf'],
    ['decimal(6,2)', '12.345', '12.35'],
    ['varchar', '', ''],
    ['varchar', 'NULL', 'NULL'],
    ['varchar', null, null],
    ['date', '2020-02-29', '2020-02-29'],
    ['timestamp', '2020-02-29 12:30:00.5', '2020-02-29 12:30:00.5'],
    ['interval', '1 day 02:00:00', '1 day 02:00:00'],
    ['uuid', '12345678-1234-1234-1234-123456789ABC', '12345678-1234-1234-1234-123456789abc'],
    ['json', '{"a": [1]}', '{"a": [1]}'],
    ['blob', '\\x0041', '\\x00A'],
    ["enum('x', 'y')", 'y', 'y'],
    ['int[]', '{1,NULL,3}', '[1, NULL, 3]'],
    ['varchar[]', '{a,"b {c}, d"}', "[a, 'b {c}, d']"],
  ])('reads %s from %j', async (type, text, expected) => {
    expect(await copyOne(type, text)).toBe(expected);
  });

  it.each([
    ['int', '', '22P02'],
    ['int', '1.5', '22P02'],
    ['int', '1e3', '22P02'],
    ['int', '3000000000', '22003'],
    ['boolean', 'maybe', '22P02'],
    ['date', '2020-02-30', '22007'],
    ['json', '{', '22P02'],
    ['blob', '\\xZZ', '22P02'],
    ["enum('x', 'y')", 'z', '22P02'],
    ['decimal(4,2)', '1000', '22003'],
  ])('refuses for %s the text %j', async (type, text, state) => {
    await expect(copyOne(type, text)).rejects.toMatchObject({
      state,
      message: expect.stringContaining(`"${text}"`),
    });
    expect(await connection.rows('select count(*) from one')).toEqual([[0n]]);
  });

  it('appends 100,000 rows of ten columns, in pieces of any size', async () => {
    await connection.run(`create or replace table wide (a int, b int, c double, d double, e varchar,
      f varchar,
      g date,
      h timestamp, i boolean, j bigint)`);
    const rows = Array.from({ length: 100_000 }, (_, row) => [
      `${row}`,
      `${row * 2}`,
      `${row / 3}`,
      `${row * 1.5}`,
      `text ${row}`,
      `a longer text value ${row}`,
      '2020-01-01',
      '2020-01-01 10:00:00',
      't',
      `${row * 1000}`,
    ]);
    const appender = await connection.append(['wide'], undefined);
    for (let from = 0; from < rows.length; from += 700)
      await appender.appendText(rows.slice(from, from + 700));
    expect(await appender.finish()).toBe(100_000);
    expect(await connection.rows('select count(*), sum(a)::bigint, max(f), bool_and(i) from wide')).toEqual([
      [100_000n, 4999950000n, 'a longer text value 99999', true],
    ]);
  });

  it('names row, column and value, and leaves nothing behind', async () => {
    const appender = await connection.append(['t'], ['a', 'c']);
    const rows = Array.from({ length: 100_000 }, (_, row) => [String(row), row === 99_998 ? 'many' : '1']);
    const failing = (async () => {
      await appender.appendText(rows);
      await appender.finish();
    })();
    await expect(failing).rejects.toMatchObject({
      state: '22P02',
      message: 'invalid input syntax for type double: "many"',
      detail: 'Row 99999, column "c": "many".',
    });
    expect(await connection.rows('select count(*) from t')).toEqual([[0n]]);
    expect(await connection.rows('select count(*) from duckdb_tables() where temporary')).toEqual([[0n]]);
    await connection.run('begin');
    await connection.run('rollback');
  });

  it('refuses rows of the wrong width, unknown tables and unknown columns', async () => {
    const appender = await connection.append(['t'], undefined);
    await expect(appender.appendText([['1', 'x', '2'], ['1']])).rejects.toMatchObject({
      state: '22P04',
      message: 'missing data: row 2 has 1 fields, expected 3',
    });
    await expect(connection.append(['nowhere'], undefined)).rejects.toMatchObject({ state: '42P01' });
    await expect(connection.append(['t'], ['zz'])).rejects.toMatchObject({ state: '42703' });
  });
});

describe('append', () => {
  it('takes batches of every kind, and gives absent columns their defaults', async () => {
    const schema = [
      { name: 'i', type: Types.int8 },
      { name: 'n', type: { kind: 'numeric', precision: 10, scale: 2 } as const },
      { name: 'l', type: listOf(listOf(Types.text)) },
      { name: 's', type: structOf({ name: 'u', type: Types.uuid }, { name: 'd', type: Types.interval }) },
      { name: 'k', type: Types.bytea },
      { name: 'f', type: Types.boolean },
    ];
    const uuid = '12345678-1234-1234-1234-123456789abc';
    const rows = [
      [
        1n,
        '1.25',
        [['a', null], []],
        [uuid, { months: 1, days: 2, microseconds: 3n }],
        Uint8Array.of(1, 2),
        true,
      ],
      [2n, null, [null], [null, null], null, false],
      [null, '-3.00', [], [uuid, null], new Uint8Array(30), null],
    ];
    await connection.run(`create or replace table many (i bigint, n decimal(10,2), l varchar[][],
      s struct(u uuid, d interval), k blob, f boolean, z int default 9)`);
    const appender = await connection.append(['many'], ['i', 'n', 'l', 's', 'k', 'f']);
    expect(appender.schema).toEqual(schema);
    await appender.append(batchOf(schema, rows));
    expect(await appender.finish()).toBe(3);
    expect(await connection.rows('select * exclude (z) from many')).toEqual(rows);
    expect(await connection.rows('select distinct z from many')).toEqual([[9]]);
  });

  it('runs in the transaction of its connection', async () => {
    await connection.run('begin');
    const appender = await connection.append(['t'], ['a']);
    await appender.appendText([['1'], ['2']]);
    expect(await appender.finish()).toBe(2);
    expect(await connection.rows('select a, b from t')).toEqual([
      [1, 'none'],
      [2, 'none'],
    ]);
    await connection.run('rollback');
    expect(await connection.rows('select count(*) from t')).toEqual([[0n]]);
  });

  it('leaves nothing behind when it is aborted, or breaks a constraint', async () => {
    const aborted = await connection.append(['t'], ['a']);
    await aborted.appendText([['1']]);
    await aborted.abort();
    await aborted.abort();
    const broken = await connection.append(['t'], ['b']);
    await broken.appendText([['x']]);
    await expect(broken.finish()).rejects.toMatchObject({ state: '23502' });
    expect(await connection.rows('select count(*) from t')).toEqual([[0n]]);
  });
});
