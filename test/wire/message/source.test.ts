import { serialize } from 'pg-protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { READ_AHEAD_BYTES_MAX } from '../../../src/core/index.ts';
import { MessageSource } from '../../../src/wire/message/source.ts';
import { socketPair, type SocketPair } from '../../support/socket-pair.ts';
import { eventually } from '../../support/wire-server.ts';

let pair: SocketPair;
let source: MessageSource;

beforeEach(async () => {
  pair = await socketPair();
  source = new MessageSource(pair.near);
});
afterEach(() => pair.close());

describe('MessageSource', () => {
  it('puts messages together that come byte by byte', async () => {
    pair.far.setNoDelay(true);
    const bytes = Buffer.concat([serialize.requestSsl(), serialize.query('select 1'), serialize.sync()]);
    const sent = (async () => {
      for (const byte of bytes) {
        pair.far.write(Buffer.from([byte]));
        await new Promise((resolve) => setImmediate(resolve));
      }
    })();
    expect(await source.startupPacket()).toEqual(serialize.requestSsl().subarray(4));
    expect(await source.message()).toEqual({ type: 0x51, body: Buffer.from('select 1\0') });
    expect(await source.message()).toEqual({ type: 0x53, body: Buffer.alloc(0) });
    await sent;
    expect(source.hasUnread).toBe(false);
  });

  it('gives what was received at once, and nothing of a message that was not received whole', async () => {
    const query = serialize.query('select 1');
    pair.far.write(Buffer.concat([serialize.sync(), query, query.subarray(0, 7)]));
    await eventually(() => source.hasUnread);
    expect(source.received()).toEqual({ type: 0x53, body: Buffer.alloc(0) });
    expect(source.received()).toEqual({ type: 0x51, body: query.subarray(5) });
    expect(source.received()).toBeUndefined();
    pair.far.write(query.subarray(7));
    expect(await source.message()).toEqual({ type: 0x51, body: query.subarray(5) });
    expect(source.received()).toBeUndefined();
    pair.far.write(Buffer.from([0x01, 0, 0, 0, 4]));
    await eventually(() => source.hasUnread);
    expect(() => source.received()).toThrow(expect.objectContaining({ state: '08P01' }));
  });

  it('tells a TLS handshake from a startup packet by its first byte', async () => {
    pair.far.write(Buffer.from([0x16, 3, 1]));
    expect(await source.startupPacket()).toBe('tls');
    expect(source.detach()).toEqual(Buffer.from([0x16, 3, 1]));
  });

  it('knows whether a Sync follows, past Close and Flush', async () => {
    const close = serialize.close({ type: 'P', name: 'c' });
    pair.far.write(
      Buffer.concat([serialize.flush(), close, serialize.flush(), serialize.sync(), serialize.query('x')]),
    );
    await source.message();
    expect(source.isSyncNext).toBe(true);
    await source.message();
    await source.message();
    await source.message();
    expect(source.isSyncNext).toBe(false);
    await source.message();
    expect(source.isSyncNext).toBe(false);
  });

  it('ends when the client does, in the middle of a message too', async () => {
    pair.far.end(serialize.query('select 1').subarray(0, 7));
    expect(await source.message()).toBe(undefined);
    expect(await source.message()).toBe(undefined);
  });

  it('reads ahead only so far', async () => {
    pair.far.write(Buffer.alloc(READ_AHEAD_BYTES_MAX * 8, 0x51));
    await eventually(() => pair.near.isPaused());
    expect(pair.near.bytesRead).toBeLessThan(READ_AHEAD_BYTES_MAX * 3);
  });

  it.each([
    ['an unknown letter', '7a00000004', 'invalid frontend message type "z"'],
    ['a length too small', '5100000003', 'invalid message length 3 of message "Q"'],
    ['a negative length', '51ffffffff', 'invalid message length -1 of message "Q"'],
    ['a length past the bound', '537fffffff', 'invalid message length 2147483647 of message "S"'],
  ])('refuses %s before it waits for the body', async (_, hex, message) => {
    pair.far.write(Buffer.from(hex, 'hex'));
    await expect(source.message()).rejects.toMatchObject({ state: '08P01', message });
  });
});
