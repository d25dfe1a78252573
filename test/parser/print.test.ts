/** Printing: canonical text, and the way back to the same statement. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from '../../src/parser/parse.ts';
import { print } from '../../src/parser/print.ts';
import { one, withoutSpans } from '../support/parser-fixture.ts';

test('CREATE MODEL, one clause a line', () => {
  const text =
    'create or replace model if_ transform(a, ml.standard_scaler(b) over () as b) ' +
    'options(model_type="linear_reg",l2_reg=-.5, w=[(\'a\',1)],) as (select * from t)';
  expect(print(one(text))).toBe(
    [
      'CREATE OR REPLACE MODEL if_',
      'TRANSFORM(',
      '  a,',
      '  ml.standard_scaler(b) over () as b',
      ')',
      'OPTIONS(',
      "  model_type = 'linear_reg',",
      '  l2_reg = -.5,',
      "  w = [STRUCT('a', 1)]",
      ')',
      'AS',
      'select * from t',
    ].join('\n'),
  );
});

test.each([
  'CREATE TEMP MODEL IF NOT EXISTS s."my model"\nOPTIONS()\nAS\nSELECT 1',
  'CREATE MODEL "options"\nAS (\n  training_data AS (SELECT 1),\n  custom_holiday AS (SELECT 2)\n)',
  "CREATE MODEL m\nINPUT(a INT64)\nOUTPUT(b FLOAT64)\nOPTIONS(\n  model_type = 'xgboost'\n)",
  'CREATE MODEL m\nREMOTE WITH CONNECTION DEFAULT',
  'CREATE MODEL m\nREMOTE WITH CONNECTION a.b.c',
  'CREATE MODEL m\nREMOTE',
  'CREATE MODEL m\nOPTIONS(\n  a = HPARAM_RANGE(1, 2)\n)\nAS\nSELECT 1',
  'CREATE MODEL m\nOPTIONS(\n  b = HPARAM_CANDIDATES([STRUCT([8])])\n)\nAS\nSELECT 1',
  'CREATE MODEL m\nOPTIONS(\n  c = $1,\n  d = NULL,\n  e = TRUE\n)\nAS\nSELECT 1',
  'ALTER MODEL IF EXISTS m SET OPTIONS(\n  description = NULL\n)',
  'DROP MODEL IF EXISTS a.b',
  'DROP MODEL "select"',
  "EXPORT MODEL m OPTIONS(\n  uri = 'x'\n)",
  "SHOW MODELS LIKE 'a''%' IN s",
  'SHOW MODELS',
  'DESCRIBE MODEL m',
  'SHOW CREATE MODEL m',
  'EXPLAIN ANALYZE CREATE MODEL m\nAS\nSELECT 1',
  'EXPLAIN CREATE MODEL m\nAS\nSELECT 1',
  'select  1 /* as it is */ from t',
])('%s', (text) => {
  expect(print(one(text))).toBe(text);
});

const name = fc.oneof(
  fc.constantFrom(
    'm',
    'Churn',
    'options',
    'model',
    'select',
    'as',
    'my model',
    'ünï',
    'a.b',
    'q"q',
    'back`tick',
  ),
  fc.stringMatching(/^[a-z][a-z0-9_]{0,8}$/),
);
const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((parts) => parts.map(quoted).join('.'));
const string = fc
  .string({ unit: 'grapheme', maxLength: 12 })
  .map((text) => `N'${text.replaceAll("'", "''")}'`);
const scalar = fc.oneof(
  string,
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.integer().map(String),
  fc.constantFrom(
    'TRUE',
    'false',
    'NULL',
    '$3',
    '"x"',
    "'''triple ' one'''",
    '1 + 2',
    "DATE '2020-01-01'",
    'f(x, y)',
    '(1)',
  ),
);
const fieldName = fc.stringMatching(/^[a-z][a-z0-9_]{0,8}$/);
const { value } = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    scalar,
    fc.array(tie('value'), { maxLength: 3 }).map((values) => `[${values.join(', ')}]`),
    fc.array(tie('value'), { minLength: 2, maxLength: 3 }).map((values) => `(${values.join(', ')})`),
    fc
      .array(fc.tuple(tie('value'), fieldName), { maxLength: 3 })
      .map((fields) => `STRUCT(${fields.map(([field, label]) => `${field} AS ${label}`).join(', ')})`),
    fc.tuple(tie('value'), tie('value')).map(([low, high]) => `HPARAM_RANGE(${low}, ${high})`),
  ),
}));
const options = fc.uniqueArray(fc.tuple(fieldName, value), { maxLength: 4, selector: ([label]) => label });
const query = fc.constantFrom(
  'SELECT 1',
  '(SELECT a FROM t)',
  '(SELECT 1) UNION (SELECT 2)',
  "SELECT ';' FROM ML.PREDICT(MODEL `a.b`, (SELECT 1), STRUCT(1 AS c)) # end",
  '(a AS (SELECT 1), b AS (FROM t))',
);

describe('any CREATE MODEL', () => {
  test('parses, prints and parses to the same statement; printing again changes nothing', () => {
    fc.assert(
      fc.property(
        fc.boolean(),
        fc.boolean(),
        path,
        options,
        query,
        (orReplace, isTemporary, model, list, training) => {
          const head = `CREATE ${orReplace ? 'OR REPLACE ' : ''}${isTemporary ? 'TEMP ' : ''}MODEL ${model}`;
          const body = list.map(([label, text]) => `${label} = ${text}`).join(', ');
          const text = `${head} OPTIONS(${body}) AS ${training}`;
          const first = one(text);
          const printed = print(first);
          const second = one(printed);
          expect(withoutSpans(second)).toEqual(withoutSpans(first));
          expect(print(second)).toBe(printed);
          expect(parse(`${printed};${printed}`)).toHaveLength(2);
        },
      ),
      { numRuns: 200 },
    );
  });
});
