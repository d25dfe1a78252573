/** The library's face: queries, sessions, serving and closing. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Augur, createScramVerifier, EngineError } from '../src/index.ts';

let folder: string;
let augur: Augur;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'augur-library-'));
  augur = await Augur.open({ file: join(folder, 'shop.db'), threads: 1, memoryBytes: 2 ** 28 });
});

afterEach(async () => {
  await augur.close();
  await rm(folder, { recursive: true, force: true });
});

test('a query gives the last result of its script, by name', async () => {
  expect(
    await augur.query("SELECT 1; SELECT 2 AS two, 'b' AS letter UNION ALL SELECT 3, NULL ORDER BY two"),
  ).toEqual({
    tag: 'SELECT 2',
    columns: ['two', 'letter'],
    rows: [
      { two: 2, letter: 'b' },
      { two: 3, letter: null },
    ],
  });
  expect(await augur.query('CREATE TABLE t (a INTEGER)')).toEqual({
    tag: 'CREATE TABLE',
    columns: [],
    rows: [],
  });
  expect(await augur.query('')).toEqual({ tag: '', columns: [], rows: [] });
});

test('queries that are asked at once run one after the other, in one session', async () => {
  const results = await Promise.all([
    augur.query('BEGIN; CREATE TABLE t (a INTEGER)'),
    augur.query('INSERT INTO t VALUES (1), (2)'),
    augur.query('SELECT count(*) AS n FROM t'),
    augur.query('ROLLBACK'),
  ]);
  expect(results[2].rows).toEqual([{ n: 2n }]);
  await expect(augur.query('SELECT * FROM t')).rejects.toMatchObject({ state: '42P01' });
});

test('an error has a state and a place, and does not hold up the next query', async () => {
  const failed = augur.query('SELECT 1 AS one;\nSELECT missing FROM (SELECT 1 AS one) AS t');
  const after = augur.query('SELECT 1 AS one');
  await expect(failed).rejects.toBeInstanceOf(EngineError);
  await expect(failed).rejects.toMatchObject({ state: '42703', position: 24 });
  expect((await after).rows).toEqual([{ one: 1 }]);
});

test('notices reach whoever listens at the time', async () => {
  const messages: string[] = [];
  augur.onNotice = (notice) => messages.push(`${notice.severity} ${notice.message}`);
  await augur.query('DROP MODEL IF EXISTS nobody');
  expect(messages).toEqual(['NOTICE model "nobody" does not exist, skipping']);
});

test('COPY with standard input or output is refused, and the session goes on', async () => {
  await augur.query('CREATE TABLE t (a INTEGER)');
  for (const statement of ['COPY t FROM STDIN', 'COPY t TO STDOUT']) {
    await expect(augur.query(statement)).rejects.toMatchObject({
      state: '0A000',
      message: 'COPY with standard input or output outside of a client connection is not supported',
    });
  }
  expect((await augur.query('SELECT count(*) AS n FROM t')).rows).toEqual([{ n: 0n }]);
});

test('serves what it holds, to a client with the password', async () => {
  await augur.query('CREATE TABLE t AS SELECT 42 AS answer');
  const verifier = await createScramVerifier('secret');
  const server = await augur.serve({ authentication: { kind: 'password', verifierOf: () => verifier } });
  const terms = { host: '127.0.0.1', port: server.port, user: 'augur', database: augur.databaseName };
  const client = new pg.Client({ ...terms, password: 'secret' });
  await client.connect();
  expect((await client.query('SELECT answer FROM t')).rows).toEqual([{ answer: 42 }]);
  await client.end();
  const stranger = new pg.Client({ ...terms, password: 'wrong' });
  await expect(stranger.connect()).rejects.toMatchObject({ code: '28P01' });
  expect(augur.databaseName).toBe('shop');
});

test('after closing, once or twice, nothing is answered and the file is free', async () => {
  await augur.query('CREATE TABLE t AS SELECT 7 AS a');
  await augur.close();
  await augur.close();
  await expect(augur.query('SELECT 1')).rejects.toMatchObject({
    state: '57P03',
    message: 'the engine is closed',
  });
  await expect(augur.serve()).rejects.toMatchObject({ state: '57P03' });
  await expect(augur.openSession()).rejects.toMatchObject({ state: '57P03' });
  augur = await Augur.open({ file: join(folder, 'shop.db'), threads: 1, memoryBytes: 2 ** 28 });
  expect((await augur.query('SELECT a FROM t')).rows).toEqual([{ a: 7 }]);
});
