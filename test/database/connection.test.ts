import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Batch, type RowsResult, Types, listOf, structOf } from '../../src/core/index.ts';
import type { Database, DatabaseConnection } from '../../src/database/index.ts';
import { openTestDatabase } from '../support/open-database.ts';

let database: Database;
let connection: DatabaseConnection;
beforeAll(async () => {
  database = await openTestDatabase();
  const first = await database.connect();
  await first.run('create table t (a int, b varchar)');
  await first.run("insert into t select i, 'row ' || i from range(10) r(i)");
});
beforeEach(async () => {
  connection = await database.connect();
});
afterEach(() => connection.close());
afterAll(() => database.close());

async function openRows(sql: string): Promise<RowsResult> {
  const result = await connection.run(sql);
  return result.kind === 'rows' ? result : expect.fail('no rows');
}
const forever = 'select count(*) from range(1000000) a, range(1000000) b where (a.range * b.range) % 7 = 3';

describe('describe', () => {
  it('tells columns and parameters of table functions', async () => {
    const series = await connection.describe('SELECT * FROM generate_series(1, $1) t(n)', [undefined]);
    expect(series).toEqual({ parameterTypes: [Types.int8], schema: [{ name: 'n', type: Types.int8 }] });
    const declared = await connection.describe('SELECT n FROM range($1::INTEGER) t(n)', [undefined]);
    expect(declared.schema).toEqual([{ name: 'n', type: Types.int8 }]);
  });

  it('tells parameters and columns', async () => {
    expect(
      await connection.describe(
        'select a, b, count(*) from t where a > $1 and b like $2 group by all limit $3',
      ),
    ).toEqual({
      parameterTypes: [Types.int4, Types.text, Types.int8],
      schema: [
        { name: 'a', type: Types.int4 },
        { name: 'b', type: Types.text },
        { name: 'count', type: Types.int8 },
      ],
    });
  });

  it.each([
    ['select $1', undefined, [Types.text], [Types.text]],
    ['select $1', [Types.timestamp], [Types.timestamp], [Types.timestamp]],
    ['select $1 + 1', undefined, [Types.int8], [Types.int8]],
    ['select $2, $1', [undefined, Types.date], [Types.text, Types.date], [Types.date, Types.text]],
    ['select a from t where a = any($1)', undefined, [listOf(Types.int8)], [Types.int4]],
    ['select $1, a from t where a = $1', undefined, [Types.int4], [Types.int4, Types.int4]],
    ["select '$1', $1", [Types.float8], [Types.float8], [Types.text, Types.float8]],
  ])('resolves the parameters of %s', async (sql, declared, parameters, columns) => {
    const described = await connection.describe(sql, declared);
    expect(described.parameterTypes).toEqual(parameters);
    expect(described.schema?.map((column) => column.type)).toEqual(columns);
  });

  it.each([
    'insert into t values ($1, $2)',
    'update t set a = 1',
    'create table u (a int)',
    'begin',
    "set timezone = 'UTC'",
  ])('tells that %s gives no rows', async (sql) => {
    expect((await connection.describe(sql)).schema).toBeUndefined();
  });

  it.each([
    'explain select 1',
    'show tables',
    'pragma table_info(t)',
    'call pragma_version()',
    'summarize t',
    'describe t',
  ])('tells that %s gives rows', async (sql) => {
    expect((await connection.describe(sql)).schema?.length).toBeGreaterThan(0);
    expect((await connection.rows(sql)).length).toBeGreaterThan(0);
  });

  it('places an error in the text as written, behind rewritten parameters', async () => {
    const sql = "select $1, 'é', nope from t";
    await expect(connection.describe(sql, [Types.int4])).rejects.toMatchObject({
      state: '42703',
      position: sql.indexOf('nope'),
    });
  });
});

