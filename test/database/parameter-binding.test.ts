import { describe, expect, it } from 'vitest';
import { Types } from '../../src/core/index.ts';
import { castTypeOf, rewriteParameters } from '../../src/database/parameter-binding.ts';

describe('rewriteParameters', () => {
  it('casts the parameters whose type is known, and leaves strings, comments and names alone', () => {
    const sql = `select $1, '$1', "$2" /* $1 */, $2, $$ $1 $$ -- $2`;
    expect(rewriteParameters(sql, [Types.int4]).text).toBe(
      `select cast($1 as INTEGER), '$1', "$2" /* $1 */, $2, $$ $1 $$ -- $2`,
    );
  });

  it('maps offsets back to the text as written', () => {
    const sql = 'select $1, nope, $2, gone';
    const { text, originalOffset } = rewriteParameters(sql, [Types.int4, Types.text]);
    for (const word of ['select', 'nope', 'gone']) {
      expect(originalOffset(text.indexOf(word))).toBe(sql.indexOf(word));
    }
    expect(originalOffset(text.indexOf('cast($2') + 6)).toBe(sql.indexOf('$2'));
  });

  it('keeps the digits of a numeric that its declared scale has no room for', () => {
    expect(castTypeOf({ kind: 'numeric', precision: 38, scale: 0 }, '1.25')).toEqual({
      kind: 'numeric',
      precision: 38,
      scale: 2,
    });
    expect(castTypeOf({ kind: 'numeric', precision: 10, scale: 3 }, '1.25')).toEqual({
      kind: 'numeric',
      precision: 10,
      scale: 3,
    });
  });
});
