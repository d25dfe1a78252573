import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database, DatabaseConnection } from '../../src/database/index.ts';
import { openTestDatabase } from '../support/open-database.ts';

let directory: string;
let allowed: string;
let database: Database;
let connection: DatabaseConnection;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'augur-screen-'));
  allowed = mkdtempSync(join(tmpdir(), 'augur-allowed-'));
  writeFileSync(join(allowed, 'data.csv'), 'a,b\n1,x\n');
  writeFileSync(join(directory, 'secret.csv'), 'a\n1\n');
  symlinkSync(join(directory, 'secret.csv'), join(allowed, 'link.csv'));
  database = await openTestDatabase({ file: join(directory, 'main.db'), allowedPaths: [allowed] });
  connection = await database.connect();
  await connection.run('create table t (a int)');
  await connection.run('create table augur.secrets (a int)');
});
afterAll(async () => {
  await database.close();
  for (const path of [directory, allowed]) rmSync(path, { recursive: true });
});

const file = (name: string): string => join(allowed, name);

describe('screenStatement', () => {
  it.each([
    `select * from read_blob('{db}')`,
    `select * from "read_blob"('{db}')`,
    `select * from main.read_text('/etc/passwd')`,
    `select * from read_csv('{allowed}/../../etc/passwd')`,
    `select * from read_csv('{allow' || 'ed}/data.csv')`,
    `select * from read_csv(['{allowed}/data.csv', '/etc/passwd'])`,
    `select * from read_csv($1)`,
    `select * from read_csv(getvariable('x'))`,
    `select * from read_parquet('https://example.com/x.parquet')`,
    `select * from glob('/*')`,
    `select * from '/etc/x.csv'`,
    `select * from "{db}"`,
    `select * from t, '{db}'`,
    `select * from '{db}.wal'`,
    `copy t to '{db}.wal'`,
    `copy t to '/tmp/x.csv'`,
    `copy t to ('{allowed}' || '/x.csv')`,
    `copy (select 1) to '/tmp/x.parquet' (format parquet)`,
    `copy t from '/etc/passwd'`,
    `copy from database main to other`,
    `explain analyze copy t to '/tmp/x.csv'`,
    `explain (format json) copy t to '/tmp/x.csv'`,
    `prepare p as copy t to '/tmp/x.csv'`,
    `attach '/tmp/x.db'`,
    `select 1; attach '/tmp/x.db'`,
    `/* x */ detach main`,
    `install httpfs`,
    `load httpfs`,
    `force install httpfs`,
    `export database '{allowed}/x'`,
    `import database '{allowed}/x'`,
    `use augur`,
    `update extensions`,
    `set enable_external_access = true`,
    `set global memory_limit = '1TB'`,
    `reset allowed_directories`,
    `set search_path = 'public,augur'`,
    `set schema = 'augur'`,
    `pragma enable_profiling`,
    `pragma memory_limit = '1TB'`,
    `pragma table_info('augur.secrets')`,
    `call enable_logging(storage = 'file')`,
    `create secret s (type s3)`,
    `create or replace persistent secret s (type s3)`,
    `select * from query('attach ...')`,
    `select * from query_table(['t'])`,
    `from json_execute_serialized_sql('...')`,
    `select * from arrow_scan(1, 2, 3)`,
    `select * from augur.secrets`,
    `select * from "AUGUR"."secrets"`,
    `select * from main_db.augur.secrets`,
    `select a from t where a in (select a from augur . secrets)`,
    `insert into augur.secrets values (1)`,
    `delete from augur.secrets`,
    `drop view augur.models`,
    `drop view if exists augur.models`,
    `create or replace view augur.progress as select 1`,
    `drop view main.augur.models`,
    `create or replace view main . "augur".models as select 1`,
    `alter view if exists main.augur.models rename to other`,
    `attach\u00a0'/tmp/x.db'`,
    `\ufeffset\u3000memory_limit = '1TB'`,
    `select * from augur\u200b.secrets`,
    `select * from query\u2003('select 1')`,
    `select $a\u00a0b$, (select count(*) from augur.secrets), $a\u00a0b$`,
    `select * from read_blob(E'{allowed}/\\x2e\\x2e/main.db')`,
    `select * from read_blob(E'{allowed}/\\56\\56/main.db')`,
    `select * from t, E'/\\x2e{db}'`,
    `create table augur.mine (a int)`,
    `create schema augur`,
    `drop schema augur cascade`,
    `select __augur_score('v', [1.0], null, null, null)`,
    `select * from "__AUGUR_progress"()`,
    `create macro f(x) as __augur_score(x, null, null, null, null)`,
  ])('refuses %s', (template) => {
    const sql = template.replaceAll('{db}', join(directory, 'main.db')).replaceAll('{allowed}', allowed);
    expect(() => connection.screen(sql)).toThrow(expect.objectContaining({ state: '42501' }));
  });

  it.each([
    `select 'attach', "load" from (select 1 as "load") -- install x`,
    `select 'see read_blob(''x'')'`,
    `with a as (select 1 x) select * from a`,
    `select * from read_csv('{allowed}/data.csv')`,
    `select * from read_csv(['{allowed}/data.csv'], header = true)`,
    `copy (select 1 as x) to '{allowed}/out.csv' (format csv)`,
    `select * from '{allowed}/data.csv'`,
    `explain select 1`,
    `set timezone = 'Europe/Rome'`,
    `set time zone 'UTC'`,
    `set variable x = 1`,
    `pragma table_info('t')`,
    `pragma version`,
    `select count(*) from augur.progress`,
    `create or replace view progress as select * from augur.progress`,
    `select histogram(a) from t`,
    `create schema if not exists mine`,
    `insert into t select 1`,
    `checkpoint`,
  ])('lets %s pass, and it runs', async (template) => {
    const sql = template.replaceAll('{allowed}', allowed);
    connection.screen(sql);
    await connection.rows(sql);
  });

  it.each([
    'create table m (a int)',
    'drop table t',
    'create view v as select 1',
    'alter table t rename to m',
  ])('refuses EXPLAIN of %s, which would run it', (sql) => {
    for (const explain of ['explain', 'explain analyze', 'explain (format json)']) {
      const unsupported = expect.objectContaining({ state: '0A000', position: explain.length + 1 });
      expect(() => connection.screen(`${explain} ${sql}`)).toThrow(unsupported);
    }
  });

  it('points at what it refuses', () => {
    const sql = `select 1, (select count(*) from read_blob('/x'))`;
    expect(() => connection.screen(sql)).toThrow(expect.objectContaining({ position: sql.indexOf("'/x'") }));
  });

  it('knows every table function there is', async () => {
    const harmless = new RegExp(
      '^(duckdb_|pragma_)|^(generate_series|range|repeat|repeat_row|unnest|summary|json_each|json_tree' +
        '|checkpoint|icu_calendar_names|pg_timezone_names|test_all_types|test_vector_types' +
        '|sql_auto_complete)$',
    );
    const rows = await connection.rows(
      "select distinct function_name from duckdb_functions() where function_type = 'table'",
    );
    const unknown = rows
      .map(([name]) => String(name))
      .filter((name) => {
        try {
          connection.screen(`select * from ${name}('/etc/passwd')`);
          return !harmless.test(name);
        } catch {
          return false;
        }
      });
    expect(rows.length).toBeGreaterThan(50);
    expect(unknown).toEqual([]);
  });

  it('does not follow a link out of an allowed directory', async () => {
    const sql = `select * from read_csv('${file('link.csv')}')`;
    const outcome = (async () => {
      connection.screen(sql);
      return connection.rows(sql);
    })();
    await expect(outcome).rejects.toMatchObject({ state: '42501' });
  });
});
