/** CREATE MODEL: each note of the grammar, and the forms that known clients send. */
import { describe, expect, test } from 'vitest';
import { createModel, failure, one, withoutSpans } from '../support/parser-fixture.ts';

describe('head', () => {
  test.each([
    ['CREATE MODEL m', { orReplace: false, isTemporary: false, ifNotExists: false }],
    ['CREATE OR REPLACE MODEL m', { orReplace: true, isTemporary: false, ifNotExists: false }],
    ['create model if not exists m', { orReplace: false, isTemporary: false, ifNotExists: true }],
    ['CREATE TEMP MODEL m', { orReplace: false, isTemporary: true, ifNotExists: false }],
    ['CREATE OR REPLACE TEMPORARY MODEL m', { orReplace: true, isTemporary: true, ifNotExists: false }],
  ])('%s', (head, flags) => {
    expect(createModel(`${head} AS SELECT 1`)).toMatchObject({ ...flags, name: { parts: ['m'] } });
  });
  test.each(['PUBLIC', 'PRIVATE'])('%s is refused (note a)', (word) => {
    const error = failure(`CREATE ${word} MODEL m AS SELECT 1`);
    expect(error.message).toBe(`CREATE ${word} MODEL is not allowed`);
    expect(error.at.startsWith(word)).toBe(true);
  });
  test('OR REPLACE with IF NOT EXISTS is refused (note b)', () => {
    expect(failure('CREATE OR REPLACE MODEL IF NOT EXISTS m AS SELECT 1')).toMatchObject({
      message: 'CREATE MODEL cannot have both OR REPLACE and IF NOT EXISTS',
      state: '42601',
    });
  });
  test.each([
    ['options', ['options']],
    ['model', ['model']],
    ['transform', ['transform']],
    ['if', ['if']],
    ['`p-1.Ds.M`', ['p-1', 'Ds', 'M']],
    ['"My Schema"."My Model"', ['My Schema', 'My Model']],
  ])('a model may be named %s (note i)', (name, parts) => {
    expect(createModel(`CREATE MODEL ${name} AS SELECT 1`).name.parts).toEqual(parts);
  });
  test('after a model named options its list is missing (note i)', () => {
    expect(failure('CREATE MODEL options(x=y)')).toMatchObject({
      message: 'syntax error at or near "("',
      at: '(x=y)',
    });
  });
  test('a name is needed', () => {
    expect(failure('CREATE MODEL AS SELECT 1')).toMatchObject({ at: 'AS SELECT 1' });
    expect(failure('CREATE MODEL')).toMatchObject({ message: 'syntax error at end of input', at: '' });
    expect(failure('CREATE MODEL;').message).toBe('syntax error at or near ";"');
  });
});

describe('clauses', () => {
  test('all of them, in the order of BigQuery DataFrames', () => {
    const text = [
      'CREATE OR REPLACE MODEL `p`.`d`.`m`',
      'TRANSFORM(ML.STANDARD_SCALER(a) OVER() AS a, y)',
      "OPTIONS(model_type='linear_reg', INPUT_LABEL_COLS=['y'])",
      'AS SELECT a, y FROM t',
    ].join('\n');
    const model = createModel(text);
    expect(model.name.parts).toEqual(['p', 'd', 'm']);
    expect(model.transform?.items.map((item) => item.text)).toEqual([
      'ML.STANDARD_SCALER(a) OVER() AS a',
      'y',
    ]);
    expect(model.options.map((option) => option.name)).toEqual(['model_type', 'INPUT_LABEL_COLS']);
    expect(model.query?.text).toBe('SELECT a, y FROM t');
    expect(text.slice(model.optionsSpan!.start, model.optionsSpan!.end)).toBe(text.split('\n')[2]);
    expect(text.slice(model.transform!.span.start, model.transform!.span.end)).toBe(text.split('\n')[1]);
    expect(model.span).toEqual({ start: 0, end: text.length });
  });
  test('the lower-case form of dbt', () => {
    const text =
      'create or replace model r options(model_type="linear_reg",cols=["y"],early_stop=True) as (select 1);';
    const model = createModel(text);
    expect(withoutSpans(model.options.map((option) => option.value))).toEqual([
      { kind: 'string', value: 'linear_reg' },
      { kind: 'array', elements: [{ kind: 'string', value: 'y' }] },
      { kind: 'boolean', value: true },
    ]);
    expect(model.query?.text).toBe('select 1');
  });
  test('OPTIONS before TRANSFORM (note d)', () => {
    expect(failure('CREATE MODEL m OPTIONS(a=1) TRANSFORM(b) AS SELECT 1')).toMatchObject({
      message: 'syntax error at or near "TRANSFORM"',
      hint: 'TRANSFORM comes before OPTIONS.',
    });
  });
  test('options without parentheses (note f)', () => {
    expect(failure("CREATE MODEL m MODEL_TYPE='KMEANS' AS SELECT 1")).toMatchObject({
      message: 'syntax error at or near "MODEL_TYPE"',
      hint: 'Options are given as OPTIONS(name = value, …).',
    });
  });
  test('a query without AS', () => {
    expect(failure('CREATE MODEL m SELECT 1').hint).toBe('The query stands after AS.');
  });
  test('INPUT and OUTPUT, with types that hold commas', () => {
    const text =
      'CREATE MODEL m INPUT(a INT64, b ARRAY<STRUCT<x INT64, y STRING>>) OUTPUT(c NUMERIC(10, 2)) ' +
      "OPTIONS(model_type='xgboost')";
    expect(withoutSpans(createModel(text).inputOutput)).toEqual({
      input: [
        { name: 'a', typeText: 'INT64' },
        { name: 'b', typeText: 'ARRAY<STRUCT<x INT64, y STRING>>' },
      ],
      output: [{ name: 'c', typeText: 'NUMERIC(10, 2)' }],
    });
  });
  test.each([
    ['INPUT(a INT64)', ''],
    ['INPUT(a INT64) AS SELECT 1', 'AS SELECT 1'],
    ['OUTPUT(a INT64) INPUT(b INT64)', 'OUTPUT(a INT64) INPUT(b INT64)'],
    ['INPUT() OUTPUT(a INT64)', ') OUTPUT(a INT64)'],
    ['INPUT(a INT64) OUTPUT()', ')'],
    ['INPUT(a) OUTPUT(b INT64)', ') OUTPUT(b INT64)'],
  ])('INPUT and OUTPUT stand together and are not empty (note e): %s', (clauses, at) => {
    expect(failure(`CREATE MODEL m ${clauses}`)).toMatchObject({ at, state: '42601' });
  });
  test.each([
    ['REMOTE', { isRemote: true }],
    ['REMOTE WITH CONNECTION p.r.c', { isRemote: true, connection: { parts: ['p', 'r', 'c'] } }],
    ['REMOTE WITH CONNECTION `p.r.c`', { isRemote: true, connection: { parts: ['p', 'r', 'c'] } }],
    ['REMOTE WITH CONNECTION DEFAULT', { isRemote: true, connection: 'default' }],
  ])('%s', (clause, remote) => {
    expect(withoutSpans(createModel(`CREATE MODEL m ${clause} OPTIONS(endpoint='x')`).remote)).toEqual(
      remote,
    );
  });
});

