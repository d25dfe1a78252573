import pg from 'pg';
import { serialize } from 'pg-protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DirectSession } from '../support/direct-session.ts';
import { namesOf, RawClient } from '../support/raw-client.ts';
import { startWireServer, type WireServer } from '../support/wire-server.ts';

let wire: WireServer;
let client: RawClient;
let session: DirectSession;

beforeAll(async () => {
  wire = await startWireServer();
  await wire.rows('create table stored (n integer primary key)');
  client = await RawClient.start(wire.port);
  session = wire.lastSession();
});
afterAll(async () => {
  client.close();
  await wire.close();
});

const { bind, close, describe: describeMessage, execute, flush, parse, query, sync } = serialize;
/** Parse, Bind, Execute of the unnamed statement and portal. */
const run = (text: string): Buffer => Buffer.concat([parse({ text }), bind(), execute()]);

async function answers(...messages: Buffer[]): Promise<Awaited<ReturnType<RawClient['until']>>> {
  client.send(...messages);
  return client.until('readyForQuery');
}

/** What the session was told since the last look. */
function calls(): string[] {
  return session.calls.splice(0);
}

describe('Parse, Bind, Describe, Execute', () => {
  it('describes a statement before it is bound, and runs it with parameters', async () => {
    const described = await answers(
      parse({ name: 's', text: 'select $1 + 1 as more, $2 as word', types: [23, 25] }),
      describeMessage({ type: 'S', name: 's' }),
      sync(),
    );
    expect(namesOf(described)).toEqual([
      'parseComplete',
      'parameterDescription',
      'rowDescription',
      'readyForQuery',
    ]);
    expect(described[1]).toMatchObject({ dataTypeIDs: [23, 25] });
    expect(described[2]).toMatchObject({
      fields: [
        { name: 'more', dataTypeID: 23 },
        { name: 'word', dataTypeID: 25 },
      ],
    });
    const ran = await answers(
      bind({ statement: 's', values: ['41', null] }),
      describeMessage({ type: 'P' }),
      execute(),
      sync(),
    );
    expect(ran.slice(2, 4)).toMatchObject([{ name: 'dataRow', fields: ['42', null] }, { text: 'SELECT 1' }]);
    await answers(close({ type: 'S', name: 's' }), sync());
  });

  it('sends binary values when asked to', async () => {
    const ran = await answers(
      parse({ text: 'select 258::int4 as n' }),
      bind({ binary: true }),
      describeMessage({ type: 'P' }),
      execute(),
      sync(),
    );
    expect(ran[2]).toMatchObject({ fields: [{ format: 'binary' }] });
    expect(Buffer.from((ran[3] as unknown as { fields: string[] }).fields[0]!, 'latin1')).toEqual(
      Buffer.from([0, 0, 1, 2]),
    );
  });

  it('tells that a statement has no rows', async () => {
    const described = await answers(
      parse({ text: 'insert into stored values (1)' }),
      describeMessage({ type: 'S' }),
      bind(),
      execute(),
      sync(),
    );
    expect(namesOf(described)).toEqual([
      'parseComplete',
      'parameterDescription',
      'noData',
      'bindComplete',
      'commandComplete',
      'readyForQuery',
    ]);
    expect(described[4]).toMatchObject({ text: 'INSERT 0 1' });
  });

  it('answers Close of what is not there, and Flush at once', async () => {
    client.send(close({ type: 'S', name: 'nothing' }), flush());
    expect(namesOf(await client.until('closeComplete'))).toEqual(['closeComplete']);
    expect(namesOf(await answers(sync()))).toEqual(['readyForQuery']);
  });

  it('works for pg, prepared and not, with every row', async () => {
    const one = new pg.Client({ host: '127.0.0.1', port: wire.port, user: 'me', database: 'direct' });
    await one.connect();
    for (let round = 0; round < 2; round++) {
      const { rows, rowCount } = await one.query({
        name: 'many',
        text: 'select n from range(9000) t(n) where n < $1',
        values: [5000],
      });
      expect([rowCount, rows[4999]]).toEqual([5000, { n: '4999' }]);
    }
    await one.end();
  });
});

