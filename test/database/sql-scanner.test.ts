import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scanSql } from '../../src/database/sql-scanner.ts';

const kinds = (sql: string): string[] => scanSql(sql).map((token) => `${token.kind}:${token.value}`);

describe('scanSql', () => {
  it.each([
    [`select 'it''s' -- $1\n`, ['word:select', "string:it's"]],
    [`"a""b"."c" /* x /* $1 */ y */ $2`, ['quoted:a"b', 'symbol:.', 'quoted:c', 'parameter:2']],
    [`E'a\\'b' $tag$ $1 'x' $tag$ $$q$$`, [`string:a'b`, `string: $1 'x' `, 'string:q']],
    [`E'\\x2e\\56\\t\\q\\\\' E'\\xz\\8' '\\x2e'`, ['string:..\tq\\', 'string:xz8', 'string:\\x2e']],
    ['a\u00a0b\u200bc\ufeff"d\u00a0"', ['word:a', 'word:b', 'word:c', 'quoted:d\u00a0']],
    ['a\u2028b é\u200c', ['word:a\u2028b', 'word:é\u200c']],
    ['a$1 1.5e-3 .5', ['word:a$1', 'number:1.5e-3', 'number:.5']],
    ['`ds.m`(1)', ['quoted:ds.m', 'symbol:(', 'number:1', 'symbol:)']],
    ["'open", ['string:open']],
  ])('%s', (sql, expected) => {
    expect(kinds(sql)).toEqual(expected);
  });

  it('covers any text with ascending spans, and always ends', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (sql) => {
        let end = 0;
        for (const token of scanSql(sql)) {
          expect(token.start).toBeGreaterThanOrEqual(end);
          expect(token.end).toBeGreaterThan(token.start);
          end = token.end;
        }
        expect(end).toBeLessThanOrEqual(sql.length);
      }),
    );
  });
});
