/** The arguments of ML calls, by kind. */
import { describe, expect, test } from 'vitest';
import type { MlArgument } from '../../src/parser/ast.ts';
import { failure, plain, withoutSpans } from '../support/parser-fixture.ts';

function argumentsOf(list: string): readonly MlArgument[] {
  return plain(`SELECT * FROM ML.X(${list})`).fragment.islands[0]!.arguments;
}

function argument(text: string): MlArgument {
  const [, second] = argumentsOf(`MODEL m, ${text}`);
  return withoutSpans(second!);
}

test.each<[string, object]>([
  ['MODEL `a.b`', { kind: 'model', path: { parts: ['a', 'b'] } }],
  ['TABLE s."T"', { kind: 'table', path: { parts: ['s', 'T'] } }],
  ['(SELECT 1)', { kind: 'query', fragment: { text: 'SELECT 1', islands: [] } }],
  [
    '((SELECT 1) UNION (SELECT 2))',
    { kind: 'query', fragment: { text: '(SELECT 1) UNION (SELECT 2)', islands: [] } },
  ],
  [
    '(WITH a AS (SELECT 1) FROM a)',
    { kind: 'query', fragment: { text: 'WITH a AS (SELECT 1) FROM a', islands: [] } },
  ],
  ['STRUCT()', { kind: 'settings', value: { kind: 'struct', fields: [] } }],
  [
    'struct(0.8 as confidence_level, 3 AS `top_k`, [1] AS "L")',
    {
      kind: 'settings',
      value: {
        kind: 'struct',
        fields: [
          { name: 'confidence_level', value: { kind: 'number', value: 0.8, text: '0.8' } },
          { name: 'top_k', value: { kind: 'number', value: 3, text: '3' } },
          { name: 'L', value: { kind: 'array', elements: [{ kind: 'number', value: 1, text: '1' }] } },
        ],
      },
    },
  ],
  ['GENERATE_ARRAY(0, 1, 0.1)', { kind: 'value', text: 'GENERATE_ARRAY(0, 1, 0.1)' }],
  [
    '[0.1, -.5]',
    {
      kind: 'value',
      text: '[0.1, -.5]',
      literal: {
        kind: 'array',
        elements: [
          { kind: 'number', value: 0.1, text: '0.1' },
          { kind: 'number', value: -0.5, text: '-.5' },
        ],
      },
    },
  ],
  ["'a'", { kind: 'value', text: "'a'", literal: { kind: 'string', value: 'a' } }],
  ['$1', { kind: 'value', text: '$1', literal: { kind: 'parameter', index: 1 } }],
  ['model', { kind: 'value', text: 'model' }],
  ['(SELECT 1) + 1', { kind: 'value', text: '(SELECT 1) + 1' }],
  [
    'time => 5',
    {
      kind: 'named',
      name: 'time',
      value: { kind: 'value', text: '5', literal: { kind: 'number', value: 5, text: '5' } },
    },
  ],
  ['"T" => TABLE x', { kind: 'named', name: 'T', value: { kind: 'table', path: { parts: ['x'] } } }],
  ['model => MODEL x', { kind: 'named', name: 'model', value: { kind: 'model', path: { parts: ['x'] } } }],
  [
    'data => (SELECT 1)',
    { kind: 'named', name: 'data', value: { kind: 'query', fragment: { text: 'SELECT 1', islands: [] } } },
  ],
])('%s', (text, expected) => {
  expect(argument(text)).toEqual(expected);
});

test('bare tuples are values', () => {
  expect(argument("(0.5, 'a')")).toMatchObject({
    kind: 'value',
    literal: { kind: 'struct', fields: [{}, {}] },
  });
});
test('no arguments at all', () => {
  expect(argumentsOf('')).toEqual([]);
});
test('settings may come before the data', () => {
  expect(argumentsOf('MODEL m, STRUCT(0.1 AS contamination), (SELECT 1)').map(({ kind }) => kind)).toEqual([
    'model',
    'settings',
    'query',
  ]);
});
test('calls nest in the query of their argument', () => {
  const text =
    'SELECT * FROM ML.PREDICT(MODEL b, (SELECT * FROM ML.PREDICT(MODEL a, TABLE t) x, ML.WEIGHTS(MODEL c)))';
  const outer = plain(text).fragment.islands;
  expect(outer).toHaveLength(1);
  const query = outer[0]!.arguments[1]!;
  const inner = query.kind === 'query' ? query.fragment.islands : [];
  expect(inner.map(({ span }) => text.slice(span.start, span.end))).toEqual([
    'ML.PREDICT(MODEL a, TABLE t)',
    'ML.WEIGHTS(MODEL c)',
  ]);
});
test('spans are places in the script', () => {
  const text = 'select 1 from ML.EVALUATE(MODEL a.m, TABLE t, STRUCT(0.3 AS threshold)) e';
  const island = plain(text).fragment.islands[0]!;
  const slices = island.arguments.map(({ span }) => text.slice(span.start, span.end));
  expect(slices).toEqual(['MODEL a.m', 'TABLE t', 'STRUCT(0.3 AS threshold)']);
  expect(text.slice(island.nameSpan.start, island.nameSpan.end)).toBe('ML.EVALUATE');
});
test('# is a comment inside a call and an operator after it', () => {
  const text = "select 1 from ML.X(MODEL m, # it's\n TABLE t) p where a # b = 'c'";
  expect(plain(text).fragment.islands[0]!.arguments).toHaveLength(2);
  expect(plain(text).fragment.text).toBe(text);
});

describe('mistakes', () => {
  test.each([
    [
      'MODEL m, SELECT 1',
      'syntax error at or near "SELECT"',
      'SELECT 1)',
      'A query as an argument stands in parentheses: (SELECT …).',
    ],
    [
      'MODEL m, WITH a AS (SELECT 1) FROM a',
      'syntax error at or near "WITH"',
      'WITH a AS (SELECT 1) FROM a)',
      undefined,
    ],
    [
      '(MODEL m)',
      'syntax error at or near "MODEL"',
      'MODEL m))',
      'MODEL m is an argument without parentheses.',
    ],
    ['MODEL m,', 'syntax error at or near ")"', ')', undefined],
    ['MODEL m TABLE t', 'syntax error at or near "TABLE"', 'TABLE t)', undefined],
    ['MODEL m, TABLE t WHERE x', 'syntax error at or near "WHERE"', 'WHERE x)', undefined],
    ['MODEL a.b.c.d', 'improper qualified name (too many dotted names): a.b.c.d', 'a.b.c.d)', undefined],
    ['MODEL m, (SELECT 1; SELECT 2)', 'syntax error at or near ";"', '; SELECT 2))', undefined],
    ['MODEL m, a => b => c', 'syntax error at or near "b"', 'b => c)', undefined],
    ['MODEL m, ()', 'syntax error at or near ")"', '))', undefined],
  ])('%s', (list, message, at, hint) => {
    const error = failure(`SELECT * FROM ML.X(${list})`);
    expect(error).toMatchObject({ message, at, state: '42601' });
    if (hint !== undefined) expect(error.hint).toBe(hint);
  });
  test.each(['SELECT * FROM ML.X(MODEL m', 'SELECT * FROM ML.X(', 'SELECT * FROM ML.X(MODEL m, (SELECT 1'])(
    '%s ends too early',
    (text) => {
      expect(failure(text)).toMatchObject({ message: 'syntax error at end of input', at: '' });
    },
  );
});
