import { serialize } from 'pg-protocol';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { hasPsql, runPsql } from '../support/psql.ts';
import { type Answer, namesOf, RawClient } from '../support/raw-client.ts';
import { startWireServer, type WireServer } from '../support/wire-server.ts';

let wire: WireServer;
let client: RawClient;

beforeAll(async () => {
  wire = await startWireServer();
  await wire.rows('create table target (n integer, word varchar)');
  client = await RawClient.start(wire.port);
});
afterAll(async () => {
  client.close();
  await wire.close();
});
beforeEach(async () => {
  await wire.rows('delete from target');
});

const { copyData, copyDone, copyFail, query } = serialize;
const data = (text: string): Buffer => copyData(Buffer.from(text));

async function answers(...messages: Buffer[]): Promise<Answer[]> {
  client.send(...messages);
  return client.until('readyForQuery');
}

describe('COPY FROM STDIN', () => {
  it('takes rows in pieces of any size', async () => {
    client.send(query('copy target from stdin'));
    expect(await client.until('copyInResponse')).toMatchObject([{ columnTypes: [0, 0], binary: false }]);
    const text = Array.from({ length: 5000 }, (_, index) => `${index}\tw\\t${index}\n`).join('');
    const pieces = text.match(/[^]{1,777}/g)!.map(data);
    expect(await answers(...pieces, copyDone())).toMatchObject([{ text: 'COPY 5000' }, { status: 'I' }]);
    expect(await wire.rows('select count(*)::int, sum(n)::int, max(word) from target')).toEqual([
      [5000, 12_497_500, 'w\t999'],
    ]);
  });

  it('takes NULLs and CSV with a header', async () => {
    client.send(query('copy target from stdin (format csv, header)'));
    await client.until('copyInResponse');
    await answers(data('n,word\n1,"a,b"\n'), data(',\n2,""\n'), copyDone());
    expect(await wire.rows('select n, word from target order by rowid')).toEqual([
      [1, 'a,b'],
      [null, null],
      [2, ''],
    ]);
  });

  it('keeps nothing when the client gives up', async () => {
    client.send(query('copy target from stdin'));
    await client.until('copyInResponse');
    const [error] = await answers(data('1\ta\n'), copyFail('changed my mind'));
    expect(error).toMatchObject({ code: '57014', message: 'COPY from stdin failed: changed my mind' });
    expect(await wire.rows('select count(*)::int from target')).toEqual([[0]]);
  });

  it('keeps nothing when a row is bad, and overlooks what was sent behind it', async () => {
    client.send(query('copy target from stdin'));
    await client.until('copyInResponse');
    const [error] = await answers(data('1\ta\n2\n'), data('3\tc\n'), copyDone());
    expect(error).toMatchObject({ name: 'error', code: '22P04', message: 'missing data for column "word"' });
    expect(namesOf(await answers(query('select 1')))).toContain('commandComplete');
    expect(await wire.rows('select count(*)::int from target')).toEqual([[0]]);
  });

  it('works in the extended protocol, where Sync and Flush in between are ignored', async () => {
    const { bind, execute, flush, parse, sync } = serialize;
    client.send(parse({ text: 'copy target from stdin' }), bind(), execute(), sync());
    await client.until('copyInResponse');
    expect(
      namesOf(await answers(data('1\ta\n'), flush(), sync(), data('2\tb\n'), copyDone(), sync())),
    ).toEqual(['commandComplete', 'readyForQuery']);
    expect(await wire.rows('select count(*)::int from target')).toEqual([[2]]);
  });

  it('ends the connection at any other message', async () => {
    const other = await RawClient.start(wire.port);
    other.send(query('copy target from stdin'), query('select 1'));
    const [error] = (await other.untilClosed()).slice(-1);
    expect(error).toMatchObject({ severity: 'FATAL', code: '08P01' });
  });

  it('keeps nothing of a client that is lost', async () => {
    const other = await RawClient.start(wire.port);
    const session = wire.lastSession();
    other.send(query('copy target from stdin'), data('1\ta\n'));
    await other.until('copyInResponse');
    other.close();
    while (!session.calls.includes('close')) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(session.calls.some((call) => call.startsWith('abort'))).toBe(true);
    expect(await wire.rows('select count(*)::int from target')).toEqual([[0]]);
  });
});

describe('COPY TO STDOUT', () => {
  it('sends a line a row, escaped', async () => {
    await wire.rows(`insert into target values (1, 'a\tb'), (null, null)`);
    const results = await answers(query('copy target to stdout'));
    expect(namesOf(results)).toEqual([
      'copyOutResponse',
      'copyData',
      'copyData',
      'copyDone',
      'commandComplete',
      'readyForQuery',
    ]);
    expect(results.slice(1, 3).map((one) => String(one['chunk']))).toEqual(['1\ta\\tb\n', '\\N\t\\N\n']);
    expect(results[4]).toMatchObject({ text: 'COPY 2' });
  });

  it.skipIf(!hasPsql)('and from: a round trip of CSV through psql', async () => {
    const psql = (command: string, input?: string): Promise<string> =>
      runPsql(['-h', '127.0.0.1', '-p', String(wire.port), '-U', 'me', '-d', 'direct', '-X', '-c', command], {
        input,
      });
    const lines = 'n,word\n1,"with ""quotes"""\n2,\n3,ä\n';
    expect(await psql('\\copy target from stdin (format csv, header)', lines)).toBe('COPY 3\n');
    expect(await psql('copy (select * from target order by n) to stdout (format csv, header)')).toBe(lines);
  });
});
