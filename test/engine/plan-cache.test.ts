/** Plans are kept between runs, and never longer than what they depend on stays as it is. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Types, type Parameter } from '../../src/core/index.ts';
import type { Engine, PreparedStatement, Session } from '../../src/engine/index.ts';
import { failureOf, openEngine, openSession, resultRows, rowsOf } from '../support/engine-fixture.ts';

let engine: Engine;
let session: Session;
let other: Session;

beforeAll(async () => {
  engine = await openEngine();
  session = await openSession(engine);
  other = await openSession(engine);
});
afterAll(() => engine.close());

const predict = 'SELECT round(predicted_y) AS y FROM ML.PREDICT(MODEL slope, (SELECT $1::DOUBLE AS x))';
const direct = 'SELECT predicted_y FROM ML.PREDICT(MODEL slope, (SELECT $1::DOUBLE AS x))';

function slopeSql(slope: number, name = 'slope'): string {
  return `CREATE OR REPLACE MODEL ${name} OPTIONS (MODEL_TYPE='LINEAR_REG', INPUT_LABEL_COLS='y')
    AS SELECT i AS x, ${slope} * i AS y FROM range(40) r(i)`;
}

async function run(prepared: PreparedStatement, ...parameters: Parameter[]): Promise<unknown> {
  const rows = await resultRows(await session.execute(prepared, parameters, false));
  return rows.map(([value]) => (typeof value === 'number' ? Math.round(value) : value));
}

/** The value for 10, three times over: planned, planned again, kept. */
async function tenfold(prepared: PreparedStatement): Promise<unknown> {
  const found = [await run(prepared, 10), await run(prepared, 10), await run(prepared, 10)];
  expect(new Set(found.map(String)).size).toBe(1);
  return (found[0] as unknown[])[0];
}

describe.each([predict, direct])('%s', (text) => {
  let prepared: PreparedStatement;
  beforeEach(async () => {
    await rowsOf(
      session,
      'DROP MODEL IF EXISTS slope; DROP MODEL IF EXISTS gone; SET search_path TO DEFAULT',
    );
    await rowsOf(session, slopeSql(2));
    prepared = await session.prepare(text, []);
    expect(await tenfold(prepared)).toBe(20);
  });

  test('a model replaced by the session itself, or by another', async () => {
    await rowsOf(session, slopeSql(3));
    expect(await tenfold(prepared)).toBe(30);
    await rowsOf(other, slopeSql(4));
    expect(await tenfold(prepared)).toBe(40);
  });

  test('a replacement in a block is seen by the block alone until it commits', async () => {
    await rowsOf(session, 'BEGIN');
    expect(await tenfold(prepared)).toBe(20);
    await rowsOf(session, slopeSql(5));
    expect(await tenfold(prepared)).toBe(50);
    expect(await rowsOf(other, predict.replace('$1', '10'))).toEqual([[20]]);
    await rowsOf(session, 'ROLLBACK');
    expect(await tenfold(prepared)).toBe(20);
    await rowsOf(other, `BEGIN; ${slopeSql(6)}`);
    expect(await tenfold(prepared)).toBe(20);
    await rowsOf(other, 'COMMIT');
    expect(await tenfold(prepared)).toBe(60);
  });

  test('a block goes on with the model of its snapshot', async () => {
    await rowsOf(session, 'BEGIN; SELECT count(*) FROM augur.models');
    await rowsOf(other, slopeSql(7));
    expect(await tenfold(prepared)).toBe(20);
    await rowsOf(session, 'COMMIT');
    expect(await tenfold(prepared)).toBe(70);
  });

  test('a model that was dropped is missed, at its place', async () => {
    await rowsOf(other, 'DROP MODEL slope');
    const failure = await failureOf(run(prepared, 10));
    expect([failure.message, failure.position]).toEqual([
      'model "slope" does not exist',
      text.indexOf('slope'),
    ]);
    await rowsOf(other, slopeSql(8));
    expect(await tenfold(prepared)).toBe(80);
  });

  test('another search path finds another model', async () => {
    await rowsOf(other, `CREATE SCHEMA IF NOT EXISTS second; ${slopeSql(9, 'second.slope')}`);
    expect(await tenfold(prepared)).toBe(20);
    await rowsOf(session, 'SET search_path = second, public');
    expect(await tenfold(prepared)).toBe(90);
    await rowsOf(session, 'BEGIN; SET LOCAL search_path = public');
    expect(await tenfold(prepared)).toBe(20);
    await rowsOf(session, 'COMMIT');
    expect(await tenfold(prepared)).toBe(90);
    await rowsOf(other, 'DROP SCHEMA second CASCADE');
    expect(await tenfold(prepared)).toBe(20);
  });

  test('an aborted block runs nothing, kept or not', async () => {
    await rowsOf(session, 'BEGIN');
    await failureOf(rowsOf(session, 'SELECT nothing'));
    expect((await failureOf(run(prepared, 10))).state).toBe('25P02');
    await rowsOf(session, 'ROLLBACK');
    expect(await tenfold(prepared)).toBe(20);
  });
});

