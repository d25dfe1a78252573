/** COPY's options: defaults, spellings, and the errors of PostgreSQL 15. */
import { describe, expect, test } from 'vitest';
import { EngineError, resolveCopyFormat } from '../../src/core/index.ts';

type Options = readonly (readonly [name: string, value?: string | readonly string[]])[];

function resolve(options: Options): unknown {
  try {
    return resolveCopyFormat(options.map(([name, value], position) => ({ name, value, position })));
  } catch (thrown) {
    if (!(thrown instanceof EngineError)) throw thrown;
    return `${thrown.state} ${thrown.message} @${thrown.position}`;
  }
}

test('defaults of the formats', () => {
  expect(resolve([])).toEqual({
    format: 'text',
    delimiter: '\t',
    nullText: '\\N',
    header: false,
    quote: '"',
    escape: '"',
    forceQuote: [],
  });
  expect(resolve([['CSV'], ['HEADER'], ['QUOTE', "'"]])).toEqual({
    format: 'csv',
    delimiter: ',',
    nullText: '',
    header: true,
    quote: "'",
    escape: "'",
    forceQuote: [],
  });
  expect(
    resolve([
      ['format', 'csv'],
      ['header', 'off'],
      ['encoding', 'UTF-8'],
      ['force quote', ['a', 'b']],
    ]),
  ).toMatchObject({
    header: false,
    forceQuote: ['a', 'b'],
  });
});

describe('errors', () => {
  test.each<[Options, string]>([
    [[['format', 'foo']], '22023 COPY format "foo" not recognized @0'],
    [[['format', 'binary']], '0A000 COPY in binary format is not supported @0'],
    [[['format']], '42601 format requires a parameter @0'],
    [[['foo', '1']], '42601 option "foo" not recognized @0'],
    [
      [
        ['null', 'a'],
        ['null', 'b'],
      ],
      '42601 conflicting or redundant options @1',
    ],
    [[['delimiter', 'ab']], '0A000 COPY delimiter must be a single one-byte character @0'],
    [[['delimiter', '\n']], '22023 COPY delimiter cannot be newline or carriage return @0'],
    [[['delimiter', 'a']], '22023 COPY delimiter cannot be "a" @0'],
    [[['null', 'a\nb']], '22023 COPY null representation cannot use newline or carriage return @0'],
    [
      [
        ['delimiter', '|'],
        ['null', 'a|b'],
      ],
      '0A000 COPY delimiter must not appear in the NULL specification @1',
    ],
    [[['csv'], ['null', 'a"b']], '0A000 CSV quote character must not appear in the NULL specification @1'],
    [[['quote', 'x']], '0A000 COPY quote available only in CSV mode @0'],
    [[['escape', 'x']], '0A000 COPY escape available only in CSV mode @0'],
    [[['csv'], ['quote', 'ab']], '0A000 COPY quote must be a single one-byte character @1'],
    [[['csv'], ['quote', ',']], '22023 COPY delimiter and quote must be different @1'],
    [[['force_quote', ['a']]], '0A000 COPY force quote available only in CSV mode @0'],
    [
      [['csv'], ['force_quote', 'a']],
      '22023 argument to option "force_quote" must be a list of column names @1',
    ],
    [[['header', 'maybe']], '42601 header requires a Boolean value or "match" @0'],
    [[['header', 'match']], '0A000 COPY with HEADER MATCH is not supported @0'],
    [[['freeze', 'maybe']], '42601 freeze requires a Boolean value @0'],
    [[['force_null', ['a']]], '0A000 COPY with FORCE_NULL is not supported @0'],
    [[['encoding', 'latin1']], '0A000 COPY with encoding "latin1" is not supported @0'],
  ])('%j', (options, message) => {
    expect(resolve(options)).toBe(message);
  });
});
