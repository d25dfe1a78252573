/** Queries of few rows that are run again: which they are, and that they give what their streams give. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import {
  BATCH_ROWS,
  type Parameter,
  type RowsResult,
  Types,
  type Value,
  valueAt,
} from '../../src/core/index.ts';
import { boundedQuery } from '../../src/database/bounded-query.ts';
import type { Database, DatabaseConnection } from '../../src/database/index.ts';
import { openTestDatabase } from '../support/open-database.ts';

let database: Database;
let connection: DatabaseConnection;

beforeAll(async () => {
  database = await openTestDatabase();
  const first = await database.connect();
  await first.run('create table points (id integer primary key, part integer, note varchar)');
  await first.run("insert into points select i, i % 2, 'note ' || i from range(10000) r(i)");
  await first.run("insert into points values (10000, 2, '17'), (10001, 3, null)");
});
beforeEach(async () => {
  connection = await database.connect();
});
afterEach(() => connection.close());
afterAll(() => database.close());

async function open(sql: string, parameters: readonly Parameter[]): Promise<RowsResult> {
  const types = parameters.map((value) => (typeof value === 'string' ? Types.text : Types.int4));
  const result = await connection.run(sql, parameters, types, true);
  return result.kind === 'rows' ? result : expect.fail('no rows');
}

async function read({ batches }: RowsResult): Promise<Value[][]> {
  const rows: Value[][] = [];
  for await (const { rowCount, columns } of batches)
    for (let row = 0; row < rowCount; row++) rows.push(columns.map((column) => valueAt(column, row)));
  return rows;
}

/** Whether a result is still there after another statement has run on its connection. */
async function standsAlone(sql: string, parameters: readonly Parameter[]): Promise<boolean> {
  const result = await open(sql, parameters);
  await connection.rows('select 1');
  return read(result).then(
    () => true,
    () => false,
  );
}

test.each([
  'SELECT note FROM points WHERE id = $1',
  'select p.*, count(*) from points p, points q where p.id in ($1, 2) and (p.part = 1 or not q.part = 1) group by all',
  'SELECT max(id) AS "limit", \'for\' FROM points ORDER BY 1 -- limit',
])('bounded: %s', (sql) => expect(boundedQuery(sql, 9)).toBe(`${sql}\nLIMIT 9`));

test.each([
  'SELECT note FROM points WHERE id = $1;',
  'SELECT note FROM points LIMIT 3',
  'SELECT id FROM points UNION ALL SELECT 1',
  "SELECT nextval('numbers')",
  'SELECT "nextval"(\'numbers\')',
  'SELECT random() FROM points',
  'SELECT id FROM points WHERE id = (SELECT 1)',
  'SELECT id FROM points USING SAMPLE 3',
  'SELECT id FROM points FOR UPDATE',
  'SELECT unnest([1, 2]) FROM points',
  'WITH p AS (SELECT 1) SELECT * FROM p',
  'FROM points',
  'INSERT INTO points VALUES (1)',
  '',
])('not bounded: %s', (sql) => expect(boundedQuery(sql, 9)).toBeUndefined());

test('runs alone once it is known to give few rows, with the same rows and columns', async () => {
  const sql = 'SELECT note AS "Note", id + $2 AS sum, count(*) FROM points WHERE id = $1 GROUP BY ALL';
  for (let run = 0; run < 2; run++) {
    const result = await open(sql, [7, 1]);
    expect(result.schema.map(({ name, type }) => [name, type])).toEqual([
      ['Note', Types.text],
      ['sum', Types.int4],
      ['count', Types.int8],
    ]);
    expect(result.tag(1)).toBe('SELECT 1');
    expect(await read(result)).toEqual([['note 7', 8, 1n]]);
  }
  expect(await standsAlone(sql, [7, 1])).toBe(true);
  expect(await read(await open(sql, [10_001, 1]))).toEqual([[null, 10_002, 1n]]);
  expect(await read(await open(sql, [-1, 1]))).toEqual([]);
});

test('is a stream where there are more rows, once and from then on', async () => {
  const sql = 'SELECT id FROM points WHERE part = $1';
  for (let run = 0; run < 2; run++) expect(await read(await open(sql, [2]))).toEqual([[10_000]]);
  expect(await standsAlone(sql, [2])).toBe(true);
  const rows = await read(await open(sql, [1]));
  expect(rows).toEqual(Array.from({ length: 5000 }, (_, index) => [2 * index + 1]));
  for (let run = 0; run < 2; run++) expect(await read(await open(sql, [2]))).toEqual([[10_000]]);
  expect(await standsAlone(sql, [2])).toBe(false);
});

test.each([BATCH_ROWS - 1, BATCH_ROWS, BATCH_ROWS + 1])('%i rows', async (count) => {
  const sql = 'SELECT id FROM points WHERE id < $1 ORDER BY id DESC';
  const expected = Array.from({ length: count }, (_, index) => [count - 1 - index]);
  for (let run = 0; run < 4; run++) expect(await read(await open(sql, [count]))).toEqual(expected);
  expect(await standsAlone(sql, [count])).toBe(count <= BATCH_ROWS);
});

test('errors and cancellation are those of the statement, and end nothing else', async () => {
  const sql = 'SELECT cast(note AS integer) FROM points WHERE id = $1';
  for (let run = 0; run < 2; run++) expect(await read(await open(sql, [10_000]))).toEqual([[17]]);
  await expect(open(sql, [1])).rejects.toMatchObject({ state: '22P02' });
  for (let run = 0; run < 3; run++) expect(await read(await open(sql, [10_000]))).toEqual([[17]]);
  const slow = 'SELECT count(*) FROM points a, points b, points c WHERE a.id < $1 AND a.id + b.id * c.id < 0';
  for (let run = 0; run < 2; run++) expect(await read(await open(slow, [0]))).toEqual([[0n]]);
  setTimeout(() => connection.interrupt(), 20);
  await expect(open(slow, [10_000])).rejects.toMatchObject({ state: '57014' });
  expect(await read(await open(slow, [0]))).toEqual([[0n]]);
});
