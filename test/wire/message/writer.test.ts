import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MESSAGE_BYTES_MAX } from '../../../src/core/index.ts';
import { MessageWriter } from '../../../src/wire/message/writer.ts';

function written(write: (writer: MessageWriter) => void, initialBytes?: number): Buffer {
  const writer = new MessageWriter(initialBytes);
  writer.begin(0x44);
  write(writer);
  writer.end();
  return writer.take();
}

describe('MessageWriter', () => {
  it('fills in the length of a message, which counts itself and not the letter', () => {
    const bytes = written((writer) => {
      writer.int8(1);
      writer.int16(-2);
      writer.int32(0x01020304);
      writer.cstring('é');
    });
    expect(bytes.toString('hex')).toBe('44' + '0000000e' + '01' + 'fffe' + '01020304' + 'c3a900');
  });

  it('writes wide numbers in network order', () => {
    const bytes = written((writer) => {
      writer.int64(-2n);
      writer.float32(1.5);
      writer.float64(-0.1);
    });
    expect(bytes.readBigInt64BE(5)).toBe(-2n);
    expect(bytes.readFloatBE(13)).toBe(1.5);
    expect(bytes.readDoubleBE(17)).toBe(-0.1);
  });

  it('writes fields with their lengths, whatever they hold and however small the buffer was', () => {
    const field = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.string({ minLength: 20, maxLength: 90 }),
      fc.constant(null),
    );
    fc.assert(
      fc.property(
        fc.array(field, { maxLength: 8 }),
        fc.integer({ min: 5, max: 40 }),
        (fields, initialBytes) => {
          const bytes = written(
            (writer) => fields.forEach((text) => (text === null ? writer.nullField() : writer.text(text))),
            initialBytes,
          );
          const expected = fields.map((text) => {
            const body = text === null ? Buffer.alloc(0) : Buffer.from(text);
            const length = Buffer.alloc(4);
            length.writeInt32BE(text === null ? -1 : body.length);
            return Buffer.concat([length, body]);
          });
          expect(bytes.subarray(5).equals(Buffer.concat(expected))).toBe(true);
          expect(bytes.readInt32BE(1)).toBe(bytes.length - 1);
        },
      ),
    );
  });

  it('writes a long text once and in full', () => {
    const text = 'a€'.repeat(100_000);
    const bytes = written((writer) => writer.text(text));
    expect(bytes.readInt32BE(5)).toBe(Buffer.byteLength(text));
    expect(bytes.subarray(9).toString()).toBe(text);
  });

  it('fills in the length of a field that was opened', () => {
    const bytes = written((writer) => {
      writer.beginField();
      writer.int16(7);
      writer.endField();
      writer.field(Buffer.from([1, 2, 3]));
    });
    expect(bytes.subarray(5).toString('hex')).toBe('00000002' + '0007' + '00000003' + '010203');
  });

  it('leaves zero characters out of text that a zero ends', () => {
    expect(
      written((writer) => writer.cstring('a\0b'))
        .subarray(5)
        .toString('latin1'),
    ).toBe('ab\0');
  });

  it('forgets a message that was abandoned, and keeps those before it', () => {
    const writer = new MessageWriter(8);
    writer.begin(1);
    writer.end();
    writer.begin(2);
    writer.beginField();
    writer.string('half a row');
    writer.abandon();
    writer.begin(3);
    writer.end();
    expect(writer.take().toString('hex')).toBe('0100000004' + '0300000004');
  });

  it('gives its bytes away: what is written later does not change them', () => {
    for (const initialBytes of [8, 4096]) {
      const writer = new MessageWriter(initialBytes);
      writer.begin(1);
      writer.string('first');
      writer.end();
      const first = writer.take();
      const copy = Buffer.from(first);
      writer.begin(2);
      writer.string('other');
      writer.end();
      expect(writer.take().toString('latin1', 5)).toBe('other');
      expect(first.equals(copy)).toBe(true);
    }
  });

  it('refuses a message past the bound', () => {
    const half = new Uint8Array(MESSAGE_BYTES_MAX / 2);
    const write = (): Buffer => written((writer) => [half, half].forEach((bytes) => writer.bytes(bytes)));
    const message = `a message to the client would have more than ${MESSAGE_BYTES_MAX} bytes`;
    expect(write).toThrow(expect.objectContaining({ state: '54000', message }));
  });

  it('refuses misuse: two messages at once, a message that is not ended', () => {
    const writer = new MessageWriter();
    writer.begin(1);
    expect(() => writer.begin(2)).toThrow('one message is written at a time');
    expect(() => writer.take()).toThrow('only complete messages are sent');
  });
});
