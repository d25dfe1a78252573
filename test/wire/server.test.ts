import pg from 'pg';
import postgres from 'postgres';
import { serialize } from 'pg-protocol';
import { describe, expect, it } from 'vitest';
import { createScramVerifier, serve } from '../../src/wire/index.ts';
import { namesOf, RawClient } from '../support/raw-client.ts';
import { eventually, startWireServer } from '../support/wire-server.ts';

const SLOW = 'select count(*) from range(400000) a, range(400000) b where a.range * b.range % 7 = 3';

describe('serve', () => {
  it('serves the clients that people use', async () => {
    const wire = await startWireServer();
    const sql = postgres({
      host: '127.0.0.1',
      port: wire.port,
      user: 'me',
      database: 'direct',
      fetch_types: false,
    });
    expect(await sql`select ${5}::int + 1 as six, ${'text'}::text as word`).toEqual([
      { six: 6, word: 'text' },
    ]);
    await sql.end();
    const pool = new pg.Pool({ host: '127.0.0.1', port: wire.port, user: 'me', database: 'direct', max: 5 });
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, index) => pool.query('select $1::int as n', [index])),
    );
    expect(results.map((result) => result.rows[0].n)).toEqual(
      Array.from({ length: 20 }, (_, index) => index),
    );
    await pool.end();
    await eventually(() => wire.host.sessions.every((session) => session.calls.includes('close')));
    await wire.close();
  });

  it('admits so many clients and no more, and one more when one has left', async () => {
    const wire = await startWireServer({ maxConnections: 2 });
    const [first, second] = [await RawClient.start(wire.port), await RawClient.start(wire.port)];
    const third = await RawClient.connect(wire.port);
    third.send(serialize.startup({ user: 'me' }));
    expect(await third.untilClosed()).toMatchObject([{ severity: 'FATAL', code: '53300' }]);
    first.close();
    await eventually(() => wire.host.sessions[0]!.calls.includes('close'));
    await new Promise((resolve) => setTimeout(resolve, 20));
    const fourth = await RawClient.start(wire.port);
    for (const client of [second, fourth]) client.close();
    await wire.close();
  });

  it('cuts a client off that does not finish its startup', async () => {
    const wire = await startWireServer({ authenticationTimeoutMs: 100 });
    const client = await RawClient.connect(wire.port);
    expect(await client.untilClosed()).toEqual([]);
    await wire.close();
  });

  it('refuses to serve strangers without a password and TLS', async () => {
    await expect(startWireServer({ host: '0.0.0.0' })).rejects.toMatchObject({ state: '22023' });
  });

  it('wants TLS of everybody when strangers can reach it', async () => {
    const verifier = await createScramVerifier('x');
    const authentication = { kind: 'password', verifierOf: () => verifier } as const;
    const wire = await startWireServer({ host: '0.0.0.0', authentication, tls: 'generate' });
    const client = await RawClient.connect(wire.port);
    client.send(serialize.startup({ user: 'me' }));
    expect(await client.untilClosed()).toMatchObject([
      { code: '28000', message: 'connections to this server must be encrypted with TLS' },
    ]);
    await wire.close();
  });

  it('says so when the address is taken', async () => {
    const wire = await startWireServer();
    const again = serve(wire.host, { host: '127.0.0.1', port: wire.port, authentication: { kind: 'trust' } });
    await expect(again).rejects.toMatchObject({
      state: '58000',
      message: expect.stringContaining(`127.0.0.1:${wire.port}`),
    });
    await wire.close();
  });
});

describe('close', () => {
  it('sends idle clients away, lets a running statement finish, and closes every session', async () => {
    const wire = await startWireServer();
    const idle = await RawClient.start(wire.port);
    const busy = await RawClient.start(wire.port);
    busy.send(serialize.query('sleep 300'));
    await new Promise((resolve) => setTimeout(resolve, 50));
    const closing = wire.server.close();
    expect(await idle.untilClosed()).toMatchObject([{ severity: 'FATAL', code: '57P01' }]);
    const answers = await busy.untilClosed();
    expect(namesOf(answers)).toEqual(['commandComplete', 'readyForQuery', 'error']);
    expect(answers.at(-1)).toMatchObject({ severity: 'FATAL', code: '57P01' });
    await closing;
    expect(wire.host.sessions.map((session) => session.calls.at(-1))).toEqual(['close', 'close']);
    await expect(RawClient.connect(wire.port)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await wire.close();
  });

  it.each([
    ['when the grace is over', { graceful: true }],
    ['at once when told to', { graceful: false }],
  ])('cancels what still runs %s', async (_, options) => {
    const wire = await startWireServer({ shutdownGraceMs: 200 });
    const client = await RawClient.start(wire.port);
    client.send(serialize.query(SLOW));
    await new Promise((resolve) => setTimeout(resolve, 50));
    const start = Date.now();
    await wire.server.close(options);
    expect(Date.now() - start).toBeLessThan(1500);
    const answers = await client.untilClosed();
    expect(answers.find((answer) => answer['severity'] === 'ERROR')).toMatchObject({ code: '57014' });
    expect(answers.at(-1)).toMatchObject({ severity: 'FATAL', code: '57P01' });
    await wire.close();
  });
});
