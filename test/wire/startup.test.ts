import { serialize } from 'pg-protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, namesOf, RawClient } from '../support/raw-client.ts';
import { eventually, startWireServer, type WireServer } from '../support/wire-server.ts';

let wire: WireServer;

beforeAll(async () => {
  wire = await startWireServer();
});
afterAll(() => wire.close());

/** A startup packet of any version. */
function startupPacket(version: number, parameters: Record<string, string>): Buffer {
  const text = Object.entries(parameters).map(([name, value]) => `${name}\0${value}\0`);
  const body = Buffer.from(`${text.join('')}\0`);
  const head = Buffer.alloc(8);
  head.writeInt32BE(body.length + 8, 0);
  head.writeInt32BE(version, 4);
  return Buffer.concat([head, body]);
}

/** Connects with a packet; everything up to ReadyForQuery, or to the end. */
async function start(packet: Buffer): Promise<Answer[]> {
  const client = await RawClient.connect(wire.port);
  client.send(packet);
  const answers = await client.until('readyForQuery');
  client.close();
  return answers;
}

describe('startup', () => {
  it('tells the settings that drivers rely on, the key to cancel with, and that it is ready', async () => {
    const answers = await start(serialize.startup({ user: 'ada', database: 'direct' }));
    const settings = new Map(
      answers.flatMap((one) =>
        one.name === 'parameterStatus' ? [[one['parameterName'], one['parameterValue']]] : [],
      ),
    );
    expect(Object.fromEntries(settings)).toEqual({
      server_version: '15.0 (Augur 0.1.0)',
      server_encoding: 'UTF8',
      client_encoding: 'UTF8',
      application_name: '',
      default_transaction_read_only: 'off',
      in_hot_standby: 'off',
      is_superuser: 'on',
      session_authorization: 'ada',
      DateStyle: 'ISO, MDY',
      IntervalStyle: 'postgres',
      TimeZone: 'UTC',
      integer_datetimes: 'on',
      standard_conforming_strings: 'on',
    });
    expect(namesOf(answers).filter((name) => name !== 'parameterStatus')).toEqual([
      'authenticationOk',
      'backendKeyData',
      'readyForQuery',
    ]);
    expect(answers.at(-2)).toMatchObject({ processID: wire.lastSession().id });
    expect(answers.at(-1)).toMatchObject({ status: 'I' });
  });

  it('passes settings on to the session, those in options too', async () => {
    await start(
      serialize.startup({
        user: 'ada',
        options: '-c TimeZone=Asia/Tokyo --datestyle=SQL',
        application_name: 'it',
      }),
    );
    expect(wire.lastSession().settings).toEqual(
      new Map([
        ['timezone', 'Asia/Tokyo'],
        ['application_name', 'it'],
        ['datestyle', 'SQL'],
        ['client_encoding', 'UTF8'],
      ]),
    );
  });

  it.each(['direct', 'ada', 'postgres', 'augur', ''])('takes the database name %o', async (database) => {
    expect((await start(serialize.startup({ user: 'ada', database }))).at(-1)).toMatchObject({
      name: 'readyForQuery',
    });
  });

  it.each([
    [
      'another database',
      serialize.startup({ user: 'ada', database: 'sales' }),
      '3D000',
      'database "sales" does not exist',
    ],
    [
      'no user',
      serialize.startup({ database: 'direct' }),
      '28000',
      'no user name specified in startup packet',
    ],
    [
      'an unknown setting',
      serialize.startup({ user: 'ada', no_such_setting: '1' }),
      '42704',
      'unrecognized configuration parameter "no_such_setting"',
    ],
    [
      'replication',
      serialize.startup({ user: 'ada', replication: 'database' }),
      '0A000',
      'replication is not supported',
    ],
    [
      'another encoding',
      startupPacket(0x3_0000, { user: 'ada', client_encoding: 'LATIN1' }),
      '22023',
      'invalid value for parameter "client_encoding": "LATIN1"',
    ],
    ['an old protocol', startupPacket(0x2_0000, {}), '0A000', 'frontend protocol 2.0 is not supported'],
    [
      'a malformed packet',
      Buffer.from('0000000900030000ff', 'hex'),
      '08P01',
      'invalid message format: startup packet',
    ],
    [
      'a length that cannot be',
      Buffer.from('GET / HTTP/1.1\r\n\r\n'),
      '08P01',
      'invalid length of startup packet',
    ],
  ])('refuses %s', async (_, packet, code, message) => {
    const answers = await start(packet);
    expect(answers.at(-1)).toMatchObject({ name: 'error', severity: 'FATAL', code, message });
  });

  it('closes a session that it opened and could not set up', async () => {
    const count = wire.host.sessions.length;
    await start(serialize.startup({ user: 'ada', bad: '1' }));
    expect(wire.host.sessions.length).toBe(count + 1);
    await eventually(() => wire.lastSession().calls.includes('close'));
  });

  it('negotiates newer minor versions and unknown protocol options down', async () => {
    const client = await RawClient.connect(wire.port);
    const received: Buffer[] = [];
    client.socket.on('data', (bytes) => received.push(bytes));
    client.send(startupPacket(0x3_270f, { user: 'ada', '_pq_.shiny': 'on' }));
    await client.until('readyForQuery');
    expect(Buffer.concat(received).subarray(0, 25).toString('latin1')).toBe(
      'v\0\0\0\x17\0\x03\0\x02\0\0\0\x01_pq_.shiny\0R',
    );
    client.close();
  });

  it('gives a long secret to protocol 3.2, without negotiation', async () => {
    const client = await RawClient.connect(wire.port);
    const received: Buffer[] = [];
    client.socket.on('data', (bytes) => received.push(bytes));
    client.send(startupPacket(0x3_0002, { user: 'ada' }));
    await client.until('readyForQuery');
    const bytes = Buffer.concat(received);
    expect(bytes[0]).toBe(0x52);
    const key = bytes.indexOf(Buffer.from('4b0000002800', 'hex'));
    expect(key).toBeGreaterThan(0);
    expect(bytes.length - key).toBe(41 + 6);
    client.close();
  });
});
