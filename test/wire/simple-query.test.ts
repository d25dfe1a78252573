import { serialize } from 'pg-protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasPsql, runPsql } from '../support/psql.ts';
import { type Answer, namesOf, RawClient } from '../support/raw-client.ts';
import { startWireServer, type WireServer } from '../support/wire-server.ts';

let wire: WireServer;
let client: RawClient;

beforeAll(async () => {
  wire = await startWireServer();
  await wire.rows('create table stored (n integer primary key)');
  client = await RawClient.start(wire.port);
});
afterAll(async () => {
  client.close();
  await wire.close();
});

async function answers(text: string): Promise<Answer[]> {
  client.send(serialize.query(text));
  return client.until('readyForQuery');
}

describe('the simple query protocol', () => {
  it('answers every statement of a script with its rows and its tag', async () => {
    const results = await answers("select 1 as a, null as b; insert into stored values (1); select 'x' as c");
    expect(namesOf(results)).toEqual([
      'rowDescription',
      'dataRow',
      'commandComplete',
      'commandComplete',
      'rowDescription',
      'dataRow',
      'commandComplete',
      'readyForQuery',
    ]);
    expect(results[0]).toMatchObject({
      fields: [{ name: 'a', dataTypeID: 23, format: 'text' }, { name: 'b' }],
    });
    expect(results[1]).toMatchObject({ fields: ['1', null] });
    expect(results[3]).toMatchObject({ text: 'INSERT 0 1' });
  });

  it.each(['', '  ', ';'])('answers an empty text %o as such', async (text) => {
    expect(namesOf(await answers(text))).toEqual(['emptyQuery', 'readyForQuery']);
  });

  it('reports what was complete before an error, and takes the whole script back', async () => {
    const results = await answers('insert into stored values (2); insert into stored values (1); select 3');
    expect(namesOf(results)).toEqual(['commandComplete', 'error', 'readyForQuery']);
    expect(results[1]).toMatchObject({ severity: 'ERROR', code: '23505' });
    expect(await wire.rows('select n from stored')).toEqual([[1]]);
  });

  it('reports the status of the transaction', async () => {
    const statusAfter = async (text: string): Promise<unknown> => (await answers(text)).at(-1)!['status'];
    expect(await statusAfter('begin')).toBe('T');
    expect(await statusAfter('select nothing')).toBe('E');
    expect(await statusAfter('select 1')).toBe('E');
    expect(await statusAfter('rollback')).toBe('I');
  });

  it('sends notices and changed settings between the results', async () => {
    const results = await answers("notice 'mind the gap'; set application_name = 'me'; select 1");
    expect(namesOf(results).slice(0, 4)).toEqual([
      'notice',
      'commandComplete',
      'parameterStatus',
      'commandComplete',
    ]);
    expect(results[0]).toMatchObject({
      message: 'mind the gap',
      severity: 'NOTICE',
      code: '00000',
      hint: 'a hint',
    });
    expect(results[2]).toMatchObject({ parameterName: 'application_name', parameterValue: 'me' });
  });

  it('points at the character of an error in the text', async () => {
    const [error] = await answers("select '😀é', nothing_here");
    expect(error).toMatchObject({ code: '42703', position: '14' });
  });

  it('sends many rows, and wide ones', async () => {
    const many = await answers('select n, n * 2 as twice from range(20000) t(n)');
    const rows = many.filter((answer) => answer.name === 'dataRow');
    expect([rows.length, rows[19_999]!['fields'], many.at(-2)!['text']]).toEqual([
      20_000,
      ['19999', '39998'],
      'SELECT 20000',
    ]);
    const wide = await answers("select repeat('ä', 300000) as w from range(4)");
    expect(wide.slice(1, 5).map((row) => (row['fields'] as string[])[0]!.length)).toEqual([
      300_000, 300_000, 300_000, 300_000,
    ]);
  });

  it('refuses a function call, and goes on', async () => {
    client.send(Buffer.from('4600000004', 'hex'));
    expect((await client.until('readyForQuery'))[0]).toMatchObject({ name: 'error', code: '0A000' });
  });

  it('refuses text that is not UTF-8, and goes on', async () => {
    client.send(Buffer.from('5100000006ff00', 'hex'));
    expect((await client.until('readyForQuery'))[0]).toMatchObject({ name: 'error', code: '22021' });
  });

  it.skipIf(!hasPsql)('serves psql', async () => {
    const place = ['-h', '127.0.0.1', '-p', String(wire.port), '-U', 'me', '-d', 'direct', '-AtX'];
    const commands = ['-c', "select 1 as a, 'x' as b; select 2", '-c', "notice 'hello'", '-c', 'select true'];
    expect(await runPsql([...place, ...commands])).toBe('1|x\n2\nNOTICE\nt\nNOTICE:  hello\nHINT:  a hint\n');
  });
});
