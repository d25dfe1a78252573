import { describe, expect, it } from 'vitest';
import { EngineError } from '../../../src/core/index.ts';
import { MessageReader } from '../../../src/wire/message/reader.ts';

const reader = (hex: string): MessageReader => new MessageReader(Buffer.from(hex, 'hex'), '"Q"');

function stateOf(action: () => unknown): string {
  try {
    action();
  } catch (thrown) {
    if (thrown instanceof EngineError) return thrown.state;
  }
  return 'none';
}

describe('MessageReader', () => {
  it('reads numbers, counts, text and fields in order', () => {
    const bytes = reader(
      'ff' + 'fffe' + 'ffff' + '80000000' + '80000000' + 'c3a900' + 'ffffffff' + '00000002abcd' + '0102',
    );
    expect(bytes.int8()).toBe(255);
    expect(bytes.int16()).toBe(-2);
    expect(bytes.count()).toBe(65_535);
    expect(bytes.int32()).toBe(-2_147_483_648);
    expect(bytes.oid()).toBe(2_147_483_648);
    expect(bytes.cstring()).toBe('é');
    expect(bytes.field()).toBe(null);
    expect(bytes.field()).toEqual(Buffer.from('abcd', 'hex'));
    expect(bytes.remaining).toBe(2);
    expect(bytes.rest()).toEqual(Buffer.from('0102', 'hex'));
    bytes.end();
  });

  it.each([
    ['a number past the end', () => reader('00').int16()],
    ['a text without an end', () => reader('616263').cstring()],
    ['a field longer than the message', () => reader('00000005ab').field()],
    ['a field of a negative length', () => reader('fffffffe').field()],
    ['bytes left over', () => reader('00').end()],
  ])('refuses %s', (_, action) => {
    expect(stateOf(action)).toBe('08P01');
  });

  it('refuses text that is not UTF-8', () => {
    expect(stateOf(() => reader('ff00').cstring())).toBe('22021');
  });
});