describe('run', () => {
  it('binds values of every type', async () => {
    const types = [
      Types.boolean,
      Types.int2,
      Types.int4,
      Types.int8,
      Types.float4,
      Types.float8,
      Types.text,
      Types.bytea,
      Types.date,
      Types.time,
      Types.timestamp,
      Types.timestamptz,
      Types.interval,
      Types.uuid,
      Types.json,
      { kind: 'numeric', precision: 20, scale: 2 } as const,
      listOf(Types.int4),
      listOf(Types.uuid),
      structOf({ name: 'f', type: Types.text }, { name: 'g', type: Types.float8 }),
    ];
    const uuid = '12345678-1234-1234-1234-123456789abc';
    const values = [
      true,
      -2,
      3,
      4n,
      0.5,
      Number.NaN,
      "it's $1",
      Uint8Array.of(0, 1),
      -5,
      6n,
      -7n,
      8n,
      { months: 1, days: 2, microseconds: 3n },
      uuid,
      '{"a": 1}',
      '-12.50',
      [1, null, 3],
      [uuid],
      ['x', 2.5],
    ];
    const sql = `select ${types.map((_, index) => `$${index + 1}`).join(', ')}`;
    expect(await connection.rows(sql, values, types)).toEqual([values]);
    const nulls = types.map(() => null);
    expect(await connection.rows(sql, nulls, types)).toEqual([nulls]);
  });

  it('counts what was changed', async () => {
    expect(await connection.run('create temp table u as select * from range(3)')).toEqual({
      kind: 'changed',
      rowCount: 3,
    });
    expect(await connection.run('insert into u values (7), (8)')).toEqual({ kind: 'changed', rowCount: 2 });
    expect(await connection.run('delete from u where range < 2')).toEqual({ kind: 'changed', rowCount: 2 });
    const returning = await openRows('update u set range = 1 returning range');
    expect(returning.tag(3)).toBe('UPDATE 3');
    const batches: Batch[] = [];
    for await (const batch of returning.batches) batches.push(batch);
    expect(batches.map((batch) => batch.rowCount)).toEqual([3]);
  });

  it('finds and makes unqualified tables in public, and those of main', async () => {
    await connection.run('create table main.old (a int)');
    await connection.run('create table fresh (a int)');
    expect(await connection.rows('select count(*) from old')).toEqual([[0n]]);
    expect(
      await connection.rows("select schema_name from duckdb_tables() where table_name = 'fresh'"),
    ).toEqual([['public']]);
    expect(await connection.rows('select 5 / 2')).toEqual([[2]]);
  });

  it('streams a million rows in batches, without holding them', async () => {
    const result = await openRows('select i, i * 2.0::double d, [i] l from range(1000000) r(i)');
    const before = process.memoryUsage().rss;
    let rowCount = 0;
    let sum = 0;
    for await (const batch of result.batches) {
      expect(batch.rowCount).toBeLessThanOrEqual(2048);
      rowCount += batch.rowCount;
      for (const value of batch.columns[1]!.values as Float64Array) sum += value;
    }
    expect([rowCount, sum]).toEqual([1000000, 999999000000]);
    expect(process.memoryUsage().rss - before).toBeLessThan(300 * 1024 * 1024);
  });

  it('gives up a stream that was not read to its end', async () => {
    const result = await openRows('select i from range(1000000) r(i)');
    for await (const batch of result.batches) {
      expect(batch.rowCount).toBe(2048);
      break;
    }
    expect(await connection.rows('select 1')).toEqual([[1]]);
  });

  it('never ends a superseded stream as if it were complete', async () => {
    const iterator = (await openRows('select i from range(1000000) r(i)')).batches[Symbol.asyncIterator]();
    expect((await iterator.next()).done).toBe(false);
    expect(await connection.rows('select 1')).toEqual([[1]]);
    await expect(iterator.next()).rejects.toMatchObject({ state: '55000' });
  });
});

describe('interrupt', () => {
  it.each([0, 1, 20])('cancels a running statement after %i ms', async (delay) => {
    const running = connection.rows(forever);
    if (delay === 0) connection.interrupt();
    else setTimeout(() => connection.interrupt(), delay);
    const start = performance.now();
    await expect(running).rejects.toMatchObject({ state: '57014' });
    expect(performance.now() - start).toBeLessThan(delay + 1000);
    expect(await connection.rows('select 1')).toEqual([[1]]);
  });

  it('cancels a stream between two reads, and during one', async () => {
    const idle = (await openRows('select i from range(10000000) r(i)')).batches[Symbol.asyncIterator]();
    await idle.next();
    connection.interrupt();
    await expect(idle.next()).rejects.toMatchObject({ state: '57014' });
    const result = await openRows('select i from range(100000000) r(i)');
    setTimeout(() => connection.interrupt(), 10);
    let rowCount = 0;
    const reading = (async () => {
      for await (const batch of result.batches) rowCount += batch.rowCount;
    })();
    await expect(reading).rejects.toMatchObject({ state: '57014' });
    expect(rowCount).toBeLessThan(100000000);
    expect(await connection.rows('select 1')).toEqual([[1]]);
  });

  it('does nothing when nothing runs', async () => {
    connection.interrupt();
    expect(await connection.rows('select 1')).toEqual([[1]]);
  });
});

describe('close', () => {
  it('cancels what runs, rolls back, and can be called again', async () => {
    const other = await database.connect();
    await other.run('begin');
    await other.run('insert into t values (99, null)');
    const running = other.rows(forever);
    const failed = expect(running).rejects.toMatchObject({ state: '57014' });
    await Promise.all([other.close(), other.close(), failed]);
    expect(await connection.rows('select count(*) from t where a = 99')).toEqual([[0n]]);
    await expect(other.rows('select 1')).rejects.toMatchObject({ state: '08006' });
  });
});
