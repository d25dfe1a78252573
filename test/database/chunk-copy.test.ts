import { describe, expect, it } from 'vitest';
import { releaseCopy } from '../../src/database/chunk-copy.ts';

describe('releaseCopy', () => {
  it('empties an array and every other view of its memory, and no other memory', () => {
    const values = new Float64Array([1, 2, 3]);
    const bytes = new Uint8Array(values.buffer, 8);
    const other = Buffer.alloc(16, 7);
    releaseCopy(values);
    expect([values.length, bytes.length, values.buffer.byteLength]).toEqual([0, 0, 0]);
    expect(other.every((byte) => byte === 7)).toBe(true);
  });

  it('leaves memory that is shared, or larger than the array', () => {
    const shared = new Float64Array(new SharedArrayBuffer(16));
    const part = new Float64Array([1, 2, 3]).subarray(1);
    releaseCopy(shared);
    releaseCopy(part);
    expect([shared.length, [...part]]).toEqual([2, [2, 3]]);
  });
});
