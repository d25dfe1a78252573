import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WRITE_BUFFER_BYTES } from '../../../src/core/index.ts';
import { MessageSink } from '../../../src/wire/message/sink.ts';
import { socketPair, type SocketPair } from '../../support/socket-pair.ts';
import { eventually } from '../../support/wire-server.ts';

let pair: SocketPair;
let sink: MessageSink;

beforeEach(async () => {
  pair = await socketPair();
  sink = new MessageSink(pair.near);
});
afterEach(() => pair.close());

describe('MessageSink', () => {
  it('keeps what is written until there is enough of it', async () => {
    sink.writer.bytes(Buffer.alloc(WRITE_BUFFER_BYTES - 1));
    await sink.flushIfFull();
    expect(pair.near.bytesWritten).toBe(0);
    sink.writer.int8(1);
    await sink.flushIfFull();
    expect(pair.near.bytesWritten).toBe(WRITE_BUFFER_BYTES);
    expect(sink.writer.length).toBe(0);
  });

  it('waits while the client does not read, and goes on when it does', async () => {
    let sentCount = 0;
    const pieces = 400;
    const sending = (async () => {
      for (; sentCount < pieces; sentCount++) {
        sink.writer.bytes(Buffer.alloc(WRITE_BUFFER_BYTES));
        await sink.flush();
      }
    })();
    await eventually(() => pair.near.writableNeedDrain);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(sentCount).toBeLessThan(pieces);
    expect(pair.near.writableLength).toBeLessThanOrEqual(2 * WRITE_BUFFER_BYTES);
    let receivedBytes = 0;
    pair.far.on('data', (bytes) => (receivedBytes += bytes.length));
    await sending;
    await eventually(() => receivedBytes === pieces * WRITE_BUFFER_BYTES);
  });

  it('uses its buffer again only for what the system has taken: a client that lags gets every byte', async () => {
    const pieces = 100;
    const sending = (async () => {
      for (let piece = 0; piece < pieces; piece++) {
        sink.writer.bytes(Buffer.alloc(WRITE_BUFFER_BYTES, piece));
        await sink.flush();
      }
    })();
    await eventually(() => pair.near.writableNeedDrain);
    const received: Buffer[] = [];
    pair.far.on('data', (bytes) => received.push(bytes));
    await sending;
    await eventually(() => pair.far.bytesRead === pieces * WRITE_BUFFER_BYTES);
    const all = Buffer.concat(received);
    for (let piece = 0; piece < pieces; piece++) {
      const part = all.subarray(piece * WRITE_BUFFER_BYTES, (piece + 1) * WRITE_BUFFER_BYTES);
      expect(part.equals(Buffer.alloc(WRITE_BUFFER_BYTES, piece))).toBe(true);
    }
  });

  it('fails with 08006 when the client is gone, also while it waits', async () => {
    const sending = (async () => {
      for (;;) {
        sink.writer.bytes(Buffer.alloc(WRITE_BUFFER_BYTES));
        await sink.flush();
      }
    })();
    const failure = expect(sending).rejects.toMatchObject({ state: '08006' });
    await eventually(() => pair.near.writableNeedDrain);
    pair.far.destroy();
    await failure;
    expect(sink.isOpen).toBe(false);
  });

  it('sends the last bytes before it ends the connection', async () => {
    const received: Buffer[] = [];
    pair.far.on('data', (bytes) => received.push(bytes));
    sink.writer.string('last words');
    sink.end();
    await eventually(() => pair.near.destroyed);
    expect(Buffer.concat(received).toString()).toBe('last words');
  });
});
