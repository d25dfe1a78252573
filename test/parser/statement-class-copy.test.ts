/** COPY, with both option syntaxes. */
import { describe, expect, test } from 'vitest';
import type { CopyClause } from '../../src/parser/ast.ts';
import { classOf, plain, withoutSpans } from '../support/parser-fixture.ts';

function copy(text: string): CopyClause {
  const { class: statementClass } = plain(text);
  if (statementClass.kind !== 'copy') throw new TypeError(statementClass.kind);
  return statementClass.copy;
}

function options(text: string): unknown[] {
  return copy(text).options.map(({ name, value }) => (value === undefined ? [name] : [name, value]));
}

test.each([
  ['COPY t FROM STDIN', { table: { parts: ['t'] }, direction: 'from', end: { kind: 'stdio' } }],
  [
    'copy s."T" (a, "B") to stdout',
    { table: { parts: ['s', 'T'] }, columns: ['a', 'B'], direction: 'to', end: { kind: 'stdio' } },
  ],
  [
    "COPY t FROM '/x/y.csv'",
    { table: { parts: ['t'] }, direction: 'from', end: { kind: 'file', path: '/x/y.csv' } },
  ],
  ["COPY t TO PROGRAM 'gzip'", { table: { parts: ['t'] }, direction: 'to', end: { kind: 'program' } }],
])('%s', (text, expected) => {
  expect(withoutSpans(copy(text))).toEqual({ ...expected, options: [] });
});

test('a query keeps its calls', () => {
  const text = 'COPY (SELECT * FROM ML.WEIGHTS(MODEL m)) TO STDOUT';
  const { query } = copy(text);
  expect(query!.text).toBe('SELECT * FROM ML.WEIGHTS(MODEL m)');
  expect(text.slice(query!.span.start, query!.span.end)).toBe(query!.text);
  expect(query!.islands.map(({ span }) => text.slice(span.start, span.end))).toEqual(['ML.WEIGHTS(MODEL m)']);
});

describe('options', () => {
  test.each<[string, unknown[]]>([
    [
      "WITH (FORMAT csv, HEADER true, DELIMITER ';', NULL '', FORCE_QUOTE (a, \"B\"), ENCODING 'UTF8')",
      [
        ['format', 'csv'],
        ['header', 'true'],
        ['delimiter', ';'],
        ['null', ''],
        ['force_quote', ['a', 'B']],
        ['encoding', 'UTF8'],
      ],
    ],
    ['(FORMAT binary)', [['format', 'binary']]],
    ['(HEADER, FORCE_NULL *, HEADER match)', [['header'], ['force_null', '*'], ['header', 'match']]],
    ["CSV HEADER DELIMITER ','", [['format', 'csv'], ['header'], ['delimiter', ',']]],
    [
      "WITH CSV QUOTE AS '\"' ESCAPE '''' NULL AS 'x'",
      [
        ['format', 'csv'],
        ['quote', '"'],
        ['escape', "'"],
        ['null', 'x'],
      ],
    ],
    ["WITH DELIMITER E'\\t'", [['delimiter', '\t']]],
    [
      'CSV FORCE QUOTE a, b',
      [
        ['format', 'csv'],
        ['force_quote', ['a', 'b']],
      ],
    ],
    [
      'CSV FORCE NOT NULL a',
      [
        ['format', 'csv'],
        ['force_not_null', ['a']],
      ],
    ],
    ['BINARY', [['format', 'binary']]],
    ['', []],
  ])('%s', (text, expected) => {
    expect(options(`COPY t TO STDOUT ${text}`)).toEqual(expected);
  });
  test('COPY BINARY t', () => {
    expect(options('COPY BINARY t FROM STDIN')).toEqual([['format', 'binary']]);
  });
  test("DuckDB's lists and structs stay text", () => {
    expect(
      options("COPY t TO 'x' (FORMAT parquet, PARTITION_BY (a, b), KV_METADATA {a: 'b', c: 'd'})"),
    ).toEqual([
      ['format', 'parquet'],
      ['partition_by', ['a', 'b']],
      ['kv_metadata', "{a: 'b', c: 'd'}"],
    ]);
  });
  test('each has its place', () => {
    const text = "COPY t TO STDOUT (FORMAT csv, NULL 'x')";
    expect(copy(text).options.map(({ span }) => text.slice(span.start, span.end))).toEqual([
      'FORMAT csv',
      "NULL 'x'",
    ]);
  });
});

test.each([
  'COPY t',
  'COPY t FROM',
  'COPY t FROM x',
  'COPY t FROM STDIN WHERE a > 1',
  'COPY t FROM STDIN NOISE',
  'COPY () TO STDOUT',
])('%s is left to the database', (text) => {
  expect(classOf(text)).toEqual({ kind: 'other', word: 'COPY' });
});
