/** ML calls in any SQL: where they are seen, where they are not. */
import { describe, expect, test } from 'vitest';
import { plain } from '../support/parser-fixture.ts';

function islands(text: string): string[] {
  return plain(text).fragment.islands.map(({ span }) => text.slice(span.start, span.end));
}

const call = 'ML.PREDICT(MODEL m, TABLE t)';
const noModel = 'ML.CORRELATION(TABLE t)';

describe('a call where a table may stand', () => {
  test.each([
    ['SELECT * FROM @'],
    ['select * from @ as p where x > 0'],
    ['SELECT * FROM t JOIN @ p ON t.a = p.a'],
    ['SELECT * FROM t LEFT JOIN LATERAL @ p ON true'],
    ['SELECT * FROM t CROSS JOIN @'],
    ['SELECT * FROM t, @ p'],
    ['SELECT * FROM t JOIN u ON f(t.a, u.b) = 1, @ p'],
    ['SELECT * FROM t, LATERAL @'],
    ['SELECT * FROM (@) p'],
    ['SELECT * FROM (t JOIN @ p USING (a))'],
    ['WITH p AS (SELECT * FROM @) SELECT * FROM p'],
    ['SELECT (SELECT max(x) FROM @) AS y, 2'],
    ['SELECT * FROM t WHERE a IN (SELECT a FROM @)'],
    ['SELECT * FROM t WHERE EXISTS (FROM @)'],
    ['((SELECT 1) UNION ALL SELECT * FROM @)'],
    ['FROM @ SELECT a'],
    ['CREATE TABLE x AS SELECT * FROM @'],
    ['CREATE OR REPLACE VIEW v AS SELECT * FROM @'],
    ['INSERT INTO x (a, b) SELECT * FROM @'],
    ['UPDATE x SET a = 1, b = 2 FROM @ p WHERE x.id = p.id'],
    ['DELETE FROM x USING @ p WHERE x.id = p.id'],
    ['MERGE INTO x USING @ p ON x.id = p.id WHEN MATCHED THEN DELETE'],
    ['COPY (SELECT * FROM @) TO STDOUT'],
    ['EXPLAIN SELECT * FROM @'],
    ['PREPARE p AS SELECT * FROM @'],
    ['DECLARE c CURSOR FOR SELECT * FROM @'],
    ['SELECT EXTRACT(YEAR FROM d) FROM @'],
    ['SELECT a IS NOT DISTINCT FROM b FROM @'],
    ['SELECT * FROM "FROM", @'],
    ["/* ML.X( */ SELECT 'ML.Y(' FROM /* c */ @"],
  ])('%s', (template) => {
    expect(islands(template.replace('@', call))).toEqual([call]);
    expect(islands(template.replace('@', noModel))).toEqual([noModel]);
  });
  test('in any case and spacing', () => {
    expect(islands('select * from ml . predict ( model m, table t )')).toEqual([
      'ml . predict ( model m, table t )',
    ]);
    expect(plain('select * from ml.predict(model m)').fragment.islands[0]!.name).toBe('ML.PREDICT');
    expect(plain('select * from Ai.Forecast(table t)').fragment.islands[0]!.name).toBe('AI.FORECAST');
  });
  test('several of a statement, in order', () => {
    const text = `SELECT * FROM ${call} a JOIN ${noModel} b ON true WHERE x IN (SELECT x FROM ${call})`;
    expect(islands(text)).toEqual([call, noModel, call]);
  });
  test('with MODEL as its argument, everywhere', () => {
    expect(islands("SELECT AI.GENERATE_BOOL(MODEL m, 'x') FROM t")).toEqual([
      "AI.GENERATE_BOOL(MODEL m, 'x')",
    ]);
  });
  test('a broken statement around it does not hide it', () => {
    expect(islands(`SELECT )) FROM ${call}`)).toEqual([call]);
  });
});

describe('no call', () => {
  test.each([
    'SELECT ML.BUCKETIZE(x, [1, 2]) FROM t',
    'SELECT a, ML.BUCKETIZE(x, [1, 2]), b FROM t',
    'SELECT * FROM t WHERE ML.BUCKETIZE(x, [1]) = 1 ORDER BY a, ML.LP_NORM(x, 2)',
    'SELECT * FROM t GROUP BY a, ML.BUCKETIZE(x, [1])',
    'SELECT EXTRACT(YEAR FROM ML.X(d)) FROM t',
    'SELECT a IS DISTINCT FROM ML.X(d) FROM t',
    'SELECT * FROM f(a, ML.X(b))',
    'SELECT * FROM t JOIN u ON a = ML.X(b)',
    'SELECT * FROM ml.t',
    'SELECT * FROM x.ml.predict(1)',
    'INSERT INTO ml.t (a, b) VALUES (1, 2), (3, 4)',
    'CREATE TABLE ml.t (a int)',
    'SELECT ML.X(model, 1), ml.y(model) FROM t',
    'SELECT \'FROM ML.X(1)\', "FROM ML.X(1)" -- FROM ML.X(1)\n /* FROM ML.X(1) */, $$ FROM ML.X(1) $$',
    'INSERT INTO t SELECT * FROM u ON CONFLICT DO UPDATE SET a = 1, b = ML.X(2)',
  ])('%s', (text) => {
    expect(islands(text)).toEqual([]);
    expect(plain(text).fragment.text).toBe(text);
  });
});

describe('respellings', () => {
  test('names in backticks and # comments outside the calls', () => {
    const text =
      '# first\nselect `a``b` from `s.t`, ' +
      'ML.PREDICT(MODEL `m` # in\n, (select `c` # deep\n)) p\n# last\n, u."`"';
    const { fragment } = plain(text);
    const shown = (list: typeof fragment.respellings): string[][] =>
      (list ?? []).map(({ span, text: other }) => [text.slice(span.start, span.end), other]);
    expect(shown(fragment.respellings)).toEqual([
      ['`a``b`', '"a`b"'],
      ['`s.t`', '"s"."t"'],
      ['# last', ' '],
    ]);
    const query = fragment.islands[0]!.arguments[1]!;
    expect(query.kind === 'query' && shown(query.fragment.respellings)).toEqual([['`c`', '"c"']]);
    expect(query.kind === 'query' && query.fragment.text).toBe('select `c`');
  });
  test('there are none in ordinary SQL', () => {
    expect(plain('select a # b from t').fragment).not.toHaveProperty('respellings');
  });
});
