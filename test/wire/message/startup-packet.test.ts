import { serialize } from 'pg-protocol';
import { describe, expect, it } from 'vitest';
import { decodeStartup, startupBodyLength } from '../../../src/wire/message/startup-packet.ts';

function packet(...words: (number | string)[]): Buffer {
  return Buffer.concat(
    words.map((word) => {
      if (typeof word === 'string') return Buffer.from(`${word}\0`);
      const bytes = Buffer.alloc(4);
      bytes.writeInt32BE(word);
      return bytes;
    }),
  );
}

describe('decodeStartup', () => {
  it('decodes what pg-protocol writes', () => {
    const message = decodeStartup(serialize.startup({ user: 'ada', database: 'd' }).subarray(4));
    expect(message).toEqual({
      kind: 'startup',
      minorVersion: 0,
      parameters: new Map([
        ['user', 'ada'],
        ['database', 'd'],
        ['client_encoding', 'UTF8'],
      ]),
      protocolOptions: [],
    });
    expect(decodeStartup(serialize.requestSsl().subarray(4))).toEqual({ kind: 'tls-request' });
    const secret = Buffer.from([0, 0, 0, 9]);
    expect(decodeStartup(serialize.cancel(7, 9).subarray(4))).toEqual({
      kind: 'cancel-request',
      processId: 7,
      secret,
    });
  });

  it('keeps protocol options apart, and reads newer minor versions', () => {
    const message = decodeStartup(packet(0x3_0002, 'user', 'a', '_pq_.shiny', '1', ''));
    expect(message).toMatchObject({ kind: 'startup', minorVersion: 2, protocolOptions: ['_pq_.shiny'] });
  });

  it.each([
    ['an old protocol', packet(0x2_0000, ''), '0A000', 'frontend protocol 2.0 is not supported'],
    [
      'parameters without an end',
      packet(0x3_0000, 'user', 'a'),
      '08P01',
      'invalid message format: startup packet',
    ],
    [
      'bytes after the end',
      packet(0x3_0000, 'user', 'a', '', 1),
      '08P01',
      'invalid message format: startup packet',
    ],
    ['a cancel request without a secret', packet(80877102, 1), '08P01', 'invalid length of cancel request'],
  ])('refuses %s', (_, body, state, message) => {
    expect(() => decodeStartup(body)).toThrow(expect.objectContaining({ state, message }));
  });

  it('bounds the length', () => {
    expect(startupBodyLength(8)).toBe(4);
    for (const length of [-1, 0, 7, 10_001, 2 ** 31 - 1]) {
      expect(() => startupBodyLength(length)).toThrow('invalid length of startup packet');
    }
  });
});
