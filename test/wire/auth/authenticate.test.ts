import pg from 'pg';
import { serialize } from 'pg-protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createScramVerifier, type ScramVerifier } from '../../../src/wire/index.ts';
import { hasPsql, runPsql } from '../../support/psql.ts';
import { RawClient } from '../../support/raw-client.ts';
import { startWireServer, type WireServer } from '../../support/wire-server.ts';

let wire: WireServer;

beforeAll(async () => {
  const verifiers = new Map<string, ScramVerifier>([['ada', await createScramVerifier('pässword')]]);
  const authentication = { kind: 'password', verifierOf: (user: string) => verifiers.get(user) } as const;
  wire = await startWireServer({ authentication, tls: 'generate' });
});
afterAll(() => wire.close());

function pgClient(user: string, password: string): pg.Client {
  return new pg.Client({ host: '127.0.0.1', port: wire.port, user, password, database: 'direct' });
}

describe('authenticate', () => {
  it('lets pg in with the password', async () => {
    const client = pgClient('ada', 'pässword');
    await client.connect();
    expect((await client.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
    await client.end();
  });

  it.each([
    ['a wrong password', 'ada', 'wrong'],
    ['an unknown user', 'eve', 'pässword'],
  ])('answers %s alike', async (_, user, password) => {
    const failure = {
      code: '28P01',
      severity: 'FATAL',
      message: `password authentication failed for user "${user}"`,
    };
    await expect(pgClient(user, password).connect()).rejects.toMatchObject(failure);
  });

  it.skipIf(!hasPsql)('lets psql in, in clear and over TLS, where it would bind channels', async () => {
    for (const mode of ['disable', 'require']) {
      const place = `host=127.0.0.1 port=${wire.port} user=ada dbname=direct sslmode=${mode}`;
      const output = await runPsql([place, '-AtX', '-c', 'select 1'], {
        environment: { PGPASSWORD: 'pässword' },
      });
      expect(output).toBe('1\n');
    }
  });

  it('refuses statements before authentication', async () => {
    const client = await RawClient.connect(wire.port);
    client.send(serialize.startup({ user: 'ada' }));
    await client.until('authenticationSASL');
    client.send(serialize.query('select 1'));
    const [error] = await client.untilClosed();
    expect(error).toMatchObject({
      severity: 'FATAL',
      code: '08P01',
      message: 'expected SASL response, got message type "Q"',
    });
  });

  it('takes no long message from a stranger', async () => {
    const client = await RawClient.connect(wire.port);
    client.send(serialize.startup({ user: 'ada' }));
    await client.until('authenticationSASL');
    client.send(Buffer.from('5100100000', 'hex'));
    const message = 'invalid message length 1048576 of message "Q"';
    expect(await client.untilClosed()).toMatchObject([{ severity: 'FATAL', code: '08P01', message }]);
  });

  it('offers one mechanism, and takes no other', async () => {
    const client = await RawClient.connect(wire.port);
    client.send(serialize.startup({ user: 'ada' }));
    expect(await client.until('authenticationSASL')).toMatchObject([{ mechanisms: ['SCRAM-SHA-256'] }]);
    client.send(serialize.sendSASLInitialResponseMessage('PLAIN', 'x'));
    expect(await client.untilClosed()).toMatchObject([{ name: 'error', code: '08P01' }]);
  });
});
