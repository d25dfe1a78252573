/** Which clauses of CREATE MODEL go together. */
import { expect, test } from 'vitest';
import { createModel, failure } from '../support/parser-fixture.ts';

test.each([
  ["OPTIONS(model_type='linear_reg')", 'CREATE MODEL needs an AS SELECT clause', 'm '],
  ['TRANSFORM(a)', 'TRANSFORM needs a query after AS', 'TRANSFORM'],
  ['TRANSFORM(a) AS (x AS (SELECT 1))', 'TRANSFORM does not go with a list of named queries', 'TRANSFORM'],
  ['TRANSFORM(a) REMOTE AS SELECT 1', 'a remote model takes no TRANSFORM clause', 'TRANSFORM'],
  ['INPUT(a INT64) OUTPUT(b INT64) AS SELECT 1', 'INPUT and OUTPUT do not go with a query after AS', 'INPUT'],
  ['REMOTE AS (x AS (SELECT 1))', 'a remote model takes no list of named queries', 'x AS'],
  ['WITH CONNECTION c AS SELECT 1', 'WITH CONNECTION needs REMOTE', 'WITH CONNECTION'],
])('%s', (clauses, message, at) => {
  const error = failure(`CREATE MODEL m ${clauses}`);
  expect(error).toMatchObject({ message, state: '42601' });
  expect(error.at.startsWith(at)).toBe(true);
});

test.each(['onnx', 'XGBoost', 'tensorflow', 'TENSORFLOW_LITE'])(
  'an imported %s model needs no query',
  (type) => {
    expect(createModel(`CREATE MODEL m OPTIONS(MODEL_TYPE='${type}', model_path='x')`).query).toBeUndefined();
  },
);
