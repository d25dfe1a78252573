import { serialize } from 'pg-protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Session } from '../../src/engine/index.ts';
import { CancelRegistry } from '../../src/wire/cancel.ts';
import { RawClient } from '../support/raw-client.ts';
import { startWireServer, type WireServer } from '../support/wire-server.ts';

/** A statement of many seconds. */
const SLOW = 'select count(*) from range(400000) a, range(400000) b where a.range * b.range % 7 = 3';

describe('CancelRegistry', () => {
  it('cancels for who knows the secret of that session, and for nobody else', () => {
    const cancelled: number[] = [];
    const session = (id: number): Session => ({ id, cancel: () => cancelled.push(id) }) as unknown as Session;
    const registry = new CancelRegistry();
    const [first, second] = [session(1), session(2)];
    const [secret, longSecret] = [registry.register(first, false), registry.register(second, true)];
    expect([secret.length, longSecret.length]).toEqual([4, 32]);
    expect(registry.cancel(1, longSecret)).toBe(false);
    expect(registry.cancel(2, longSecret.subarray(0, 4))).toBe(false);
    expect(registry.cancel(3, secret)).toBe(false);
    expect(registry.cancel(1, Buffer.from(secret.map((byte) => byte ^ 1)))).toBe(false);
    expect(cancelled).toEqual([]);
    expect(registry.cancel(2, longSecret)).toBe(true);
    expect(cancelled).toEqual([2]);
    registry.unregister(second);
    expect(registry.cancel(2, longSecret)).toBe(false);
  });
});

describe('CancelRequest', () => {
  let wire: WireServer;
  beforeAll(async () => {
    wire = await startWireServer();
  });
  afterAll(() => wire.close());

  it('ends the running statement with 57014, and the session goes on', async () => {
    const client = await RawClient.connect(wire.port);
    client.send(serialize.startup({ user: 'me' }));
    const key = (await client.until('readyForQuery')).find((answer) => answer.name === 'backendKeyData')!;
    client.send(serialize.query(SLOW));
    await new Promise((resolve) => setTimeout(resolve, 100));
    const wrong = await RawClient.connect(wire.port);
    wrong.send(serialize.cancel(Number(key['processID']), Number(key['secretKey']) ^ 1));
    expect(await wrong.untilClosed()).toEqual([]);
    expect(client.answers).toEqual([]);
    const right = await RawClient.connect(wire.port);
    right.send(serialize.cancel(Number(key['processID']), Number(key['secretKey'])));
    expect(await right.untilClosed()).toEqual([]);
    expect((await client.until('error')).at(-1)).toMatchObject({ code: '57014', severity: 'ERROR' });
    await client.until('readyForQuery');
    client.send(serialize.query('select 1'));
    expect((await client.until('readyForQuery')).at(-2)).toMatchObject({ text: 'SELECT 1' });
    client.close();
  });
});
