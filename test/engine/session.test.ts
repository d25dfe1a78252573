/** A session's own rules: settings, scripts that are not read to their end, prepared statements, pipelines. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Types } from '../../src/core/index.ts';
import type { Engine, Session } from '../../src/engine/index.ts';
import { failureOf, openEngine, openSession, resultRows, rowsOf } from '../support/engine-fixture.ts';

let engine: Engine;
let session: Session;

beforeAll(async () => {
  engine = await openEngine();
  session = await openSession(engine);
  await rowsOf(
    session,
    `CREATE TABLE line AS SELECT i AS x, 2 * i + 1 AS y FROM range(60) r(i);
     CREATE MODEL slope OPTIONS (MODEL_TYPE='LINEAR_REG', INPUT_LABEL_COLS='y') AS SELECT x, y FROM line`,
  );
});
afterAll(() => engine.close());
beforeEach(() => rowsOf(session, 'DROP TABLE IF EXISTS made'));

async function countMade(): Promise<unknown> {
  return (await rowsOf(session, `SELECT count(*) FROM duckdb_tables() WHERE table_name = 'made'`))[0]![0];
}

describe('settings', () => {
  test('are set, shown, reset, and told to the client when it must know', async () => {
    const told: string[] = [];
    session.onSettingChange = (name, value) => told.push(`${name}=${value}`);
    await rowsOf(
      session,
      `SET TIME ZONE 'Asia/Tokyo'; SET application_name = 'Bücher'; SET statement_timeout = '2min'`,
    );
    expect(await rowsOf(session, 'SHOW timezone')).toEqual([['Asia/Tokyo']]);
    expect(await rowsOf(session, `SELECT CAST(TIMESTAMPTZ '2024-01-01 00:00:00+00' AS VARCHAR)`)).toEqual([
      ['2024-01-01 09:00:00+09'],
    ]);
    expect(await rowsOf(session, 'SHOW statement_timeout')).toEqual([['2min']]);
    await rowsOf(session, 'RESET ALL');
    expect(await rowsOf(session, 'SHOW TimeZone')).toEqual([['UTC']]);
    expect(told).toEqual([
      'TimeZone=Asia/Tokyo',
      'application_name=Bücher',
      'application_name=',
      'TimeZone=UTC',
    ]);
    session.onSettingChange = () => undefined;
  });

  test.each([
    ['SET timezon = 1', '42704', 'unrecognized configuration parameter "timezon"'],
    [`SET timezone = 'Nowhere/Land'`, '22023', 'invalid value for parameter "timezone": "Nowhere/Land"'],
    [`SET client_encoding = 'LATIN1'`, '22023', 'invalid value for parameter "client_encoding": "LATIN1"'],
    ['SET server_version = 1', '55P02', 'parameter "server_version" cannot be changed'],
    [`SET statement_timeout = 'soon'`, '22023', 'invalid value for parameter "statement_timeout": "soon"'],
    ['SHOW nosuch', '42704', 'unrecognized configuration parameter "nosuch"'],
  ])('%s', async (sql, state, message) => {
    const failure = await failureOf(rowsOf(session, sql));
    expect([failure.state, failure.message]).toEqual([state, message]);
  });

  test('a name with a dot is a custom one', async () => {
    await rowsOf(session, `SET my.flag = 'on'`);
    expect(session.setting('my.flag')).toBe('on');
  });

  test('belong to one session', async () => {
    const other = await openSession(engine);
    await rowsOf(session, `SET timezone = 'Asia/Tokyo'`);
    expect(other.setting('TimeZone')).toBe('UTC');
    await other.close();
    await rowsOf(session, 'RESET timezone');
  });
});

describe('scripts', () => {
  test('one that is not read to its end keeps nothing', async () => {
    for await (const result of session.query('CREATE TABLE made (a INTEGER); SELECT 1; SELECT 2')) {
      if (result.kind === 'rows') break;
    }
    expect(await countMade()).toBe(0n);
    expect(session.transactionStatus).toBe('idle');
  });

  test('one that fails in the middle of its rows keeps nothing', async () => {
    const sql = `CREATE TABLE made (a INTEGER); SELECT CAST(CASE WHEN i = 90000 THEN 'x' ELSE '1' END AS INTEGER) FROM range(100000) r(i)`;
    expect((await failureOf(rowsOf(session, sql))).state).toBe('22P02');
    expect(await countMade()).toBe(0n);
  });

  test('an empty one gives an empty tag', async () => {
    const tags: string[] = [];
    for await (const result of session.query(' -- nothing\n'))
      if (result.kind === 'command') tags.push(result.tag);
    expect(tags).toEqual(['']);
  });

  test('command tags are those of PostgreSQL', async () => {
    const tags: string[] = [];
    const script = `CREATE TABLE made (a INTEGER); INSERT INTO made VALUES (1), (2); UPDATE made SET a = 3; SELECT a FROM made;
      DELETE FROM made WHERE a = 3; CREATE VIEW seen AS SELECT 1; DROP VIEW seen; TRUNCATE made; DROP TABLE made`;
    for await (const result of session.query(script)) {
      if (result.kind === 'rows') tags.push(result.tag((await resultRows(result)).length));
      else if (result.kind === 'command') tags.push(result.tag);
    }
    expect(tags).toEqual([
      'CREATE TABLE',
      'INSERT 0 2',
      'UPDATE 2',
      'SELECT 2',
      'DELETE 2',
      'CREATE VIEW',
      'DROP VIEW',
      'TRUNCATE TABLE',
      'DROP TABLE',
    ]);
  });
});

describe('prepared statements', () => {
  test('describe parameters and columns of a call, and run with values', async () => {
    const text =
      'SELECT predicted_y, x, $2 AS note FROM ML.PREDICT(MODEL slope, (SELECT x FROM line WHERE x < $1)) ORDER BY x';
    const prepared = await session.prepare(text, []);
    expect(prepared.parameterTypes).toEqual([Types.int8, Types.text]);
    expect(prepared.schema).toEqual([
      { name: 'predicted_y', type: Types.float8 },
      { name: 'x', type: Types.int8 },
      { name: 'note', type: Types.text },
    ]);
    const rows = await resultRows(await session.execute(prepared, [2n, 'n'], false));
    expect(rows.map(([value, ...rest]) => [Math.round(value as number), ...rest])).toEqual([
      [1, 0n, 'n'],
      [3, 1n, 'n'],
    ]);
  });

  test('a training has parameters, too, and no columns', async () => {
    const text = `CREATE OR REPLACE MODEL made OPTIONS (MODEL_TYPE='KMEANS', NUM_CLUSTERS=2) AS SELECT x FROM line WHERE x < $1`;
    const prepared = await session.prepare(text, []);
    expect(prepared.parameterTypes).toEqual([Types.int8]);
    expect(prepared.schema).toBeUndefined();
    await session.execute(prepared, [30n], false);
    expect(await rowsOf(session, `SELECT training_rows FROM augur.models WHERE model_name = 'made'`)).toEqual(
      [[30n]],
    );
    await rowsOf(session, 'DROP MODEL made');
  });

  test.each([
    ["EXPLAIN CREATE MODEL e OPTIONS (MODEL_TYPE='KMEANS') AS SELECT x FROM line", ['QUERY PLAN']],
    ['SHOW MODELS', ['schema_name', 'model_name', 'model_type', 'version', 'label', 'created_at']],
    ['DESCRIBE MODEL slope', ['property', 'value']],
    ['SHOW TimeZone', ['TimeZone']],
  ])('columns of %s are known before it runs', async (text, names) => {
    const prepared = await session.prepare(text, []);
    expect(prepared.schema?.map((column) => column.name.toLowerCase())).toEqual(
      names.map((name) => name.toLowerCase()),
    );
  });

  test('errors keep their place', async () => {
    const text = 'SELECT 1,\n  nosuch FROM ML.PREDICT(MODEL slope, TABLE line)';
    const failure = await failureOf(session.prepare(text, []));
    expect([failure.state, text.slice(failure.position)]).toEqual([
      '42703',
      text.slice(text.indexOf('nosuch')),
    ]);
  });
});

describe('pipelines', () => {
  test('statements up to a sync are one transaction', async () => {
    const create = await session.prepare('CREATE TABLE made (a INTEGER)', []);
    await session.execute(create, [], true);
    await session.sync(true);
    expect(await countMade()).toBe(0n);
    await session.execute(create, [], true);
    await session.sync(false);
    expect(await countMade()).toBe(1n);
  });

  test('a training in a failed pipeline leaves no model', async () => {
    const text = `CREATE MODEL made OPTIONS (MODEL_TYPE='KMEANS', NUM_CLUSTERS=2) AS SELECT x FROM line`;
    await session.execute(await session.prepare(text, []), [], true);
    await session.sync(true);
    expect(await rowsOf(session, `SELECT count(*) FROM augur.models WHERE model_name = 'made'`)).toEqual([
      [0n],
    ]);
  });

  test('BEGIN at its head makes a block that the sync leaves open', async () => {
    await session.execute(await session.prepare('BEGIN READ ONLY', []), [], true);
    const create = await session.prepare('CREATE TABLE made (a INTEGER)', []);
    expect((await failureOf(session.execute(create, [], true))).state).toBe('25006');
    await session.sync(true);
    expect(session.transactionStatus).toBe('failed');
    await rowsOf(session, 'ROLLBACK');
  });
});
