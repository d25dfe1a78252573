/** Settings that come with the connection, before any statement. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readResult, type QueryRows } from '../../src/augur.ts';
import { Engine, type Session } from '../../src/engine/index.ts';

let engine: Engine;

beforeAll(async () => {
  engine = await Engine.open({ threads: 1, memoryBytes: 2 ** 29, logLevel: 'silent' });
});
afterAll(() => engine.close());

const open = (): Promise<Session> =>
  engine.openSession({ user: 'augur', database: 'augur', remoteAddress: undefined });

async function query(session: Session, text: string): Promise<QueryRows> {
  let last: QueryRows = { tag: '', columns: [], rows: [] };
  for await (const result of session.query(text)) last = await readResult(result);
  return last;
}

test('the first statement already runs with the search path and time zone of the connection', async () => {
  const first = await open();
  await query(first, 'CREATE SCHEMA mine; CREATE TABLE mine.here AS SELECT 1 AS a');
  const session = await open();
  session.configure('search_path', 'mine');
  session.configure('timezone', 'Asia/Tokyo');
  const text = "SELECT a, CAST(TIMESTAMPTZ '2024-01-01 00:00:00+00' AS VARCHAR) AS at FROM here";
  expect((await query(session, text)).rows).toEqual([{ a: 1, at: '2024-01-01 09:00:00+09' }]);
  const prepared = await open();
  prepared.configure('search_path', 'mine');
  expect((await prepared.prepare('SELECT a FROM here', [])).schema).toMatchObject([{ name: 'a' }]);
  await expect(query(first, 'SELECT a FROM here')).rejects.toMatchObject({ state: '42P01' });
});

test('a path that leads nowhere fails one statement, and no second', async () => {
  const session = await open();
  session.configure('search_path', 'nowhere');
  await expect(query(session, 'SELECT 1 AS a')).rejects.toMatchObject({ state: '42704' });
  expect((await query(session, 'SELECT 1 AS a')).rows).toEqual([{ a: 1 }]);
});
