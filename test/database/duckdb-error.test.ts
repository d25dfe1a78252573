import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EngineError } from '../../src/core/index.ts';
import type { Database, DatabaseConnection } from '../../src/database/index.ts';
import { openTestDatabase } from '../support/open-database.ts';

let database: Database;
let connection: DatabaseConnection;
beforeAll(async () => {
  database = await openTestDatabase();
  connection = await database.connect();
  await connection.run('create table t (a int primary key, b varchar not null, c int check (c > 0))');
  await connection.run("insert into t values (1, 'x', 1)");
  await connection.run('create table child (a int references t (a))');
});
afterAll(() => database.close());

/** The error a statement fails with. */
async function failure(sql: string): Promise<EngineError> {
  try {
    await connection.rows(sql);
  } catch (thrown) {
    if (thrown instanceof EngineError) return thrown;
    throw thrown;
  }
  return expect.fail(`${sql} did not fail`);
}

describe('fromDuckdbError', () => {
  it.each([
    ['selec 1', '42601', 'selec'],
    ['select * from', '42601', undefined],
    ["select 'é', x from t", '42703', 'x'],
    ['select t2.a from t', '42P01', 't2'],
    ['select * from nowhere', '42P01', 'nowhere'],
    ['drop table nowhere', '42P01', undefined],
    ['drop view nowhere', '42P01', undefined],
    ['insert into t (zz) values (1)', '42703', undefined],
    ['select nothing_such(1)', '42883', 'nothing_such'],
    ['select lower(1, 2)', '42883', 'lower'],
    ['select a from t x, t y', '42702', 'a'],
    ['select max(a), b from t', '42803', 'b'],
    ['create table t (a int)', '42P07', undefined],
    ['create schema public', '42P06', undefined],
    ['create table nowhere.t (a int)', '3F000', undefined],
    ['create table d (a int, a int)', '42701', undefined],
    ["select 'abc'::int", '22P02', undefined],
    ['select 300::tinyint', '22003', undefined],
    ['select 9223372036854775807 + 1', '22003', undefined],
    ["select '2020-99-99'::date", '22007', undefined],
    ["insert into t values (1, 'y', 1)", '23505', undefined],
    ['insert into t values (2, null, 1)', '23502', undefined],
    ["insert into t values (2, 'y', 0)", '23514', undefined],
    ['insert into child values (99)', '23503', undefined],
    ['select (select unnest([1, 2]))', '21000', undefined],
    ['select 1; select 2', '42601', undefined],
    ['rollback', '25P01', undefined],
    ["select * from read_csv('/etc/passwd')", '42501', undefined],
    ["select * from '/etc/passwd.csv'", '42501', undefined],
  ])('%s fails with %s', async (sql, state, at) => {
    const error = await failure(sql);
    expect([error.state, error.message]).toEqual([state, expect.any(String)]);
    if (at !== undefined) expect(sql.slice(error.position)).toMatch(new RegExp(`^${at}`));
    expect(error.message).not.toMatch(/Error:|LINE 1|exception_type|\n/);
  });

  it('says what DuckDB suggests as a hint', async () => {
    expect((await failure('select * from tt')).hint).toBe('Did you mean "t"?');
    expect((await failure('select aa from t')).hint).toBe('Candidate bindings: "a"');
  });

  it('tells the states of a transaction block', async () => {
    await connection.run('begin');
    expect((await failure("select 'abc'::int")).state).toBe('22P02');
    expect((await failure('select 1')).state).toBe('25P02');
    await connection.run('rollback');
    await connection.run('begin');
    expect((await failure('begin')).state).toBe('25001');
    await connection.run('rollback');
  });

  it("tells the engine's own names apart from users' keys", async () => {
    await connection.run('create table names (name_key varchar primary key)');
    const twice = `insert into names values ('augur-model:"public"."m 1"')`;
    await connection.run(twice);
    expect(await failure(twice)).toMatchObject({
      state: '40001',
      message: 'could not serialize access due to concurrent change of model "public.m 1"',
    });
  });

  it('calls a conflict of two transactions a serialization failure', async () => {
    const other = await database.connect();
    await connection.run('create table counter (n int)');
    await connection.run('insert into counter values (1)');
    await connection.run('begin');
    await other.run('begin');
    await other.run('update counter set n = 2');
    expect(await failure('update counter set n = 3')).toMatchObject({
      state: '40001',
      message: 'could not serialize access due to concurrent update',
    });
    await connection.run('rollback');
    await other.run('commit');
    expect(await connection.rows('select n from counter')).toEqual([[2]]);
    await other.close();
  });
});
