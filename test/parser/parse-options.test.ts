/** OPTIONS and the values in them. */
import { describe, expect, test } from 'vitest';
import type { Literal } from '../../src/parser/ast.ts';
import { createModel, failure, withoutSpans } from '../support/parser-fixture.ts';

function value(text: string): Literal {
  const { options } = createModel(`CREATE MODEL m OPTIONS(x=${text}) AS SELECT 1`);
  return withoutSpans(options[0]!.value);
}
const number = (amount: number, text = String(amount)): Literal =>
  ({ kind: 'number', value: amount, text }) as Literal;
const string = (text: string): Literal => ({ kind: 'string', value: text }) as Literal;
const fields = (...values: Literal[]): Literal =>
  ({ kind: 'struct', fields: values.map((literal) => ({ value: literal })) }) as unknown as Literal;

describe('values', () => {
  test.each<[string, Literal]>([
    ["'a''b'", string("a'b")],
    ['"linear_reg"', string('linear_reg')],
    ["r'a\\d'", string('a\\d')],
    ['"""say "x" """', string('say "x" ')],
    ['TRUE', { kind: 'boolean', value: true } as Literal],
    ['False', { kind: 'boolean', value: false } as Literal],
    ['null', { kind: 'null' } as Literal],
    ['4', number(4)],
    ['.5', number(0.5, '.5')],
    ['1e-3', number(0.001, '1e-3')],
    ['1_000', number(1000, '1_000')],
    ['-0.5', number(-0.5, '-0.5')],
    ['- 3', number(-3, '- 3')],
    ['+3', number(3, '+3')],
    ['(7)', number(7)],
    ['0.5 + 0.25', number(0.75, '0.5 + 0.25')],
    ['2 * (3 - 1) / 4', number(1, '2 * (3 - 1) / 4')],
    ['-(1e-3)', number(-0.001, '-(1e-3)')],
    ['CAST(0.5 AS FLOAT64)', number(0.5, 'CAST(0.5 AS FLOAT64)')],
    ['1/0', { kind: 'expression', text: '1/0' } as Literal],
    ["TIMESTAMP '2030-01-01'", { kind: 'expression', text: "TIMESTAMP '2030-01-01'" } as Literal],
    ['INTERVAL 8 HOUR', { kind: 'expression', text: 'INTERVAL 8 HOUR' } as Literal],
    [
      'TIMESTAMP_ADD(CURRENT_TIMESTAMP(), INTERVAL 7 DAY)',
      { kind: 'expression', text: 'TIMESTAMP_ADD(CURRENT_TIMESTAMP(), INTERVAL 7 DAY)' } as Literal,
    ],
    ['$2', { kind: 'parameter', index: 2 } as Literal],
    ['@p', { kind: 'expression', text: '@p' } as Literal],
    ['[]', { kind: 'array', elements: [] } as unknown as Literal],
    ["['a', 'b']", { kind: 'array', elements: [string('a'), string('b')] } as unknown as Literal],
    ['["a"]', { kind: 'array', elements: [string('a')] } as unknown as Literal],
    ['ARRAY<INT64>[1]', { kind: 'array', elements: [number(1)] } as unknown as Literal],
    ['(1,0,1)', fields(number(1), number(0), number(1))],
    ["STRUCT('a', .2)", fields(string('a'), number(0.2, '.2'))],
    ['STRUCT()', fields()],
    ['[1][0]', { kind: 'expression', text: '[1][0]' } as Literal],
  ])('%s', (text, literal) => {
    expect(value(text)).toEqual(literal);
  });

  test('struct fields have names, plain, in backticks or double quotes', () => {
    expect(value('STRUCT(1 AS p, 2 AS `d d`, 3 AS "Q")')).toEqual({
      kind: 'struct',
      fields: [
        { name: 'p', value: number(1) },
        { name: 'd d', value: number(2) },
        { name: 'Q', value: number(3) },
      ],
    });
  });
  test('arrays of structs and of bare tuples are alike', () => {
    expect(value("[('a',.2),('b',.8)]")).toEqual(value("[STRUCT('a',.2), STRUCT('b',.8)]"));
  });
  test('search spaces, in any case', () => {
    expect(value('hparam_range(0.1, 1)')).toEqual({
      kind: 'search-space',
      form: 'range',
      arguments: [number(0.1), number(1)],
    });
    expect(value('HPARAM_CANDIDATES([STRUCT([8]), STRUCT([8,16])])')).toEqual({
      kind: 'search-space',
      form: 'candidates',
      arguments: [
        {
          kind: 'array',
          elements: [
            fields({ kind: 'array', elements: [number(8)] } as unknown as Literal),
            fields({ kind: 'array', elements: [number(8), number(16)] } as unknown as Literal),
          ],
        },
      ],
    });
  });
  test('the span of a value is its text', () => {
    const text = 'CREATE MODEL m OPTIONS(a = 1, Bee = [1, -2]) AS SELECT 1';
    const option = createModel(text).options[1]!;
    expect(text.slice(option.span.start, option.span.end)).toBe('Bee = [1, -2]');
    expect(text.slice(option.nameSpan.start, option.nameSpan.end)).toBe('Bee');
    expect(text.slice(option.value.span.start, option.value.span.end)).toBe('[1, -2]');
  });
});

