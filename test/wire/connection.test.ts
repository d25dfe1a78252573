import fc from 'fast-check';
import { serialize } from 'pg-protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Log, type LogLevel } from '../../src/core/index.ts';
import { namesOf, RawClient } from '../support/raw-client.ts';
import { eventually, startWireServer, type WireServer } from '../support/wire-server.ts';

const records: { level: string; message: string; fields: Readonly<Record<string, unknown>> }[] = [];
class RecordingLog extends Log {
  override write(
    level: Exclude<LogLevel, 'silent'>,
    message: string,
    fields: Readonly<Record<string, unknown>> = {},
  ): void {
    records.push({ level, message, fields });
  }
}

let wire: WireServer;
beforeAll(async () => {
  wire = await startWireServer({ idleTimeoutMs: 400, log: new RecordingLog() });
});
afterAll(() => wire.close());

/** A statement of many seconds. */
const SLOW = 'select count(*) from range(400000) a, range(400000) b where a.range * b.range % 7 = 3';
const LONG = 'select n, n as m from range(100000000) t(n)';

describe('a connection', () => {
  it.each([
    ['an unknown message', '7a00000004', 'invalid frontend message type "z"'],
    ['a length that cannot be', '5100000003', 'invalid message length 3 of message "Q"'],
    ['a malformed message', '5300000005ff', 'invalid message format: "S"'],
    ['a password out of place', '7000000005ff', 'unexpected message of kind password'],
  ])('ends with FATAL at %s, and no other does', async (_, hex, message) => {
    const bystander = await RawClient.start(wire.port);
    const client = await RawClient.start(wire.port);
    client.send(Buffer.from(hex, 'hex'));
    expect(await client.untilClosed()).toMatchObject([
      { name: 'error', severity: 'FATAL', code: '08P01', message },
    ]);
    bystander.send(serialize.query('select 1'));
    expect(namesOf(await bystander.until('readyForQuery'))).toContain('dataRow');
    bystander.close();
  });

  it('ends in order at Terminate, and closes its session', async () => {
    const client = await RawClient.start(wire.port);
    client.send(serialize.end());
    expect(await client.untilClosed()).toEqual([]);
    await eventually(() => wire.lastSession().calls.includes('close'));
  });

  it('cancels what runs when the client is lost', async () => {
    const client = await RawClient.start(wire.port);
    const session = wire.lastSession();
    client.send(serialize.query(SLOW));
    await new Promise((resolve) => setTimeout(resolve, 50));
    const start = Date.now();
    client.close();
    await eventually(() => session.calls.includes('close'));
    expect(Date.now() - start).toBeLessThan(1000);
    expect(session.calls[0]).toBe('cancel canceling statement because the client closed the connection');
  });

  it('stops a long result when the client is lost', async () => {
    const client = await RawClient.start(wire.port);
    const session = wire.lastSession();
    client.send(serialize.query(LONG));
    await client.until('dataRow');
    client.close();
    await eventually(() => session.calls.includes('close'));
  });

  it('holds a long result back while the client does not read', async () => {
    const client = await RawClient.start(wire.port);
    client.send(serialize.query(LONG));
    await client.until('dataRow');
    client.socket.pause();
    await new Promise((resolve) => setTimeout(resolve, 300));
    const before = process.memoryUsage();
    await new Promise((resolve) => setTimeout(resolve, 500));
    const after = process.memoryUsage();
    expect(after.arrayBuffers + after.external - before.arrayBuffers - before.external).toBeLessThan(
      16 * 1024 * 1024,
    );
    client.close();
  });

  it('is sent away when it rests too long, but not while it works', async () => {
    const client = await RawClient.start(wire.port);
    client.send(serialize.query('sleep 600'));
    expect((await client.until('readyForQuery')).at(-1)).toMatchObject({ status: 'I' });
    expect(await client.untilClosed()).toMatchObject([{ severity: 'FATAL', code: '57P05' }]);
  });

  it('is sent away sooner from a transaction, if a setting says so', async () => {
    const client = await RawClient.start(wire.port);
    wire.lastSession().settings.set('idle_in_transaction_session_timeout', '50');
    client.send(serialize.query('begin'));
    expect((await client.untilClosed()).at(-1)).toMatchObject({ severity: 'FATAL', code: '25P03' });
    await eventually(() => wire.lastSession().calls.includes('close'));
  });

  it('ends when another session terminates it, at rest and at work', async () => {
    const client = await RawClient.start(wire.port);
    wire.lastSession().onTerminate();
    expect(await client.untilClosed()).toMatchObject([{ severity: 'FATAL', code: '57P01' }]);
    const busy = await RawClient.start(wire.port);
    busy.send(serialize.query(SLOW));
    await new Promise((resolve) => setTimeout(resolve, 50));
    wire.lastSession().onTerminate();
    const answers = await busy.untilClosed();
    expect(namesOf(answers)).toEqual(['error', 'readyForQuery', 'error']);
    expect(answers).toMatchObject([{ code: '57014' }, { status: 'I' }, { severity: 'FATAL', code: '57P01' }]);
  });

  it('reports an error that is ours as XX000, logs it with its stack, and goes on', async () => {
    const client = await RawClient.start(wire.port);
    const session = wire.lastSession();
    const failing = session.prepare.bind(session);
    session.prepare = async () => ({}) as never;
    client.send(serialize.parse({ text: "select 'secret'" }), serialize.sync());
    const [error] = await client.until('readyForQuery');
    expect(error).toMatchObject({ severity: 'ERROR', code: 'XX000' });
    expect(records).toMatchObject([{ level: 'error', fields: { processId: session.id } }]);
    expect(String(records[0]!.fields['stack'])).toContain('extended-query');
    expect(JSON.stringify(records)).not.toContain('secret');
    expect(JSON.stringify(error)).not.toContain('extended-query');
    session.prepare = failing;
    client.send(serialize.parse({ text: 'select 1' }), serialize.sync());
    expect(namesOf(await client.until('readyForQuery'))).toEqual(['parseComplete', 'readyForQuery']);
    client.close();
  });

  it('survives any bytes', async () => {
    const message = fc.oneof(
      fc.uint8Array({ maxLength: 30 }),
      fc
        .tuple(fc.constantFrom(...'QPBDECHSdcfFp'), fc.uint8Array({ maxLength: 20 }))
        .map(([letter, body]) => {
          const head = Buffer.from([letter.charCodeAt(0), 0, 0, 0, body.length + 4]);
          return Buffer.concat([head, body]);
        }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(message, { minLength: 1, maxLength: 6 }), async (messages) => {
        const client = await RawClient.start(wire.port);
        client.socket.end(Buffer.concat(messages));
        await client.untilClosed();
      }),
      { numRuns: 60 },
    );
    const client = await RawClient.start(wire.port);
    client.send(serialize.query('select 1'));
    expect(namesOf(await client.until('readyForQuery'))).toContain('dataRow');
    client.close();
  });
});
