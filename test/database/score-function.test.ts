import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { invalidData } from '../../src/core/index.ts';
import type {
  Database,
  DatabaseConnection,
  NumberScoreRequest,
  ScoreRequest,
  ScoreResponse,
} from '../../src/database/index.ts';
import { openTestDatabase, sumHooks } from '../support/open-database.ts';

let database: Database;
let connection: DatabaseConnection;
let requests: ScoreRequest[] = [];
let numberRequests: NumberScoreRequest[] = [];
let score: (request: ScoreRequest) => ScoreResponse = sumHooks.score;

beforeAll(async () => {
  database = await openTestDatabase(
    {},
    {
      score: (request) => {
        requests.push(request);
        return score(request);
      },
      scoreNumbers: (request) => {
        numberRequests.push(request);
        return sumHooks.scoreNumbers(request);
      },
    },
  );
  connection = await database.connect();
  await connection.run(
    `create table t as
     select i, i::double x, case when i % 5 = 0 then null else i end y from range(10000) r(i)`,
  );
});
beforeEach(() => {
  requests = [];
  numberRequests = [];
  score = sumHooks.score;
});
afterAll(() => database.close());

const version = '3b0f8f1e-0000-4000-8000-000000000001';

describe('__augur_score', () => {
  it('hands over whole chunks of numbers, NULL as NaN', async () => {
    const [row] = await connection.rows(
      `select count(*), count(*) filter (where isnan(s[1])), sum(s[1]) filter (where not isnan(s[1]))
       from (select __augur_score('${version}', [x, y::double], null, null, null) s from t)`,
    );
    const expected = Array.from({ length: 10000 }, (_, i) => (i % 5 === 0 ? 0 : 2 * i)).reduce(
      (a, b) => a + b,
      0,
    );
    expect(row).toEqual([10000n, 2000n, expected]);
    expect(requests.map((request) => [request.versionId, request.numberCount, request.textCount])).toEqual(
      requests.map(() => [version, 2, 0]),
    );
    expect(requests.reduce((total, request) => total + request.rowCount, 0)).toBe(10000);
  });

  it('hands over texts and lists, with NULLs at every level', async () => {
    score = (request) => ({ width: 2, scores: new Float64Array(request.rowCount * 2).fill(7) });
    const rows = await connection.rows(
      `select __augur_score('v', []::double[], [a, 'second text, a long one'], [[1.5, null], n],
         [['p', null], null])
       from (values ('ä', [2.0]), (null, null)) v(a, n)`,
    );
    expect(rows).toEqual([[[7, 7]], [[7, 7]]]);
    const [request] = requests;
    expect(request).toMatchObject({
      rowCount: 2,
      numberCount: 0,
      textCount: 2,
      numberListCount: 2,
      textListCount: 2,
    });
    expect(request!.texts.values).toEqual(['ä', 'second text, a long one', null, 'second text, a long one']);
    expect(request!.numberLists.map((list) => list && [...list])).toEqual([
      [1.5, Number.NaN],
      [2],
      [1.5, Number.NaN],
      null,
    ]);
    expect(request!.textLists).toEqual([['p', null], null, ['p', null], null]);
  });

  it('scores a row once, however often and wherever its score is used', async () => {
    const rows = await connection.rows(
      `select s[1], s[1] * 2 from (select __augur_score('v', [x], null, null, null) s, i from t)
       where s[1] > 9996 and i % 2 = 0 order by s[1]`,
    );
    expect(rows).toEqual([[9998, 19996]]);
    expect(requests.reduce((total, request) => total + request.rowCount, 0)).toBe(10000);
  });

  it('works in a correlated subquery, over rows of a filter, and over constants', async () => {
    const correlated = await connection.rows(
      `select i, (select s[1] from (
         select __augur_score('v', [x, t.y::double], null, null, null) s from (select t.x x)))
       from t where i between 1 and 3 order by i`,
    );
    expect(correlated).toEqual([
      [1n, 2],
      [2n, 4],
      [3n, 6],
    ]);
    const filtered = await connection.rows(
      `select sum(__augur_score('v', [x], null, null, null)[1]) from t where i % 1000 = 1`,
    );
    expect(filtered).toEqual([[45010]]);
    expect(await connection.rows(`select __augur_score('v', [1.0, 2.0], null, null, null)`)).toEqual([[[3]]]);
  });

  it('gives back the very error that the scorer threw, and goes on working', async () => {
    const error = invalidData('feature "x" has no such value', 'a detail', 'a hint');
    score = () => {
      throw error;
    };
    const failing = connection.rows(`select __augur_score('v', [x], null, null, null) from t`);
    await expect(failing).rejects.toBe(error);
    score = sumHooks.score;
    expect(await connection.rows(`select __augur_score('v', [5.0], null, null, null)`)).toEqual([[[5]]]);
  });

  it('runs beside other connections that prepare, append and close', async () => {
    const running = connection.rows(
      `select sum(__augur_score('v', [i::double], null, null, null)[1]) from range(3000000) r(i)`,
    );
    for (let round = 0; round < 5; round++) {
      const other = await database.connect();
      await other.run('create or replace table beside (a int)');
      const appender = await other.append(['beside'], undefined);
      await appender.appendText([['1'], ['2']]);
      expect(await appender.finish()).toBe(2);
      await other.close();
    }
    expect(await running).toEqual([[4499998500000]]);
  });

  it('is cancelled between two chunks', async () => {
    const running = connection.rows(
      `select sum(__augur_score('v', [i::double], null, null, null)[1]) from range(200000000) r(i)`,
    );
    setTimeout(() => connection.interrupt(), 30);
    await expect(running).rejects.toMatchObject({ state: '57014' });
  });
});

