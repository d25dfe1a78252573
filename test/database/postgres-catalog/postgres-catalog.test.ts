/**
 * Clients' own catalogue queries over a mirrored database: what they ask literally, and what they must find.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type SqlType, type Value, Types, listOf, valueAt } from '../../../src/core/index.ts';
import type { Database, DatabaseConnection } from '../../../src/database/contract.ts';
import { openDatabase } from '../../../src/database/database.ts';
import { prepareDataDirectory } from '../../../src/database/postgres-catalog/data-directory.ts';
import {
  type CatalogSession,
  type PostgresCatalog,
  createPostgresCatalog,
} from '../../../src/database/postgres-catalog/postgres-catalog.ts';
import { readSnapshot } from '../../../src/database/postgres-catalog/read-snapshot.ts';
import { definitions, models } from './catalog-definitions.ts';
import { psql } from './psql-queries.ts';

let database: Database;
let connection: DatabaseConnection;
let catalog: PostgresCatalog;

beforeAll(async () => {
  await prepareDataDirectory();
  const score = () => ({ width: 0, scores: new Float64Array(0) });
  const hooks = { score, scoreNumbers: score, progress: () => [] };
  database = await openDatabase({ file: undefined, allowedPaths: [] }, hooks);
  connection = await database.connect();
  for (const statement of definitions.split(';')) await connection.rows(statement);
  catalog = await createPostgresCatalog();
}, 60_000);

afterAll(async () => {
  await catalog.close();
  await connection.close();
  await database.close();
});

async function session(more: Partial<CatalogSession> = {}): Promise<CatalogSession> {
  return {
    user: 'augur',
    databaseName: 'sales',
    processId: 4_711,
    settings: new Map([
      ['server_version', '15.0'],
      ['TimeZone', 'Europe/Berlin'],
    ]),
    searchPath: ['public'],
    snapshot: await readSnapshot(connection, models),
    ...more,
  };
}

/** All rows of a statement that the catalogue must claim. */
async function ask(
  sql: string,
  parameters: readonly Value[] = [],
  types: readonly (SqlType | undefined)[] = [],
  more: Partial<CatalogSession> = {},
): Promise<readonly (readonly Value[])[]> {
  expect(catalog.route(sql)).toBe('catalog');
  const result = await catalog.run(sql, parameters, types, await session(more));
  const rows: Value[][] = [];
  for await (const batch of result.batches) {
    for (let row = 0; row < batch.rowCount; row++)
      rows.push(batch.columns.map((column) => valueAt(column, row)));
  }
  return rows;
}

/** Runs what psql sends for a `\d NAME` of a kind: all result sets, the first being the name's look-up. */
async function describeRelation(
  command: string,
  name: string,
): Promise<readonly (readonly (readonly Value[])[])[]> {
  const queries = psql.get(command)!;
  const found = await ask(queries[0]!.replace('<name>', name));
  const results = [found];
  for (const query of queries.slice(1))
    results.push(await ask(query.replaceAll('<oid>', String(found[0]![0]))));
  return results;
}