describe('lists', () => {
  test('empty, with a trailing comma, and without', () => {
    expect(createModel('CREATE MODEL m OPTIONS() AS SELECT 1').options).toEqual([]);
    expect(createModel('CREATE MODEL m OPTIONS(a=1,) AS SELECT 1').options).toHaveLength(1);
    expect(createModel('CREATE MODEL m AS SELECT 1').optionsSpan).toBeUndefined();
  });
  test('hash comments may stand anywhere', () => {
    const text = "CREATE MODEL m # it's\nOPTIONS( # one\n a=1, # two\n b='#3') AS SELECT 1";
    expect(createModel(text).options.map((option) => option.name)).toEqual(['a', 'b']);
  });
  test.each([
    ['OPTIONS(a=1 b=2)', 'syntax error at or near "b"', 'b=2)'],
    ['OPTIONS(a=1 2)', 'syntax error at or near "2"', '2)'],
    ['OPTIONS(a)', 'syntax error at or near ")"', ')'],
    ['OPTIONS(a=)', 'syntax error at or near ")"', ')'],
    ['OPTIONS(,)', 'syntax error at or near ","', ',)'],
    ['OPTIONS(a=1,,)', 'syntax error at or near ","', ',)'],
    ['OPTIONS(a=[1,)', 'syntax error at or near ")"', ')'],
    ['OPTIONS(a=(1', 'syntax error at end of input', ''],
    ['OPTIONS(a=f(1;', 'syntax error at or near ";"', ';'],
    ['OPTIONS(a=1, A=2)', 'option "A" is given more than once', 'A=2)'],
    ['OPTIONS(a=STRUCT(1 AS 2))', 'syntax error at or near "2"', '2))'],
    ['OPTIONS a=1', 'syntax error at or near "a"', 'a=1'],
    ['OPTIONS(a=HPARAM_RANGE(1))', 'HPARAM_RANGE takes a lower and an upper bound', 'HPARAM_RANGE(1))'],
    ['OPTIONS(a=HPARAM_CANDIDATES(1))', 'HPARAM_CANDIDATES takes one array', 'HPARAM_CANDIDATES(1))'],
  ])('refuses %s', (text, message, at) => {
    expect(failure(`CREATE MODEL m ${text}`)).toMatchObject({ message, at, state: '42601' });
  });
  test('deep nesting is a limit, not a stack overflow', () => {
    for (const opening of ['(', '[', 'STRUCT(', '(1,']) {
      expect(failure(`CREATE MODEL m OPTIONS(a=${opening.repeat(50_000)}`).state).toBe('54000');
    }
  });
});