describe('__augur_score_numbers', () => {
  it('hands over columns of numbers, NULL as NaN', async () => {
    const [row] = await connection.rows(
      `select count(*), count(*) filter (where isnan(s[1])), sum(s[1]) filter (where not isnan(s[1])),
         bool_and(len(s) = 1)
       from (select __augur_score_numbers('${version}', x, y::double, i) s from t)`,
    );
    const sum = Array.from({ length: 10000 }, (_, i) => (i % 5 === 0 ? 0 : 3 * i)).reduce((a, b) => a + b, 0);
    expect(row).toEqual([10000n, 2000n, sum, true]);
    expect(
      numberRequests.every(({ versionId, columns }) => versionId === version && columns.length === 3),
    ).toBe(true);
    expect(numberRequests.reduce((total, { rowCount }) => total + rowCount, 0)).toBe(10000);
  });

  it('finds NULLs at the edges of a validity mask, and empties the columns', async () => {
    const places = [0, 31, 32, 63, 64, 69];
    const [row] = await connection.rows(
      `select list(i order by i) from (
         select i, __augur_score_numbers('v', case when i not in (${places.join(', ')}) then i end)[1] s from range(70) r(i)
       ) where isnan(s)`,
    );
    expect(row).toEqual([places.map(BigInt)]);
    expect(numberRequests.map(({ columns }) => columns.map(({ length }) => length))).toEqual([[0]]);
  });

  it('takes constants and filtered rows', async () => {
    const rows = await connection.rows(
      `select __augur_score_numbers('v', x, 0.5, null)[1], __augur_score_numbers('v', x, 0.5)[1] from t
       where i % 3000 = 1 order by i`,
    );
    expect(rows).toEqual([1, 3001, 6001, 9001].map((i) => [Number.NaN, i + 0.5]));
  });

  it('refuses rows of several versions in one call', async () => {
    const mixed = `select __augur_score_numbers(case when i % 2 = 0 then 'a' else 'b' end, x) from t`;
    await expect(connection.rows(mixed)).rejects.toMatchObject({ state: 'XX000' });
  });
});
