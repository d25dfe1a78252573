import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeValue, encodeValue } from '../../src/catalog/value-codec.ts';

describe('encodeValue and decodeValue', () => {
  it('give any value back exactly', () => {
    const leaf = fc.oneof(
      fc.constantFrom(null, true, false, Number.NaN, Infinity, -Infinity, -0, 5e-324),
      fc.double(),
      fc.integer(),
      fc.bigInt(),
      fc.string({ unit: 'binary' }),
      fc.uint8Array(),
    );
    const key = fc.oneof(fc.string(), fc.constantFrom('$bigint', '$$', '$', '__proto__', '$undefined'));
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        leaf,
        fc.array(fc.oneof(tie('value'), fc.constant(undefined))),
        fc.dictionary(key, tie('value'), { noNullPrototype: true }),
      ),
    }));
    fc.assert(
      fc.property(value, (original) => {
        const decoded = decodeValue(encodeValue(original));
        expect(decoded).toStrictEqual(original);
      }),
      { numRuns: 100 },
    );
  });

  it.each(['{', '{"$unknown":1}', '{"$bigint":"x"}'])('refuse %s as corrupted', (text) => {
    expect(() => decodeValue(text)).toThrow(expect.objectContaining({ state: 'XX001' }));
  });

  it('refuse what no entry may hold', () => {
    expect(() => encodeValue(() => 1)).toThrow(expect.objectContaining({ state: 'XX000' }));
  });
});
