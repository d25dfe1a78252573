import { describe, expect, it } from 'vitest';
import { type Schema, Types } from '../../src/core/index.ts';
import {
  checkDescribed,
  describeColumns,
  expandFormats,
  textFormats,
} from '../../src/wire/row-description.ts';

const schema: Schema = [
  { name: 'n', type: Types.int4 },
  { name: 'price', type: { kind: 'numeric', precision: 10, scale: 2 } },
];

describe('describeColumns', () => {
  it('gives name, type number, size, modifier and format', () => {
    expect(describeColumns(schema, [1, 0])).toEqual([
      { name: 'n', typeOid: 23, typeSize: 4, typeModifier: -1, format: 1 },
      { name: 'price', typeOid: 1700, typeSize: -1, typeModifier: ((10 << 16) | 2) + 4, format: 0 },
    ]);
    expect(textFormats(schema)).toEqual([0, 0]);
  });
});

describe('expandFormats', () => {
  it('takes none, one for all, or one each', () => {
    expect(expandFormats([], 2, 'parameter')).toEqual([0, 0]);
    expect(expandFormats([1], 3, 'parameter')).toEqual([1, 1, 1]);
    expect(expandFormats([0, 1], 2, 'parameter')).toEqual([0, 1]);
  });

  it('refuses any other number', () => {
    const message = 'bind message has 2 parameter formats but there are 3 parameters';
    expect(() => expandFormats([0, 1], 3, 'parameter')).toThrow(
      expect.objectContaining({ state: '08P01', message }),
    );
  });
});

describe('checkDescribed', () => {
  it('lets columns change their names and modifiers', () => {
    const other: Schema = [
      { name: 'm', type: Types.int4 },
      { name: 'price', type: { kind: 'numeric', precision: 38, scale: 4 } },
    ];
    expect(checkDescribed(schema, other)).toBe(undefined);
  });

  it.each<[string, Schema | undefined]>([
    ['another type', [{ name: 'n', type: Types.int8 }, schema[1]!]],
    ['a column less', schema.slice(0, 1)],
    ['rows that were not described', undefined],
  ])('refuses %s', (_, described) => {
    expect(() => checkDescribed(described, schema)).toThrow(expect.objectContaining({ state: '0A000' }));
  });
});
