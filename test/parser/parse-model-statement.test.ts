/** ALTER, DROP, EXPORT, SHOW, DESCRIBE and EXPLAIN of models. */
import { describe, expect, test } from 'vitest';
import { failure, one, withoutSpans } from '../support/parser-fixture.ts';

test.each([
  ['DROP MODEL a.b', { kind: 'drop-model', ifExists: false, name: { parts: ['a', 'b'] } }],
  ['drop model if exists r;', { kind: 'drop-model', ifExists: true, name: { parts: ['r'] } }],
  ['SHOW MODELS', { kind: 'show-models' }],
  ["SHOW MODELS LIKE 'a''%'", { kind: 'show-models', like: "a'%" }],
  ["show models in s like 'b%'", { kind: 'show-models', like: 'b%', schema: 's' }],
  ['SHOW MODELS FROM "S"', { kind: 'show-models', schema: 'S' }],
  ['DESCRIBE MODEL m', { kind: 'describe-model', name: { parts: ['m'] } }],
  ['DESC MODEL m', { kind: 'describe-model', name: { parts: ['m'] } }],
  ['SHOW CREATE MODEL `a.m`', { kind: 'show-create-model', name: { parts: ['a', 'm'] } }],
  [
    "ALTER MODEL IF EXISTS m SET OPTIONS(description='d', labels=[('k','v')],)",
    {
      kind: 'alter-model',
      ifExists: true,
      name: { parts: ['m'] },
      options: [
        { name: 'description', value: { kind: 'string', value: 'd' } },
        {
          name: 'labels',
          value: {
            kind: 'array',
            elements: [
              {
                kind: 'struct',
                fields: [
                  { value: { kind: 'string', value: 'k' } },
                  { value: { kind: 'string', value: 'v' } },
                ],
              },
            ],
          },
        },
      ],
    },
  ],
  [
    "EXPORT MODEL m OPTIONS(URI = 'gs://b/')",
    {
      kind: 'export-model',
      name: { parts: ['m'] },
      options: [{ name: 'URI', value: { kind: 'string', value: 'gs://b/' } }],
    },
  ],
])('%s', (text, statement) => {
  const parsed = one(text);
  expect(withoutSpans(parsed)).toEqual(statement);
  expect(parsed.span).toEqual({ start: 0, end: text.replace(';', '').length });
});

test.each([
  ['DROP MODEL a, b', 'syntax error at or near ","', ', b'],
  ['DROP MODEL a CASCADE', 'syntax error at or near "CASCADE"', 'CASCADE'],
  ['DROP MODEL', 'syntax error at end of input', ''],
  ['ALTER MODEL m ADD COLUMN x INT64', 'syntax error at or near "ADD"', 'ADD COLUMN x INT64'],
  ['ALTER MODEL m RENAME TO n', 'renaming a model is not supported', 'RENAME TO n'],
  ['EXPORT MODEL m', 'syntax error at end of input', ''],
  [
    "EXPORT MODEL m WITH CONNECTION c OPTIONS(uri='x')",
    'EXPORT MODEL … WITH CONNECTION is not supported',
    "WITH CONNECTION c OPTIONS(uri='x')",
  ],
  ['SHOW MODELS LIKE x', 'syntax error at or near "x"', 'x'],
  ["SHOW MODELS LIKE 'x' LIKE 'y'", 'syntax error at or near "LIKE"', "LIKE 'y'"],
  ['SHOW CREATE MODEL', 'syntax error at end of input', ''],
])('%s is refused', (text, message, at) => {
  expect(failure(text)).toMatchObject({ message, at });
});

describe('EXPLAIN', () => {
  test.each([
    ['EXPLAIN', false],
    ['EXPLAIN ANALYZE', true],
    ['EXPLAIN ANALYZE VERBOSE', true],
    ['EXPLAIN (ANALYZE, COSTS off)', true],
    ['EXPLAIN (ANALYZE false)', false],
  ])('%s CREATE MODEL', (head, isAnalyze) => {
    const text = `${head} CREATE OR REPLACE MODEL m AS SELECT 1`;
    const statement = one(text);
    expect(statement).toMatchObject({
      kind: 'explain-model',
      isAnalyze,
      span: { start: 0, end: text.length },
      statement: { kind: 'create-model', span: { start: head.length + 1, end: text.length } },
    });
  });
  test('of anything else is plain', () => {
    expect(one('EXPLAIN ANALYZE SELECT * FROM ML.WEIGHTS(MODEL m)')).toMatchObject({
      kind: 'plain',
      class: { kind: 'read' },
      fragment: { islands: [{ name: 'ML.WEIGHTS' }] },
    });
  });
});

test('a table named model or models is not ours', () => {
  for (const text of ['DESCRIBE model', 'SHOW TABLES', 'ALTER TABLE model ADD x int', 'DROP TABLE model']) {
    expect([text, one(text).kind]).toEqual([text, 'plain']);
  }
});
