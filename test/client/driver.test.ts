/** The drivers pg and postgres: parameters of all types, calls in prepared statements, rows by count, COPY, pipelines. */
import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  createPoints,
  endlessTraining,
  startClientServer,
  type ClientServer,
} from '../support/client-server.ts';

let server: ClientServer;

beforeAll(async () => {
  server = await startClientServer();
  await server.augur.query(
    `CREATE TABLE line AS SELECT i AS x, CAST(2 * i + 1 AS DOUBLE) AS y, i % 2 = 0 AS even FROM range(60) r(i);
     CREATE MODEL slope OPTIONS (MODEL_TYPE='LINEAR_REG', INPUT_LABEL_COLS='y') AS SELECT x, y FROM line;
     CREATE MODEL parity OPTIONS (MODEL_TYPE='LOGISTIC_REG', INPUT_LABEL_COLS='even') AS SELECT x, even FROM line;
     CREATE TABLE copied (a INTEGER, b TEXT, c DOUBLE PRECISION);
     ${createPoints}`,
  );
});
afterAll(() => server.close());

describe('pg', () => {
  let client: pg.Client;
  beforeAll(async () => {
    client = new pg.Client({
      host: '127.0.0.1',
      port: server.port,
      user: 'augur',
      database: server.augur.databaseName,
    });
    await client.connect();
  });
  afterAll(() => client.end());

  test.each([
    ['int', 7, 7],
    ['bigint', '9007199254740993', '9007199254740993'],
    ['float8', 1.5, 1.5],
    ['numeric(10,2)', '12.50', '12.50'],
    ['text', `it's "Ünï" \\ 😀`, `it's "Ünï" \\ 😀`],
    ['boolean', true, true],
    ['bytea', Buffer.from([0, 1, 255]), Buffer.from([0, 1, 255])],
    ['uuid', '7b8a4f5e-1c2d-4e3f-8a9b-0c1d2e3f4a5b', '7b8a4f5e-1c2d-4e3f-8a9b-0c1d2e3f4a5b'],
    ['timestamptz', new Date('2024-02-29T12:34:56.789Z'), new Date('2024-02-29T12:34:56.789Z')],
    ['json', { a: [1, null] }, { a: [1, null] }],
    ['int[]', [1, 2, 3], [1, 2, 3]],
    ['text[]', ['a', 'b,"c"'], ['a', 'b,"c"']],
    ['text', null, null],
  ])('a parameter of type %s', async (type, given, expected) => {
    const { rows } = await client.query(`SELECT $1::${type} AS value`, [given]);
    expect(rows).toEqual([{ value: expected }]);
  });

  test('a prepared call, again and again, finds the model of the moment', async () => {
    const predict = {
      name: 'predict',
      text: 'SELECT round(predicted_y, 4) AS p FROM ML.PREDICT(MODEL moving, (SELECT $1::int AS x)) WHERE predicted_y > $2',
    };
    for (const factor of [1, 10]) {
      await client.query(
        `CREATE OR REPLACE MODEL moving OPTIONS (MODEL_TYPE='LINEAR_REG', INPUT_LABEL_COLS='y') AS SELECT x, ${factor} * x AS y FROM line`,
      );
      expect((await client.query({ ...predict, values: [7, -1] })).rows).toEqual([{ p: 7 * factor }]);
    }
  });

  test('the threshold of a classifier is a parameter', async () => {
    const text =
      'SELECT count(*) AS n FROM ML.PREDICT(MODEL parity, TABLE line, STRUCT($1 AS threshold)) WHERE predicted_even';
    expect((await client.query(text, [0])).rows).toEqual([{ n: '60' }]);
    expect((await client.query(text, [1])).rows).toEqual([{ n: '0' }]);
  });

  test('probabilities come as JSON, columns with their types', async () => {
    const { rows, fields } = await client.query(
      'SELECT predicted_even, predicted_even_probs, x FROM ML.PREDICT(MODEL parity, (SELECT 1 AS x))',
    );
    expect(fields.map(({ name, dataTypeID }) => [name, dataTypeID])).toEqual([
      ['predicted_even', 16],
      ['predicted_even_probs', expect.any(Number)],
      ['x', 23],
    ]);
    const [positive, negative] = rows[0].predicted_even_probs;
    expect([positive.label, negative.label]).toEqual([true, false]);
    expect(positive.prob + negative.prob).toBeCloseTo(1, 12);
  });

  test('errors carry state, position and hint', async () => {
    const failing = client.query('SELECT * FROM ML.PREDICT(MODEL slop, TABLE line)');
    await expect(failing).rejects.toMatchObject({
      code: '42704',
      position: '32',
      hint: 'Did you mean "slope"?',
      severity: 'ERROR',
    });
    const invalid = client.query(
      `CREATE MODEL m OPTIONS (MODEL_TYPE='LINEAR_REG', INPUT_LABEL_COLS='y') AS SELECT x, y FROM line WHERE x < $1`,
      ['many'],
    );
    await expect(invalid).rejects.toMatchObject({ code: '22P02' });
  });

  test('a training takes parameters in its query', async () => {
    await client.query(
      `CREATE OR REPLACE MODEL few OPTIONS (MODEL_TYPE='LINEAR_REG', INPUT_LABEL_COLS='y') AS SELECT x, y FROM line WHERE x < $1`,
      [20],
    );
    expect(
      (await client.query(`SELECT training_rows AS n FROM augur.models WHERE model_name = 'few'`)).rows,
    ).toEqual([{ n: '20' }]);
  });

  test('notices reach the client', async () => {
    const notices: unknown[] = [];
    const listener = (notice: { message?: string | undefined }): unknown => notices.push(notice.message);
    client.on('notice', listener);
    await client.query(
      `CREATE MODEL IF NOT EXISTS slope OPTIONS (MODEL_TYPE='KMEANS') AS SELECT x FROM line`,
    );
    client.off('notice', listener);
    expect(notices).toEqual(['model "slope" already exists, skipping']);
  });

  test('LISTEN is refused, and the connection goes on', async () => {
    await expect(client.query('LISTEN changes')).rejects.toMatchObject({ code: '0A000' });
    expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  });

  test('a transaction is seen by its own connection alone until it commits', async () => {
    const other = new pg.Client({
      host: '127.0.0.1',
      port: server.port,
      user: 'augur',
      database: server.augur.databaseName,
    });
    await other.connect();
    const count = `SELECT count(*)::int AS n FROM augur.models WHERE model_name = 'pending'`;
    await client.query('BEGIN');
    await client.query(
      `CREATE MODEL pending OPTIONS (MODEL_TYPE='KMEANS', NUM_CLUSTERS=2) AS SELECT x FROM line`,
    );
    expect((await client.query(count)).rows).toEqual([{ n: 1 }]);
    expect((await other.query(count)).rows).toEqual([{ n: 0 }]);
    await client.query('COMMIT');
    expect((await other.query(count)).rows).toEqual([{ n: 1 }]);
    await other.end();
  });

  test('a connection that goes away in mid-training takes the training along', async () => {
    const leaving = new pg.Client({
      host: '127.0.0.1',
      port: server.port,
      user: 'augur',
      database: server.augur.databaseName,
    });
    leaving.on('error', () => undefined);
    await leaving.connect();
    const failing = leaving.query(endlessTraining).catch(() => 'gone');
    const progress = async (): Promise<number> =>
      (await client.query(`SELECT 1 FROM augur.progress`)).rows.length;
    while ((await progress()) === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    (leaving as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
    while ((await progress()) > 0) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(await failing).toBe('gone');
  });
});

describe('postgres', () => {
  let sql: postgres.Sql;
  beforeAll(() => {
    sql = postgres({
      host: '127.0.0.1',
      port: server.port,
      user: 'augur',
      database: server.augur.databaseName,
      max: 2,
      onnotice: () => undefined,
    });
  });
  afterAll(() => sql.end({ timeout: 1 }));

  test('values in a call', async () => {
    const rows =
      await sql`SELECT round(predicted_y, 4) AS p, x FROM ML.PREDICT(MODEL slope, (SELECT x FROM line WHERE x IN (${3}, ${4}))) ORDER BY x`;
    expect([...rows]).toEqual([
      { p: 7, x: '3' },
      { p: 9, x: '4' },
    ]);
  });

  test('statements that are sent together', async () => {
    const results = await Promise.all(
      Array.from(
        { length: 20 },
        (_, index) =>
          sql`SELECT round(predicted_y, 4) AS p FROM ML.PREDICT(MODEL slope, (SELECT ${index}::int AS x))`,
      ),
    );
    expect(results.map(([row]) => row!['p'])).toEqual(
      Array.from({ length: 20 }, (_, index) => 2 * index + 1),
    );
  });

  test('rows by count, through a cursor', async () => {
    const sizes: number[] = [];
    let sum = 0;
    await sql`SELECT x FROM ML.PREDICT(MODEL slope, (SELECT i AS x FROM range(2500) r(i)))`.cursor(
      1000,
      (rows) => {
        sizes.push(rows.length);
        for (const row of rows) sum += Number(row['x']);
      },
    );
    expect([sizes, sum]).toEqual([[1000, 1000, 500], (2499 * 2500) / 2]);
  });

  test('a cursor may be left early', async () => {
    let seen = 0;
    await sql`SELECT x FROM ML.PREDICT(MODEL slope, (SELECT i AS x FROM range(100000) r(i)))`.cursor(
      100,
      () => {
        seen++;
        return sql.CLOSE;
      },
    );
    expect(seen).toBe(1);
    expect([...(await sql`SELECT 1 AS one`)]).toEqual([{ one: 1 }]);
  });

  test('COPY in and out', async () => {
    const lines = Array.from(
      { length: 5000 },
      (_, index) => `${index}\ttext ${index}\t${index % 2 === 0 ? '\\N' : index / 2}\n`,
    );
    await pipeline(Readable.from(lines), await sql`COPY copied FROM STDIN`.writable());
    expect([...(await sql`SELECT count(*)::int AS n, count(c)::int AS c, max(a) AS a FROM copied`)]).toEqual([
      { n: 5000, c: 2500, a: 4999 },
    ]);
    let text = '';
    const sink = new Writable({
      write(bytes, _encoding, done) {
        text += String(bytes);
        done();
      },
    });
    await pipeline(
      await sql`COPY (SELECT x, round(predicted_y, 1) FROM ML.PREDICT(MODEL slope, (SELECT a AS x FROM copied WHERE a < 3)) ORDER BY x) TO STDOUT`.readable(),
      sink,
    );
    expect(text).toBe('0\t1\n1\t3\n2\t5\n');
  });

  test('a transaction that fails keeps nothing', async () => {
    const failing = sql.begin(async (inner) => {
      await inner`CREATE MODEL unkept OPTIONS (MODEL_TYPE='KMEANS', NUM_CLUSTERS=2) AS SELECT x FROM line`;
      await inner`SELECT nosuch`;
    });
    await expect(failing).rejects.toMatchObject({ code: '42703' });
    expect([...(await sql`SELECT count(*)::int AS n FROM augur.models WHERE model_name = 'unkept'`)]).toEqual(
      [{ n: 0 }],
    );
  });

  test('a query is cancelled', async () => {
    const query = sql.unsafe(endlessTraining);
    const failing = query.catch((error: unknown) => error);
    while ((await sql`SELECT 1 FROM augur.progress WHERE phase = 'training'`).length === 0)
      await new Promise((resolve) => setTimeout(resolve, 10));
    query.cancel();
    expect(await failing).toMatchObject({ code: '57014' });
  });
});