describe('the query', () => {
  test.each([
    ['AS SELECT 1', 'SELECT 1'],
    ['AS (SELECT 1)', 'SELECT 1'],
    ['AS ((SELECT 1))', 'SELECT 1'],
    ['AS (SELECT 1) UNION ALL (SELECT 2)', '(SELECT 1) UNION ALL (SELECT 2)'],
    ['AS WITH t AS (SELECT 1) SELECT * FROM t', 'WITH t AS (SELECT 1) SELECT * FROM t'],
    ['AS (WITH t AS (SELECT 1) SELECT * FROM t)', 'WITH t AS (SELECT 1) SELECT * FROM t'],
    ['AS (SELECT AS STRUCT 1)', 'SELECT AS STRUCT 1'],
    ['AS FROM t', 'FROM t'],
    ["AS SELECT ';' /* ; */ FROM t -- end", "SELECT ';' /* ; */ FROM t"],
  ])('%s (notes j, k)', (clause, text) => {
    const script = `CREATE MODEL m ${clause}`;
    const { query, namedQueries } = createModel(script);
    expect(query?.text).toBe(text);
    expect(script.slice(query!.span.start, query!.span.end)).toBe(text);
    expect(namedQueries).toBeUndefined();
  });
  test('calls in it are found, their places in the script', () => {
    const script = 'CREATE MODEL m AS (SELECT * FROM ML.TRANSFORM(MODEL t, TABLE x))';
    const island = createModel(script).query!.islands[0]!;
    expect(island.name).toBe('ML.TRANSFORM');
    expect(script.slice(island.span.start, island.span.end)).toBe('ML.TRANSFORM(MODEL t, TABLE x)');
  });
  test('a list of named queries (note k)', () => {
    const script = 'CREATE MODEL m AS (training_data AS (SELECT 1), custom_holiday AS (SELECT (2)))';
    const named = createModel(script).namedQueries!;
    expect(named.map(({ name, query }) => [name, query.text])).toEqual([
      ['training_data', 'SELECT 1'],
      ['custom_holiday', 'SELECT (2)'],
    ]);
    expect(script.slice(named[1]!.nameSpan.start, named[1]!.nameSpan.end)).toBe('custom_holiday');
  });
  test.each([
    ['AS (a AS (SELECT 1),)', ')'],
    ['AS (a AS SELECT 1)', 'SELECT 1)'],
    ['AS (a AS (SELECT 1), (SELECT 2))', '(SELECT 2))'],
    ['AS (a AS (SELECT 1)) OPTIONS(b=1)', 'OPTIONS(b=1)'],
    ['AS (a AS ())', '))'],
    ['AS ((a AS (SELECT 1)) x', ''],
    ['AS', ''],
    ['AS (SELECT 1', ''],
    ['AS SELECT 1)', ')'],
  ])('%s is refused', (clause, at) => {
    expect(failure(`CREATE MODEL m ${clause}`)).toMatchObject({ at, state: '42601' });
  });
  test('WITH before CREATE MODEL is refused (note j)', () => {
    expect(failure('WITH t AS (SELECT 1) CREATE MODEL m AS SELECT * FROM t')).toMatchObject({
      message: 'syntax error at or near "CREATE": WITH cannot stand before CREATE MODEL',
      at: 'CREATE MODEL m AS SELECT * FROM t',
    });
  });
  test('comments of three kinds, and BigQuery names, are told to the database (note m)', () => {
    const script = "CREATE MODEL m AS SELECT 1 # it's\n FROM `d.t` -- two\n /* three */ WHERE 'a#b' = `c`";
    const query = createModel(script).query!;
    expect(query.respellings?.map(({ span, text }) => [script.slice(span.start, span.end), text])).toEqual([
      ["# it's", ' '],
      ['`d.t`', '"d"."t"'],
      ['`c`', '"c"'],
    ]);
  });
  test('several statements in one script (note l)', () => {
    expect(one('CREATE MODEL m AS SELECT 1;').kind).toBe('create-model');
  });
});
