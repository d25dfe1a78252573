/** TRANSFORM: the list, and each item taken apart. */
import { describe, expect, test } from 'vitest';
import type { TransformItem } from '../../src/parser/ast.ts';
import { parseTransformItem } from '../../src/parser/parse-transform.ts';
import { createModel, failure, withoutSpans } from '../support/parser-fixture.ts';

function items(list: string): TransformItem[] {
  return createModel(`CREATE MODEL m TRANSFORM(${list}) AS SELECT 1`).transform!.items.map(
    parseTransformItem,
  );
}
const item = (text: string): TransformItem => withoutSpans(items(text)[0]!);

describe('items', () => {
  test.each<[string, object]>([
    ['*', { kind: 'star', except: [], replace: [] }],
    ['t.*', { kind: 'star', qualifier: 't', except: [], replace: [] }],
    ['* EXCEPT(a, `b c`)', { kind: 'star', except: ['a', 'b c'], replace: [] }],
    ['* EXCLUDE (a)', { kind: 'star', except: ['a'], replace: [] }],
    [
      '* EXCEPT(a) REPLACE(b + 1 AS b, c AS c)',
      {
        kind: 'star',
        except: ['a'],
        replace: [
          { expression: { text: 'b + 1', islands: [] }, alias: 'b', calls: [] },
          { expression: { text: 'c', islands: [] }, alias: 'c', calls: [] },
        ],
      },
    ],
    ['a', { kind: 'column', path: { parts: ['a'] }, alias: 'a' }],
    ['t.a', { kind: 'column', path: { parts: ['t', 'a'] }, alias: 'a' }],
    ['a AS b', { kind: 'column', path: { parts: ['a'] }, alias: 'b' }],
    ['`a` b', { kind: 'column', path: { parts: ['a'] }, alias: 'b' }],
    ['a + 1 AS b', { kind: 'expression', expression: { text: 'a + 1', islands: [] }, alias: 'b', calls: [] }],
    ['f(a) b', { kind: 'expression', expression: { text: 'f(a)', islands: [] }, alias: 'b', calls: [] }],
    ['1 AS one', { kind: 'expression', expression: { text: '1', islands: [] }, alias: 'one', calls: [] }],
    [
      "CASE WHEN a THEN 'x' END AS c",
      {
        kind: 'expression',
        expression: { text: "CASE WHEN a THEN 'x' END", islands: [] },
        alias: 'c',
        calls: [],
      },
    ],
    [
      'CAST(a AS FLOAT64) AS c',
      { kind: 'expression', expression: { text: 'CAST(a AS FLOAT64)', islands: [] }, alias: 'c', calls: [] },
    ],
    [
      'EXTRACT(YEAR FROM d) AS y',
      {
        kind: 'expression',
        expression: { text: 'EXTRACT(YEAR FROM d)', islands: [] },
        alias: 'y',
        calls: [],
      },
    ],
    [
      'ml.standard_scaler(a) over () as s',
      {
        kind: 'expression',
        expression: { text: 'ml.standard_scaler(a) over ()', islands: [] },
        alias: 's',
        calls: [
          {
            name: 'ML.STANDARD_SCALER',
            arguments: [{ text: 'a', islands: [] }],
            isAnalytic: true,
            calls: [],
          },
        ],
      },
    ],
    [
      "1 + ML.BUCKETIZE(ML.IMPUTER(a, 'mean') OVER(), [1, 2]) AS b",
      {
        kind: 'expression',
        expression: { text: "1 + ML.BUCKETIZE(ML.IMPUTER(a, 'mean') OVER(), [1, 2])", islands: [] },
        alias: 'b',
        calls: [
          {
            name: 'ML.BUCKETIZE',
            arguments: [
              { text: "ML.IMPUTER(a, 'mean') OVER()", islands: [] },
              { text: '[1, 2]', islands: [] },
            ],
            isAnalytic: false,
            calls: [
              {
                name: 'ML.IMPUTER',
                arguments: [
                  { text: 'a', islands: [] },
                  { text: "'mean'", islands: [] },
                ],
                isAnalytic: true,
                calls: [],
              },
            ],
          },
        ],
      },
    ],
    [
      'ML.FEATURE_CROSS(STRUCT(a, b)) AS c',
      {
        kind: 'expression',
        expression: { text: 'ML.FEATURE_CROSS(STRUCT(a, b))', islands: [] },
        alias: 'c',
        calls: [
          {
            name: 'ML.FEATURE_CROSS',
            arguments: [{ text: 'STRUCT(a, b)', islands: [] }],
            isAnalytic: false,
            calls: [],
          },
        ],
      },
    ],
  ])('%s', (text, expected) => {
    expect(item(text)).toEqual(expected);
  });

  test('places are offsets into the script', () => {
    const script = 'CREATE MODEL m TRANSFORM(a, ML.STANDARD_SCALER(bee) OVER () AS c) AS SELECT 1';
    const parsed = parseTransformItem(createModel(script).transform!.items[1]!);
    if (parsed.kind !== 'expression') throw new TypeError(parsed.kind);
    const call = parsed.calls[0]!;
    const slices = [parsed.span, parsed.expression.span, call.span, call.arguments[0]!.span].map(
      ({ start, end }) => script.slice(start, end),
    );
    expect(slices).toEqual([
      'ML.STANDARD_SCALER(bee) OVER () AS c',
      'ML.STANDARD_SCALER(bee) OVER ()',
      'ML.STANDARD_SCALER(bee) OVER ()',
      'bee',
    ]);
  });
  test('a trailing comma is no item', () => {
    expect(items('a, b,').map((parsed) => parsed.kind)).toEqual(['column', 'column']);
  });
});

