import { connect as connectTcp } from 'node:net';
import { connect as connectTls, TLSSocket } from 'node:tls';
import pg from 'pg';
import { serialize } from 'pg-protocol';
import { generate } from 'selfsigned';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadTls } from '../../src/wire/tls.ts';
import { hasPsql, runPsql } from '../support/psql.ts';
import { RawClient } from '../support/raw-client.ts';
import { eventually, startWireServer, type WireServer } from '../support/wire-server.ts';

let wire: WireServer;

beforeAll(async () => {
  wire = await startWireServer({ tls: 'generate' });
});
afterAll(() => wire.close());

describe('TLS', () => {
  it('serves pg over an encrypted connection', async () => {
    const client = new pg.Client({
      host: '127.0.0.1',
      port: wire.port,
      user: 'me',
      database: 'direct',
      ssl: { rejectUnauthorized: false },
    });
    await client.connect();
    expect((client as unknown as { connection: { stream: unknown } }).connection.stream).toBeInstanceOf(
      TLSSocket,
    );
    const { rows } = await client.query('select n from range(30000) t(n)');
    expect([rows.length, rows[29_999]]).toEqual([30_000, { n: '29999' }]);
    await client.end();
  });

  it.skipIf(!hasPsql)('serves psql, which insists on it', async () => {
    const output = await runPsql([
      `host=127.0.0.1 port=${wire.port} user=me dbname=direct sslmode=require`,
      '-X',
      '-c',
      '\\conninfo',
    ]);
    expect(output).toMatch(/SSL connection \(protocol: TLSv1\.3, cipher: \w+/);
  });

  it('serves a client that begins with the handshake, if it names the protocol', async () => {
    const options = { host: '127.0.0.1', port: wire.port, rejectUnauthorized: false };
    const socket = connectTls({ ...options, ALPNProtocols: ['postgresql'] });
    await new Promise((resolve) => socket.once('secureConnect', resolve));
    const client = new RawClient(socket);
    client.send(serialize.startup({ user: 'me' }));
    expect((await client.until('readyForQuery'))[0]).toMatchObject({ name: 'authenticationOk' });
    client.close();
    const nameless = connectTls(options);
    nameless.on('error', () => {});
    await new Promise((resolve) => nameless.once('close', resolve));
  });

  it('refuses clear text that was slipped in behind the request', async () => {
    const socket = connectTcp(wire.port, '127.0.0.1');
    const received: Buffer[] = [];
    socket.on('data', (bytes) => received.push(bytes)).on('error', () => {});
    socket.write(Buffer.concat([serialize.requestSsl(), serialize.startup({ user: 'me' })]));
    await new Promise((resolve) => socket.once('close', resolve));
    const text = Buffer.concat(received).toString();
    expect(text[0]).toBe('E');
    expect(text).toContain('received unencrypted data after SSL request');
  });

  it('lives through a handshake that fails', async () => {
    const socket = connectTcp(wire.port, '127.0.0.1');
    socket.on('error', () => {});
    let answer = '';
    socket.on('data', (bytes) => (answer += String(bytes)));
    socket.write(serialize.requestSsl());
    await eventually(() => answer === 'S');
    socket.write('this is no handshake');
    await new Promise((resolve) => socket.once('close', resolve));
    (await RawClient.start(wire.port)).close();
  });

  it('says N when the server has none', async () => {
    const plain = await startWireServer();
    const socket = connectTcp(plain.port, '127.0.0.1');
    let answer = '';
    socket.on('data', (bytes) => (answer += String(bytes)));
    socket.write(serialize.requestSsl());
    await eventually(() => answer === 'N');
    socket.write(serialize.requestSsl());
    await eventually(() => answer === 'NN');
    socket.destroy();
    await plain.close();
  });
});

describe('loadTls', () => {
  it('takes a certificate and its key', async () => {
    const pair = await generate([{ name: 'commonName', value: 'here' }], {
      keyType: 'ec',
      algorithm: 'sha256',
    });
    expect(await loadTls({ certificate: pair.cert, key: pair.private }, 'here')).toHaveProperty('context');
  });

  it('refuses what is none, without showing the key', async () => {
    const attempt = loadTls({ certificate: 'not a certificate', key: 'hunter2' }, 'here');
    await expect(attempt).rejects.toMatchObject({ state: '22023' });
    await expect(attempt).rejects.not.toThrow('hunter2');
  });
});