describe('errors', () => {
  it.each([
    [
      'a duplicate statement',
      [parse({ name: 'd', text: 'select 1' }), parse({ name: 'd', text: 'select 2' })],
      '42P05',
      'prepared statement "d" already exists',
    ],
    [
      'an unknown statement',
      [bind({ statement: 'none' })],
      '26000',
      'prepared statement "none" does not exist',
    ],
    ['an unknown portal', [execute({ portal: 'none' })], '34000', 'portal "none" does not exist'],
    [
      'a duplicate portal',
      [parse({ text: 'select 1' }), bind({ portal: 'p' }), bind({ portal: 'p' })],
      '42P03',
      'portal "p" already exists',
    ],
    [
      'missing parameters',
      [parse({ text: 'select $1::int' }), bind()],
      '08P01',
      'bind message supplies 0 parameters, but prepared statement "" requires 1',
    ],
    [
      'a bad value',
      [parse({ text: 'select $1::int', types: [23] }), bind({ values: ['x'] })],
      '22P02',
      'invalid input syntax for type integer: "x"',
    ],
    [
      'running a command twice',
      [parse({ text: 'set a = b' }), bind(), execute(), execute()],
      '55000',
      'portal "" cannot be run',
    ],
  ])('%s', async (_, messages, code, message) => {
    const failed = await answers(...messages, sync());
    expect(failed.find((answer) => answer.name === 'error')).toMatchObject({
      code,
      message,
      severity: 'ERROR',
    });
    expect(failed.at(-1)).toMatchObject({ name: 'readyForQuery', status: 'I' });
  });

  it('skip everything up to the Sync, and leave the connection in order', async () => {
    const failed = await answers(
      parse({ text: 'select nothing from nowhere' }),
      run('select 1'),
      query('select 2'),
      sync(),
    );
    expect(namesOf(failed)).toEqual(['error', 'readyForQuery']);
    expect(failed[0]).toMatchObject({ code: '42P01' });
    expect(namesOf(await answers(run('select 3'), sync()))).toContain('commandComplete');
  });

  it('point at a character of the text, whatever precedes it', async () => {
    const [error] = await answers(parse({ text: "select '😀', nothing_here" }), sync());
    expect(error).toMatchObject({ code: '42703', position: '13' });
  });
});

describe('pipelines', () => {
  it('run a lone statement alone, and do not bother the session with the Sync', async () => {
    calls();
    await answers(run('select 1'), close({ type: 'P' }), flush(), sync());
    expect(calls()).toEqual(['execute alone']);
  });

  it('make statements before one Sync one transaction, which the Sync commits', async () => {
    await answers(run('insert into stored values (10)'), run('insert into stored values (11)'), sync());
    expect(calls()).toEqual(['execute pipelined', 'execute pipelined', 'sync done']);
    expect(await wire.rows('select n from stored where n in (10, 11) order by n')).toEqual([[10], [11]]);
  });

  it('take everything back when a later statement fails', async () => {
    const failed = await answers(
      run('insert into stored values (20)'),
      run('insert into stored values (10)'),
      sync(),
    );
    expect(failed.find((answer) => answer.name === 'error')).toMatchObject({ code: '23505' });
    expect(calls()).toEqual(['execute pipelined', 'execute pipelined', 'sync failed']);
    expect(await wire.rows('select n from stored where n = 20')).toEqual([]);
  });

  it('leave a transaction block to the client', async () => {
    await answers(run('begin'), run('insert into stored values (30)'), sync());
    expect(calls().filter((call) => call.startsWith('sync'))).toEqual([]);
    const back = await answers(run('rollback'), sync());
    expect(back.at(-1)).toMatchObject({ status: 'I' });
    expect(await wire.rows('select n from stored where n = 30')).toEqual([]);
  });

  it('answer hundreds of statements in order', async () => {
    const results = await answers(
      ...Array.from({ length: 300 }, (_, index) => run(`select ${index} as n`)),
      sync(),
    );
    const rows = results.filter((answer) => answer.name === 'dataRow');
    expect(rows.map((row) => (row['fields'] as string[])[0])).toEqual(
      Array.from({ length: 300 }, (_, index) => String(index)),
    );
  });
});