describe('psql', () => {
  test('has all its commands here', () => {
    expect([...psql.keys()].map((key) => `${key} ${psql.get(key)!.length}`)).toEqual([
      '\\d 1',
      '\\d table 9',
      '\\d view 3',
      '\\d model 9',
      '\\dt 1',
      '\\dv 1',
      '\\l 1',
      '\\dn 1',
      '\\du 1',
      '\\di 1',
      '\\df duckdb* 1',
      '\\dt+ 1',
      '\\d+ table 9',
    ]);
  });

  test('\\d lists tables, views, sequences, and models as foreign tables', async () => {
    expect(await ask(psql.get('\\d')![0]!)).toEqual([
      ['public', 'churn', 'foreign table', 'augur'],
      ['public', 'customers', 'table', 'augur'],
      ['public', 'order_ids', 'sequence', 'augur'],
      ['public', 'orders', 'table', 'augur'],
      ['public', 'rich', 'view', 'augur'],
    ]);
  });

  test('\\d of a table shows types, defaults and keys', async () => {
    const results = await describeRelation('\\d table', 'customers');
    expect(results[2]!.map((row) => row.slice(0, 4))).toEqual([
      ['id', 'integer', null, true],
      ['Full Name', 'text', "'x''y'::text", true],
      ['balance', 'numeric(10,2)', null, false],
      ['tags', 'text[]', "duckdb_expression('main.list_value(''a'')'::text)::text[]", false],
      ['address', 'json', null, false],
      ['size', 'text', null, false],
      ['total', 'numeric(38,0)', null, false],
      ['seen', 'timestamp with time zone', null, false],
    ]);
    expect(results[3]!.map((row) => [row[0], row[1], row[5], row[6]])).toEqual([
      ['customers_pkey', true, expect.stringContaining('UNIQUE INDEX customers_pkey'), 'PRIMARY KEY (id)'],
      [
        'customers_Full Name_balance_key',
        false,
        expect.stringContaining('USING btree ("Full Name", balance)'),
        'UNIQUE ("Full Name", balance)',
      ],
    ]);
  });

  test('\\d+ shows comments', async () => {
    const results = await describeRelation('\\d+ table', 'customers');
    expect(results[2]![0]!.at(-1)).toBe('their number');
    expect((await ask(psql.get('\\dt+')![0]!))[0]!.at(-1)).toBe("people's data");
  });

  test('\\d of a view and of a model show their columns', async () => {
    const view = await describeRelation('\\d view', 'rich');
    expect(view[2]!.map((row) => row.slice(0, 2))).toEqual([
      ['id', 'integer'],
      ['balance', 'numeric(10,2)'],
    ]);
    const model = await describeRelation('\\d model', 'churn');
    expect(model[2]!.map((row) => row.slice(0, 2))).toEqual([
      ['balance', 'double precision'],
      ['tags', 'text[]'],
      ['left', 'boolean'],
    ]);
    expect(model[6]).toEqual([['models', "model_type 'LOGISTIC_REG'"]]);
    expect(await ask("SELECT obj_description('churn'::regclass)")).toEqual([['LOGISTIC_REG: who leaves']]);
  });

  test('\\dt \\dv \\di \\dn \\du \\l \\df', async () => {
    const first = async (command: string): Promise<readonly Value[]> => {
      const column = ['\\l', '\\dn', '\\du'].includes(command) ? 0 : 1;
      return (await ask(psql.get(command)![0]!)).map((row) => row[column]!);
    };
    expect(await first('\\dt')).toEqual(['customers', 'orders']);
    expect(await first('\\dv')).toEqual(['rich']);
    expect(await first('\\di')).toEqual([
      'customers_Full Name_balance_key',
      'customers_pkey',
      'orders_by_amount',
      'orders_expression',
    ]);
    expect(await first('\\dn')).toEqual(['augur', 'public', 'Üb er']);
    expect(await first('\\du')).toEqual(['augur']);
    expect(await first('\\l')).toEqual(['sales', 'template0', 'template1']);
    expect(await first('\\df duckdb*')).toEqual(['duckdb_expression']);
  });
});

