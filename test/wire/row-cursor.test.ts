import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type Batch,
  batchOf,
  internalError,
  PORTAL_VALUES_MAX,
  type RowsResult,
  type Schema,
  Types,
} from '../../src/core/index.ts';
import type { Session } from '../../src/engine/index.ts';
import { MessageSink } from '../../src/wire/message/sink.ts';
import { RowCursor } from '../../src/wire/row-cursor.ts';
import { RawClient } from '../support/raw-client.ts';
import { socketPair, type SocketPair } from '../support/socket-pair.ts';

const schema: Schema = [{ name: 'n', type: Types.int4 }];
const session = { setting: () => undefined } as unknown as Session;

let pair: SocketPair;
let sink: MessageSink;
let client: RawClient;
/** What the result went through. */
let events: string[];

beforeEach(async () => {
  pair = await socketPair();
  sink = new MessageSink(pair.near);
  client = new RawClient(pair.far);
  events = [];
});
afterEach(() => pair.close());

/** A result of batches of the given numbers. */
function cursorOf(batches: readonly (readonly number[])[], verb = 'SELECT', failure?: Error): RowCursor {
  async function* read(): AsyncGenerator<Batch> {
    try {
      for (const numbers of batches) {
        events.push(`read ${numbers.length}`);
        const batch = batchOf(
          schema,
          numbers.map((n) => [n]),
        );
        yield { ...batch, release: () => events.push(`let go of ${numbers.length}`) };
      }
      if (failure !== undefined) throw failure;
      events.push('end');
    } finally {
      events.push('released');
    }
  }
  const result: RowsResult = {
    kind: 'rows',
    schema,
    batches: read(),
    tag: (rowCount) => `${verb} ${rowCount}`,
  };
  return new RowCursor(result, [0], session);
}

/** What reached the client. */
async function received(): Promise<unknown[]> {
  sink.end();
  return (await client.untilClosed()).map((answer) => (answer['fields'] as string[])[0]);
}

describe('RowCursor', () => {
  it('sends all rows, over empty batches too', async () => {
    expect(await cursorOf([[1, 2], [], [3]]).send(sink, 0)).toEqual({ rowCount: 3, isDone: true });
    expect(await received()).toEqual(['1', '2', '3']);
    expect(events.slice(-2)).toEqual(['end', 'released']);
  });

  it('sends so many at a time, across batches, and reads no further than it must', async () => {
    const cursor = cursorOf([
      [1, 2],
      [3, 4],
    ]);
    expect(await cursor.send(sink, 1)).toEqual({ rowCount: 1, isDone: false });
    expect(events).toEqual(['read 2']);
    expect(await cursor.send(sink, 2)).toEqual({ rowCount: 2, isDone: false });
    expect(await cursor.send(sink, 1)).toEqual({ rowCount: 1, isDone: false });
    expect(await cursor.send(sink, 1)).toEqual({ rowCount: 0, isDone: true });
    expect(await received()).toEqual(['1', '2', '3', '4']);
  });

  it('lets go of a batch when all its rows were sent', async () => {
    const cursor = cursorOf([[1, 2], [3]]);
    await cursor.send(sink, 2);
    expect(events).toEqual(['read 2']);
    await cursor.materialize();
    await cursor.send(sink, 0);
    expect(events).toEqual(['read 2', 'read 1', 'end', 'released', 'let go of 2', 'let go of 1']);
    expect(await received()).toEqual(['1', '2', '3']);
  });

  it('goes on from memory after it was materialised', async () => {
    const cursor = cursorOf([[1, 2], [3], [4]]);
    await cursor.send(sink, 1);
    await cursor.materialize();
    expect(events).toEqual(['read 2', 'read 1', 'read 1', 'end', 'released']);
    expect(await cursor.send(sink, 0)).toEqual({ rowCount: 3, isDone: true });
    expect(await received()).toEqual(['1', '2', '3', '4']);
  });

  it('keeps a failure of the rest for whoever asks for it', async () => {
    const cursor = cursorOf([[1]], 'SELECT', internalError('broken'));
    await cursor.materialize();
    await expect(cursor.send(sink, 0)).rejects.toThrow('broken');
  });

  it('refuses to keep too much, and tells whoever asks for it', async () => {
    const many = Array.from({ length: 2000 }, () => 7);
    const cursor = cursorOf(Array.from({ length: PORTAL_VALUES_MAX / 2000 + 2 }, () => many));
    await cursor.materialize();
    await expect(cursor.send(sink, 0)).rejects.toMatchObject({ state: '54000' });
    expect(events.at(-1)).toBe('released');
  });

  it('closes a SELECT without reading on, and anything else by reading to the end', async () => {
    for (const [verb, expected] of [
      ['SELECT', ['read 1', 'released']],
      ['INSERT 0', ['read 1', 'read 1', 'end', 'released']],
    ] as const) {
      events = [];
      const cursor = cursorOf([[1], [2]], verb);
      await cursor.send(sink, 1);
      await cursor.close();
      await cursor.close();
      expect(events).toEqual(expected);
    }
  });
});
