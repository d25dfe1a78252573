/** Numbers read from bytes are those that are read from text, or none at all. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { plainNumber } from '../../../src/wire/type/plain-number.ts';

function read(text: string): number | undefined {
  const bytes = Buffer.from(`1${text}2`);
  return plainNumber(bytes, 1, bytes.length - 1);
}

const digits = (minLength: number, maxLength: number): fc.Arbitrary<string> =>
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength, maxLength }).map((each) => each.join(''));

test('plain decimals are the nearest double', () => {
  const fraction = fc.option(digits(1, 20).map((text) => `.${text}`)).map((text) => text ?? '');
  fc.assert(
    fc.property(fc.constantFrom('', '-'), digits(1, 15), fraction, (sign, whole, rest) => {
      const number = Number(sign + whole + rest);
      expect(read(sign + whole + rest)).toBe(number === 0 ? undefined : number);
    }),
    { numRuns: 5_000 },
  );
});

test('numbers as JavaScript writes them are read back', () => {
  fc.assert(
    fc.property(fc.double({ min: -1e6, max: 1e6, noNaN: true }), (number) => {
      expect([number, undefined]).toContain(read(String(number)));
    }),
  );
  expect([2.6560416151076294, -0.7618948316267663, 0.1, -3, 2.17].map((each) => read(String(each)))).toEqual([
    2.6560416151076294, -0.7618948316267663, 0.1, -3, 2.17,
  ]);
});

test.each([
  '',
  '-',
  '.',
  '-.',
  '1.',
  '.5',
  '1..2',
  '1.2.3',
  '--1',
  '+1',
  ' 1',
  '1 ',
  '1e5',
  'NaN',
  'Infinity',
  '0',
  '-0.0',
])('what is written otherwise is left to others: %j', (text) => expect(read(text)).toBeUndefined());

test('so are more digits than are surely in range', () => {
  expect(read('1'.repeat(16))).toBeUndefined();
  expect(read(`1.${'1'.repeat(21)}`)).toBeUndefined();
});