describe('drivers and tools', () => {
  test("postgres.js's array types", async () => {
    const rows = await ask(`
      select b.oid, b.typarray
      from pg_catalog.pg_type a
      left join pg_catalog.pg_type b on b.oid = a.typelem
      where a.typcategory = 'A'
      group by b.oid, b.typarray
      order by b.oid`);
    expect(rows).toContainEqual([23n, 1007n]);
    expect(rows).toContainEqual([25n, 1009n]);
  });

  test("a driver's look-up of types by name, with a parameter", async () => {
    const sql = 'SELECT oid, typname, typelem FROM pg_type WHERE typname = ANY($1) ORDER BY oid';
    const described = await catalog.describe(sql, [], await session());
    expect(described).toEqual({
      parameterTypes: [listOf(Types.text)],
      schema: [
        { name: 'oid', type: Types.int8 },
        { name: 'typname', type: Types.text },
        { name: 'typelem', type: Types.int8 },
      ],
    });
    const types = described.parameterTypes;
    expect(await ask(sql, [['int4', '_int4']], types)).toEqual([
      [23n, 'int4', 0n],
      [1007n, '_int4', 23n],
    ]);
    expect(
      await ask('SELECT $1::regclass::text, format_type($2, -1)', ['orders', 23n], [Types.text, Types.int8]),
    ).toEqual([['orders', 'integer']]);
    expect(await ask('SELECT upper($1), current_schema()', ['é'], [Types.text])).toEqual([['É', 'public']]);
  });

  test('information_schema: tables, columns, keys', async () => {
    expect(
      await ask(`SELECT table_catalog, table_schema, table_name, table_type FROM information_schema.tables
        WHERE table_schema NOT IN ('pg_catalog', 'information_schema') ORDER BY 2, 3`),
    ).toEqual([
      ['sales', 'augur', 'models', 'VIEW'],
      ['sales', 'augur', 'progress', 'VIEW'],
      ['sales', 'public', 'churn', 'FOREIGN'],
      ['sales', 'public', 'customers', 'BASE TABLE'],
      ['sales', 'public', 'orders', 'BASE TABLE'],
      ['sales', 'public', 'rich', 'VIEW'],
      ['sales', 'Üb er', 'T "q', 'BASE TABLE'],
    ]);
    expect(
      await ask(
        `SELECT column_name, ordinal_position, data_type, is_nullable FROM information_schema.columns
        WHERE table_name = $1 ORDER BY 2`,
        ['T "q'],
        [Types.text],
      ),
    ).toEqual([
      ['a', 1, 'integer', 'YES'],
      ['é', 2, 'real', 'YES'],
    ]);
    expect(
      await ask(`SELECT k.table_name, k.column_name, c.constraint_type
        FROM information_schema.key_column_usage k
        JOIN information_schema.table_constraints c USING (constraint_schema, constraint_name)
        WHERE c.constraint_type <> 'UNIQUE' AND k.table_schema = 'public' ORDER BY 1, 2`),
    ).toEqual([
      ['customers', 'id', 'PRIMARY KEY'],
      ['orders', 'customer_id', 'FOREIGN KEY'],
    ]);
  });

  test("JDBC's getTables and getColumns", async () => {
    const tables = await ask(`
      SELECT NULL AS TABLE_CAT, n.nspname AS TABLE_SCHEM, c.relname AS TABLE_NAME,
        CASE n.nspname ~ '^pg_' OR n.nspname = 'information_schema' WHEN true THEN 'SYSTEM TABLE'
          ELSE
          CASE c.relkind WHEN 'r' THEN 'TABLE' WHEN 'v' THEN 'VIEW' WHEN 'f' THEN 'FOREIGN TABLE' END
          END AS TABLE_TYPE,
        d.description AS REMARKS
      FROM pg_catalog.pg_namespace n, pg_catalog.pg_class c
        LEFT JOIN pg_catalog.pg_description d ON (c.oid = d.objoid AND d.objsubid = 0
          AND d.classoid = 'pg_class'::regclass)
      WHERE c.relnamespace = n.oid AND n.nspname LIKE 'public' AND c.relkind IN ('r', 'v', 'f')
      ORDER BY TABLE_TYPE, TABLE_SCHEM, TABLE_NAME`);
    expect(tables).toEqual([
      [null, 'public', 'churn', 'FOREIGN TABLE', 'LOGISTIC_REG: who leaves'],
      [null, 'public', 'customers', 'TABLE', "people's data"],
      [null, 'public', 'orders', 'TABLE', null],
      [null, 'public', 'rich', 'VIEW', null],
    ]);
    const columns = await ask(`
      SELECT a.attname, a.atttypid, a.attnotnull OR (t.typtype = 'd' AND t.typnotnull) AS attnotnull,
        a.atttypmod,
        row_number() OVER (PARTITION BY a.attrelid ORDER BY a.attnum) AS attnum,
        pg_catalog.pg_get_expr(def.adbin, def.adrelid) AS adsrc
      FROM pg_catalog.pg_namespace n JOIN pg_catalog.pg_class c ON (c.relnamespace = n.oid)
        JOIN pg_catalog.pg_attribute a ON (a.attrelid = c.oid)
        JOIN pg_catalog.pg_type t ON (a.atttypid = t.oid)
        LEFT JOIN pg_catalog.pg_attrdef def ON (a.attrelid = def.adrelid AND a.attnum = def.adnum)
      WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relname = 'orders'
      ORDER BY n.nspname, c.relname, attnum`);
    expect(columns).toEqual([
      ['id', 20n, false, -1, 1n, "nextval('order_ids'::regclass)"],
      ['customer_id', 23n, false, -1, 2n, null],
      ['amount', 701n, false, -1, 3n, null],
    ]);
  });

  test("Metabase's foreign keys and pg_settings", async () => {
    expect(
      await ask(`SELECT fk_table.relname, fk_column.attname, pk_table.relname, pk_column.attname
        FROM pg_constraint c JOIN pg_class fk_table ON c.conrelid = fk_table.oid
          JOIN pg_class pk_table ON c.confrelid = pk_table.oid
          JOIN pg_attribute fk_column ON c.conrelid = fk_column.attrelid AND fk_column.attnum = ANY(c.conkey)
          JOIN pg_attribute pk_column ON c.confrelid = pk_column.attrelid
          AND pk_column.attnum = ANY(c.confkey)
        WHERE c.contype = 'f'::"char"`),
    ).toEqual([['orders', 'customer_id', 'customers', 'id']]);
    expect(await ask("SELECT setting FROM pg_settings WHERE name = 'server_version'")).toEqual([['15.0']]);
  });
});