describe('mistakes', () => {
  test.each([
    ['', 'syntax error at or near ")"', ') AS'],
    ['a,,b', 'syntax error at or near ","', ',b)'],
    ['SELECT a', 'syntax error at or near "SELECT"', 'SELECT a)'],
    ['a FROM t', 'syntax error at or near "FROM"', 'FROM t)'],
    ['a WHERE b', 'syntax error at or near "WHERE"', 'WHERE b)'],
    ['(SELECT 1) AS a', 'syntax error at or near "SELECT"', 'SELECT 1)'],
    ['a + 1', 'expression "a + 1" in TRANSFORM needs a name', 'a + 1)'],
    ['b, sum(a) AS s', 'aggregate function SUM is not allowed in TRANSFORM', 'sum(a)'],
    ['1 + count(*) AS s', 'aggregate function COUNT is not allowed in TRANSFORM', 'count(*)'],
    ['t.max + f(max (a)) AS s', 'aggregate function MAX is not allowed in TRANSFORM', 'max (a)'],
    ['ML.MIN_MAX_SCALER(a) OVER (PARTITION BY b) AS c', 'syntax error at or near "("', '(PARTITION BY b)'],
    ['row_number() OVER () AS r', 'syntax error at or near "OVER"', 'OVER ()'],
    ['a, b + 1 AS A', 'TRANSFORM has two outputs named "A"', 'b + 1 AS A'],
    ['* LIKE a', 'syntax error at or near "LIKE"', 'LIKE a'],
    ['AI.X(MODEL m, a) AS b', 'AI.X with a model is not allowed in TRANSFORM', 'AI.X(MODEL m, a)'],
  ])('%s', (list, message, at) => {
    const error = failure(`CREATE MODEL m TRANSFORM(${list}) AS SELECT 1`);
    expect(error).toMatchObject({ message, state: '42601' });
    expect(error.at.startsWith(at)).toBe(true);
  });
  test('a list that is not closed', () => {
    expect(failure('CREATE MODEL m TRANSFORM(a, (b').message).toBe('syntax error at end of input');
  });
});
