/** Printed results against what psql 15 prints (`psql -c`), without the blanks at the ends of its lines. */
import { describe, expect, test } from 'vitest';
import {
  batchOf,
  listOf,
  structOf,
  Types,
  type QueryResult,
  type Schema,
  type Value,
} from '../src/core/index.ts';
import { printRows } from '../src/print-rows.ts';
import { DEFAULT_TEXT_SETTINGS } from '../src/wire/index.ts';

async function printed(result: QueryResult): Promise<string> {
  let text = '';
  await printRows(result, { write: (part) => (text += part) }, DEFAULT_TEXT_SETTINGS);
  return text;
}

function rowsOf(schema: Schema, ...rows: readonly (readonly Value[])[]): QueryResult {
  async function* batches(): AsyncGenerator<ReturnType<typeof batchOf>> {
    for (const row of rows) yield batchOf(schema, [row]);
  }
  return { kind: 'rows', schema, batches: batches(), tag: (count) => `SELECT ${count}` };
}

describe('rows', () => {
  test('numbers to the right, everything else to the left, headings in the middle', async () => {
    const schema = [
      { name: 'n', type: Types.int4 },
      { name: 'word', type: Types.text },
      { name: 'a long name', type: Types.float8 },
      { name: 'is', type: Types.boolean },
    ];
    expect(await printed(rowsOf(schema, [1, 'x', 0.5, true], [100, 'some words', null, false]))).toBe(
      [
        '  n  |    word    | a long name | is',
        '-----+------------+-------------+----',
        '   1 | x          |         0.5 | t',
        ' 100 | some words |             | f',
        '(2 rows)\n\n',
      ].join('\n'),
    );
  });

  test('two columns of one name', async () => {
    const schema = [
      { name: 'a', type: Types.int4 },
      { name: 'a', type: Types.int4 },
    ];
    expect(await printed(rowsOf(schema, [1, 2]))).toBe(' a | a\n---+---\n 1 | 2\n(1 row)\n\n');
  });

  test('no row', async () => {
    expect(await printed(rowsOf([{ name: 'name', type: Types.text }]))).toBe(' name\n------\n(0 rows)\n\n');
  });

  test('characters count, not bytes or code units', async () => {
    expect(
      await printed(
        rowsOf(
          [
            { name: 'ü', type: Types.text },
            { name: 'n', type: Types.int4 },
          ],
          ['é𝒳', 1],
        ),
      ),
    ).toBe(' ü  | n\n----+---\n é𝒳 | 1\n(1 row)\n\n');
  });

  test('a cell of several lines', async () => {
    const schema = [
      { name: 'text', type: Types.text },
      { name: 'n', type: Types.int4 },
    ];
    expect(await printed(rowsOf(schema, ['a\nbc', 1]))).toBe(
      [' text | n', '------+---', ' a   +| 1', ' bc   |', '(1 row)\n\n'].join('\n'),
    );
  });

  test('values in the words of PostgreSQL', async () => {
    const schema = [
      { name: 'd', type: Types.date },
      { name: 'b', type: Types.bytea },
      { name: 'l', type: listOf(Types.text) },
      { name: 's', type: structOf({ name: 'k', type: Types.int8 }) },
      { name: 'i', type: Types.interval },
    ];
    const row = [
      18_262,
      new Uint8Array([1, 255]),
      ['a b', null],
      [5n],
      { months: 1, days: 2, microseconds: 3_000_000n },
    ];
    const [, , line] = (await printed(rowsOf(schema, row))).split('\n');
    expect(line!.split('|').map((cell) => cell.trim())).toEqual([
      '2020-01-01',
      '\\x01ff',
      '{"a b",NULL}',
      '{"k":5}',
      '1 mon 2 days 00:00:03',
    ]);
  });
});

describe('what has no rows', () => {
  test('a command prints its tag, an empty statement nothing', async () => {
    expect(await printed({ kind: 'command', tag: 'CREATE MODEL' })).toBe('CREATE MODEL\n');
    expect(await printed({ kind: 'command', tag: '' })).toBe('');
  });
});