describe('a session', () => {
  test('sees its own user, database, process and settings', async () => {
    const sql = `SELECT current_user, session_user, current_database(), pg_backend_pid(),
      current_setting('timezone'),
      current_setting('server_version'), current_setting('no.such', true), version(), current_schemas(false)`;
    expect(await ask(sql)).toEqual([
      [
        'augur',
        'augur',
        'sales',
        4_711,
        'Europe/Berlin',
        '15.0',
        null,
        expect.stringMatching(/^PostgreSQL 15\.0 \(Augur 0\.1\.0\)/),
        ['public'],
      ],
    ]);
    const other = { user: 'Ann "A"', processId: 5, searchPath: ['Üb er', 'public'], settings: new Map() };
    expect(await ask(sql, [], [], other)).toEqual([
      ['Ann "A"', 'Ann "A"', 'sales', 5, 'UTC', '18.6', null, expect.any(String), ['Üb er', 'public']],
    ]);
  });

  test('sees its uncommitted and temporary tables; another session does not', async () => {
    const sql = `SELECT relname FROM pg_class WHERE relname IN ('fresh', 'passing') ORDER BY 1`;
    const other = await database.connect();
    await connection.rows('BEGIN');
    await connection.rows('CREATE TABLE public.fresh (a INTEGER)');
    await connection.rows('CREATE TEMP TABLE passing (a INTEGER)');
    expect(await ask(sql)).toEqual([['fresh'], ['passing']]);
    expect(await ask("SELECT 'passing'::regclass::oid::regclass::text")).toEqual([['passing']]);
    expect(await ask(sql, [], [], { snapshot: await readSnapshot(other, models) })).toEqual([]);
    await connection.rows('ROLLBACK');
    expect(await ask(sql)).toEqual([]);
    await other.close();
  });

  test('follows what changes, and keeps the rest', async () => {
    const before = await ask("SELECT 'customers'::regclass::oid, 'orders'::regclass::oid");
    await connection.rows('ALTER TABLE public.orders ADD COLUMN note VARCHAR');
    const after = await ask("SELECT 'customers'::regclass::oid, 'orders'::regclass::oid");
    expect(after[0]![0]).toBe(before[0]![0]);
    expect(after[0]![1]).not.toBe(before[0]![1]);
    const previous = await readSnapshot(connection, models);
    expect(await readSnapshot(connection, models, previous)).toBe(previous);
    const without = await readSnapshot(connection, [], previous);
    expect(await ask("SELECT to_regclass('churn')", [], [], { snapshot: without })).toEqual([[null]]);
  });
});

describe('failures', () => {
  test('carry state, message, position and hint as PostgreSQL gives them', async () => {
    const sql = "SELECT 'é', relnam FROM pg_class";
    await expect(ask(sql)).rejects.toMatchObject({
      state: '42703',
      message: 'column "relnam" does not exist',
      position: sql.indexOf('relnam'),
      hint: 'Perhaps you meant to reference the column "pg_class.relname" or the column "pg_class.relam".',
    });
    await expect(ask("SELECT 'nowhere'::regclass")).rejects.toMatchObject({
      state: '42P01',
      message: 'relation "nowhere" does not exist',
    });
    expect(await ask('SELECT count(*) FROM pg_am')).toEqual([[7n]]);
  });

  test('nothing can be written', async () => {
    const sql =
      'SELECT lower(lo_name) FROM (SELECT pg_current_xact_id()::text AS lo_name FROM pg_am LIMIT 1) x';
    expect((await ask(sql)).length).toBe(1);
    await expect(catalog.run('CREATE TABLE public.t (a int)', [], [], await session())).rejects.toMatchObject(
      { state: '25006' },
    );
  });

  test('a statement that takes too long is stopped, and the catalogue is there again', async () => {
    const quick = await createPostgresCatalog({ statementTimeoutMs: 1_000 });
    const endless = 'SELECT count(*) FROM pg_proc a, pg_proc b, pg_proc c, pg_proc d';
    await quick.refresh((await session()).snapshot);
    await expect(quick.run(endless, [], [], await session())).rejects.toMatchObject({ state: '57014' });
    const stop = AbortSignal.timeout(50);
    await quick.refresh((await session()).snapshot);
    await expect(quick.run(endless, [], [], await session({ signal: stop }))).rejects.toMatchObject({
      state: '57014',
      message: 'canceling statement due to user request',
    });
    const slow = await session();
    await quick.refresh(slow.snapshot);
    const result = await quick.run("SELECT 'customers'::regclass::text", [], [], slow);
    for await (const batch of result.batches) expect(valueAt(batch.columns[0]!, 0)).toBe('customers');
    expect(result.tag(1)).toBe('SELECT 1');
    await quick.close();
    await expect(quick.run(endless, [], [], slow)).rejects.toMatchObject({
      message: 'the catalogue is closed',
    });
  });
});