describe('portals', () => {
  const numbers = parse({ text: 'select n::int as n from range(5) t(n) order by n' });
  const fetch = (rows: number, portal = ''): Buffer => execute({ portal, rows });
  const fetched = (list: readonly { name: string }[]): unknown[] =>
    list.flatMap((one) => (one.name === 'dataRow' ? (one as unknown as { fields: string[] }).fields : []));

  it('give so many rows at a time, and go on where they were', async () => {
    const results = await answers(numbers, bind(), fetch(2), fetch(2), fetch(2), fetch(2), sync());
    expect(namesOf(results).filter((name) => name !== 'dataRow')).toEqual([
      'parseComplete',
      'bindComplete',
      'portalSuspended',
      'portalSuspended',
      'commandComplete',
      'commandComplete',
      'readyForQuery',
    ]);
    expect(fetched(results)).toEqual(['0', '1', '2', '3', '4']);
    expect(results.filter((answer) => answer.name === 'commandComplete')).toMatchObject([
      { text: 'SELECT 1' },
      { text: 'SELECT 0' },
    ]);
  });

  it('end with a Sync outside a transaction', async () => {
    await answers(numbers, bind({ portal: 'c' }), fetch(2, 'c'), sync());
    const [error] = await answers(fetch(2, 'c'), sync());
    expect(error).toMatchObject({ code: '34000' });
  });

  it('live on in a transaction while other statements run, and end with it', async () => {
    await answers(run('begin'), numbers, bind({ portal: 'c' }), fetch(2, 'c'), sync());
    expect(fetched(await answers(run('select 77 as x'), sync()))).toEqual(['77']);
    expect(fetched(await answers(query('select 78 as x')))).toEqual(['78']);
    expect(fetched(await answers(fetch(0, 'c'), sync()))).toEqual(['2', '3', '4']);
    await answers(query('commit'));
    expect((await answers(fetch(1, 'c'), sync()))[0]).toMatchObject({ code: '34000' });
  });

  it('complete an INSERT with RETURNING that was not fetched to its end', async () => {
    await answers(
      parse({ text: 'insert into stored select 100 + range from range(50) returning n' }),
      bind(),
      fetch(1),
      sync(),
    );
    expect(await wire.rows('select count(*)::int from stored where n >= 100')).toEqual([[50]]);
  });

  it('refuse rows of other types than were described', async () => {
    await answers(query('create table changing (a integer)'));
    await answers(query('insert into changing values (1)'));
    await answers(parse({ name: 'old', text: 'select * from changing' }), sync());
    await answers(query('alter table changing alter a type varchar'));
    const failed = await answers(bind({ statement: 'old' }), execute(), sync());
    expect(failed[1]).toMatchObject({
      name: 'error',
      code: '0A000',
      message: 'cached plan must not change result type',
    });
  });

  it('can be forgotten by name with DEALLOCATE', async () => {
    await answers(parse({ name: 'kept', text: 'select 1' }), sync());
    expect((await answers(query('deallocate kept')))[0]).toMatchObject({ text: 'DEALLOCATE' });
    expect((await answers(bind({ statement: 'kept' }), sync()))[0]).toMatchObject({ code: '26000' });
    expect((await answers(query('deallocate kept')))[0]).toMatchObject({ code: '26000' });
  });

  it('are forgotten with DISCARD ALL, and so are prepared statements', async () => {
    await answers(parse({ name: 'kept', text: 'select 1' }), sync());
    await answers(query('discard all'));
    expect(namesOf(await answers(parse({ name: 'kept', text: 'select 2' }), sync()))).toEqual([
      'parseComplete',
      'readyForQuery',
    ]);
  });
});
