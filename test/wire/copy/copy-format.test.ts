/** COPY TO lines, as PostgreSQL 15 writes them. */
import { describe, expect, test } from 'vitest';
import { batchOf, listOf, resolveCopyFormat, Types, type Value } from '../../../src/core/index.ts';
import { formatCopyHeader, formatCopyRows } from '../../../src/wire/copy/copy-format.ts';
import { DEFAULT_TEXT_SETTINGS } from '../../../src/wire/type/text-settings.ts';

const schema = [
  { name: 'n', type: Types.float8 },
  { name: 'text, "quoted"', type: Types.text },
  { name: 'list', type: listOf(Types.text) },
];
// SELECT 1e20::float8, E'tab\t"q",back\\ nl\n', ARRAY['a b',NULL,'c"d'] UNION ALL SELECT -0.5, '', NULL
const rows: Value[][] = [
  [1e20, 'tab\t"q",back\\ nl\n', ['a b', null, 'c"d']],
  [-0.5, '', null],
];

function linesOf(...options: { name: string; value: string | readonly string[] | undefined }[]): string[] {
  const format = resolveCopyFormat(options);
  return [
    formatCopyHeader(schema, format) ?? '',
    ...formatCopyRows(batchOf(schema, rows), schema, format, DEFAULT_TEXT_SETTINGS),
  ];
}

describe('lines', () => {
  test('text', () => {
    expect(linesOf()).toEqual([
      '',
      '1e+20\ttab\\t"q",back\\\\ nl\\n\t{"a b",NULL,"c\\\\"d"}\n',
      '-0.5\t\t\\N\n',
    ]);
  });

  test('text with a delimiter that values have, and a header', () => {
    expect(linesOf({ name: 'delimiter', value: ',' }, { name: 'header', value: undefined })).toEqual([
      'n,text\\, "quoted",list\n',
      '1e+20,tab\\t"q"\\,back\\\\ nl\\n,{"a b"\\,NULL\\,"c\\\\"d"}\n',
      '-0.5,,\\N\n',
    ]);
  });

  test('CSV with a header', () => {
    expect(linesOf({ name: 'format', value: 'csv' }, { name: 'header', value: 'true' })).toEqual([
      'n,"text, ""quoted""",list\n',
      '1e+20,"tab\t""q"",back\\ nl\n","{""a b"",NULL,""c\\""d""}"\n',
      '-0.5,"",\n',
    ]);
  });

  test('CSV with forced quotes, which NULL has not', () => {
    const csv = { name: 'format', value: 'csv' };
    expect(linesOf(csv, { name: 'force_quote', value: '*' })[2]).toBe('"-0.5","",\n');
    expect(linesOf(csv, { name: 'force_quote', value: ['n'] })[1]).toMatch(/^"1e\+20","tab/);
  });

  test('CSV of one column quotes what would end the data', () => {
    const one = [{ name: 'x', type: Types.text }];
    const format = resolveCopyFormat([{ name: 'format', value: 'csv' }]);
    expect(formatCopyRows(batchOf(one, [['\\.'], [null]]), one, format, DEFAULT_TEXT_SETTINGS)).toEqual([
      '"\\."\n',
      '\n',
    ]);
  });
});