describe('statements of tables', () => {
  beforeEach(() =>
    rowsOf(session, 'CREATE OR REPLACE TABLE kept AS SELECT i AS id, i * 7 AS c FROM range(100) r(i)'),
  );

  test('a point query sees rows as they are, and a column of another type is told', async () => {
    const prepared = await session.prepare('SELECT c FROM kept WHERE id = $1', []);
    for (const id of [3n, 4n, 5n, 6n]) expect(await run(prepared, id)).toEqual([id * 7n]);
    expect(await run(prepared, null)).toEqual([]);
    await rowsOf(other, 'UPDATE kept SET c = 1 WHERE id = 3');
    expect(await run(prepared, 3n)).toEqual([1n]);
    await rowsOf(other, `ALTER TABLE kept ALTER c TYPE VARCHAR USING 'c' || c`);
    expect(await run(prepared, 4n)).toEqual(['c28']);
    await rowsOf(other, 'DROP TABLE kept');
    expect((await failureOf(run(prepared, 3n))).state).toBe('42P01');
  });

  test('rows that are added to a table, by the same text again and again', async () => {
    for (let turn = 0; turn < 4; turn++) await rowsOf(session, 'INSERT INTO kept VALUES (1000, 1)');
    expect(await rowsOf(session, 'SELECT count(*) FROM kept WHERE id = 1000')).toEqual([[4n]]);
    await rowsOf(session, 'ALTER TABLE kept ADD COLUMN more INTEGER');
    expect((await failureOf(rowsOf(session, 'INSERT INTO kept VALUES (1000, 1)'))).state).toMatch(/^42/);
    expect(await rowsOf(session, 'SELECT * FROM kept WHERE id = 5')).toEqual([[5n, 35n, null]]);
  });

  test('a star grows with its table and its view, in a block, too', async () => {
    const text = 'SELECT * FROM kept WHERE id = 2';
    for (let turn = 0; turn < 3; turn++) expect(await rowsOf(session, text)).toEqual([[2n, 14n]]);
    await rowsOf(session, 'BEGIN; ALTER TABLE kept ADD COLUMN more INTEGER DEFAULT 1');
    for (let turn = 0; turn < 3; turn++) expect(await rowsOf(session, text)).toEqual([[2n, 14n, 1]]);
    await rowsOf(session, 'ROLLBACK');
    for (let turn = 0; turn < 3; turn++) expect(await rowsOf(session, text)).toEqual([[2n, 14n]]);
  });

  test('a numeric of more digits than the run before', async () => {
    const prepared = await session.prepare('SELECT $1 AS n', [{ kind: 'numeric', precision: 38, scale: 9 }]);
    for (const digits of ['1.5', '1.5', '0.12345678901234', '1.5'])
      expect(
        await resultRows(await session.execute(prepared, [digits], false)).then(([row]) => Number(row![0])),
      ).toBe(Number(digits));
  });

  test('what is checked at every run is checked of kept statements', async () => {
    const text = 'DELETE FROM kept WHERE id = 1';
    for (let turn = 0; turn < 3; turn++) await rowsOf(session, text);
    await rowsOf(session, 'SET default_transaction_read_only = on');
    expect((await failureOf(rowsOf(session, text))).state).toBe('25006');
    await rowsOf(session, 'RESET default_transaction_read_only');
  });

  test('the same text with parameters of other types', async () => {
    for (const [type, value] of [
      [Types.int4, 5],
      [Types.text, 'five'],
      [Types.int4, 6],
    ] as const) {
      const prepared = await session.prepare('SELECT $1 AS v', [type]);
      for (let turn = 0; turn < 3; turn++)
        expect(await resultRows(await session.execute(prepared, [value], false))).toEqual([[value]]);
    }
  });

  test('an interrupted statement can be run again', async () => {
    const text = 'SELECT sum(a.i * b.i) FROM range(20000) a(i), range($1::BIGINT) b(i)';
    const prepared = await session.prepare(text, []);
    for (let turn = 0; turn < 3; turn++) expect(await run(prepared, 1n)).toHaveLength(1);
    const running = failureOf(run(prepared, 100_000_000n));
    setTimeout(() => session.cancel(), 50);
    expect((await running).state).toBe('57014');
    for (let turn = 0; turn < 3; turn++) expect(await run(prepared, 1n)).toHaveLength(1);
  });
});
