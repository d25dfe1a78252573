import { describe, expect, it } from 'vitest';
import { WRITE_BUFFER_BYTES } from '../../../src/core/index.ts';
import { RowPace } from '../../../src/wire/message/row-pace.ts';

describe('RowPace', () => {
  it('fills the buffer to its mark and little more, whatever is in it already', () => {
    const pace = new RowPace();
    pace.learn(10, 1_000);
    for (const byteCount of [0, 1_000, WRITE_BUFFER_BYTES - 1]) {
      const filled = byteCount + 100 * pace.rowCount(byteCount);
      expect(filled).toBeGreaterThanOrEqual(WRITE_BUFFER_BYTES);
      expect(filled).toBeLessThanOrEqual(WRITE_BUFFER_BYTES + 8 * 1024);
    }
  });

  it('is one row at least', () => {
    const pace = new RowPace();
    pace.learn(1, 10 * WRITE_BUFFER_BYTES);
    expect(pace.rowCount(0)).toBe(1);
    pace.learn(1, 100);
    expect(pace.rowCount(2 * WRITE_BUFFER_BYTES)).toBe(1);
  });
});
