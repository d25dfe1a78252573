/** The program as its users run it, as a child process. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

const entry = fileURLToPath(new URL('../dist/main.cjs', import.meta.url));
const manifest = fileURLToPath(new URL('../package.json', import.meta.url));

let folder: string;
const children = new Set<ChildProcess>();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'augur-program-'));
});

afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  children.clear();
});

afterAll(() => rm(folder, { recursive: true, force: true }));

interface Running {
  readonly child: ChildProcess;
  /** What it wrote so far. */
  readonly output: () => string;
  readonly errors: () => string;
  /** Exit code, and all it wrote. */
  readonly end: Promise<{ readonly code: number | null; readonly output: string; readonly errors: string }>;
}

function start(words: readonly string[], environment: Readonly<Record<string, string>> = {}): Running {
  const child = spawn(process.execPath, [entry, ...words], {
    cwd: folder,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.add(child);
  const written = { output: '', errors: '' };
  child.stdout.on('data', (data: Buffer) => (written.output += String(data)));
  child.stderr.on('data', (data: Buffer) => (written.errors += String(data)));
  const end = once(child, 'close').then(([code]) => ({ code: code as number | null, ...written }));
  return { child, output: () => written.output, errors: () => written.errors, end };
}

const run = (words: readonly string[], environment?: Readonly<Record<string, string>>): Running['end'] =>
  start(words, environment).end;

/** A server that is ready, on a free port. */
async function serve(
  words: readonly string[],
  environment?: Readonly<Record<string, string>>,
): Promise<Running & { readonly port: number; readonly line: string }> {
  const running = start(
    ['serve', ...words, '--port', '0', '--threads', '1', '--memory', '256MB'],
    environment,
  );
  await Promise.race([once(running.child.stdout!, 'data'), running.end]);
  const port = Number(/port=(\d+)/.exec(running.output())?.[1]);
  if (Number.isNaN(port)) throw new Error(`the server did not start: ${running.errors()}`);
  return { ...running, port, line: running.output() };
}

async function connect(port: number, more: pg.ClientConfig = {}): Promise<pg.Client> {
  const client = new pg.Client({ host: '127.0.0.1', port, user: 'augur', ...more });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/** Runs for seconds, however fast the machine: 57014 or the end of the connection stops it. */
const endlessQuery = 'SELECT sum(a.range * b.range % 7) FROM range(10000000) a, range(10000000) b';

describe('arguments', () => {
  test('--help and --version answer on standard output', async () => {
    const [help, version] = await Promise.all([run(['--help']), run(['--version'])]);
    expect(help).toMatchObject({ code: 0, errors: '' });
    expect(help.output).toContain('augur serve [FILE] [options]');
    const { version: expected } = JSON.parse(await readFile(manifest, 'utf8')) as { version: string };
    expect(version).toEqual({ code: 0, output: `augur ${expected}\n`, errors: '' });
  });

  test.each([
    [['serve', '--prot', '1'], 'augur: unknown option \'--prot\'\nHINT:  Did you mean "--port"?\n'],
    [['serve', '--allow-path', 'gone'], 'augur: --allow-path: "gone" is not a directory\n'],
    [['run', 'gone.sql'], 'augur: run: cannot read "gone.sql": no such file or directory\n'],
    [
      ['serve', '--host', '0.0.0.0'],
      'augur: refusing to listen on 0.0.0.0, which other machines can reach, without a password and TLS\n' +
        'HINT:  Listen on 127.0.0.1, or ask for a password and use TLS.\n',
    ],
  ])('%j is refused in words, without a stack', async (words, errors) => {
    expect(await run(words)).toEqual({ code: 1, output: '', errors });
  });

  test('other machines need TLS as well as a password, and a password that is one', async () => {
    const [withoutTls, empty] = await Promise.all([
      run(['serve', '--host', '0.0.0.0'], { AUGUR_PASSWORD: 'secret' }),
      run(['serve'], { AUGUR_PASSWORD: '' }),
    ]);
    expect(withoutTls.errors).toContain('which other machines can reach, without TLS\n');
    expect(withoutTls.code).toBe(1);
    expect(empty).toEqual({ code: 1, output: '', errors: 'augur: the password is empty\n' });
  });

  test('a certificate that is none', async () => {
    await writeFile(join(folder, 'bad.pem'), 'nothing');
    const { code, errors } = await run(['serve', '--tls-cert', 'bad.pem', '--tls-key', 'bad.pem']);
    expect(code).toBe(1);
    expect(errors).toMatch(/^augur: the TLS certificate and key cannot be used: [^\n]+\n$/);
  });
});

describe('serve', () => {
  test('a password from a file and a generated certificate', async () => {
    await writeFile(join(folder, 'password'), 'open sesame\n');
    const server = await serve(['--password-file', 'password', '--tls-generate']);
    const ssl = { rejectUnauthorized: false };
    const client = await connect(server.port, { password: 'open sesame', ssl });
    expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    await client.end();
    await expect(connect(server.port, { password: 'open sesame\n', ssl })).rejects.toMatchObject({
      code: '28P01',
    });
    server.child.kill('SIGINT');
    expect(await server.end).toMatchObject({ code: 0, errors: '' });
  });

  test('prints how to connect, and says whose the port and the file are when asked for them again', async () => {
    const server = await serve(['shop.db']);
    expect(server.line).toBe(`psql "host=127.0.0.1 port=${server.port} user=augur dbname=shop"\n`);
    const [samePort, sameFile] = await Promise.all([
      run(['serve', '--port', String(server.port)]),
      run(['serve', 'shop.db', '--port', '0']),
    ]);
    expect(samePort.code).toBe(1);
    expect(samePort.errors).toMatch(
      /^augur: cannot listen on 127\.0\.0\.1:\d+: [^\n]*address already in use[^\n]*\n$/,
    );
    expect(sameFile.code).toBe(1);
    expect(sameFile.errors).toMatch(/^augur: [^\n]*shop\.db[^\n]*\n$/);
    expect(sameFile.errors).toContain('lock');
  });

  test('a file that is no database, and one in no directory', async () => {
    await writeFile(join(folder, 'letter.db'), 'Dear database, '.repeat(1000));
    const [letter, nowhere] = await Promise.all([
      run(['serve', 'letter.db']),
      run(['serve', join('gone', 'x.db')]),
    ]);
    expect(letter.code).toBe(1);
    expect(letter.errors).toMatch(/^augur: [^\n]*letter\.db[^\n]*not a valid DuckDB database file\n$/);
    expect(nowhere.code).toBe(1);
    expect(nowhere.errors).toMatch(/^augur: [^\n]*gone[^\n]*No such file or directory\n$/);
  });
});

test('more long statements than Node has threads by itself leave room for others', async () => {
  const server = await serve([]);
  const busy = await Promise.all(Array.from({ length: 8 }, () => connect(server.port)));
  const outcomes = busy.map((client) => client.query(endlessQuery).catch((error: unknown) => error));
  await wait(200);
  const startedAt = performance.now();
  const client = await connect(server.port);
  expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  expect(performance.now() - startedAt).toBeLessThan(5_000);
  server.child.kill('SIGTERM');
  await wait(1_100);
  server.child.kill('SIGTERM');
  await server.end;
  expect(await Promise.all(outcomes)).toHaveLength(8);
});

describe('stopping', () => {
  test('SIGTERM lets a running statement finish', async () => {
    const server = await serve([]);
    const client = await connect(server.port);
    let isAnswered = false;
    const answer = client.query(
      'SELECT count(*)::INTEGER AS n FROM range(60000) a, range(20000) b WHERE a.range % 7 = b.range % 5',
    );
    void answer.then(() => (isAnswered = true));
    await wait(100);
    expect(isAnswered).toBe(false);
    server.child.kill('SIGTERM');
    expect((await answer).rows).toEqual([{ n: 4000 * (3 * 8572 + 2 * 8571) }]);
    expect(await server.end).toMatchObject({ code: 0, errors: '' });
  });

  test('a second SIGTERM, later, cancels it', async () => {
    const server = await serve(['second.db']);
    const client = await connect(server.port);
    await client.query('CREATE TABLE t AS SELECT 1 AS a');
    const outcome = client.query(endlessQuery).catch((error: unknown) => error);
    await wait(100);
    server.child.kill('SIGTERM');
    await wait(1_100);
    const secondAt = performance.now();
    server.child.kill('SIGTERM');
    expect(await server.end).toMatchObject({
      code: 1,
      errors: 'augur: canceling the statements that still run\n',
    });
    expect(performance.now() - secondAt).toBeLessThan(2_000);
    expect(await outcome).toMatchObject({ code: '57014' });
    await writeFile(join(folder, 'second.sql'), 'SELECT a FROM t');
    expect(await run(['run', 'second.sql', 'second.db'])).toEqual({
      code: 0,
      output: ' a\n---\n 1\n(1 row)\n\n',
      errors: '',
    });
  });
});

describe('run', () => {
  test('prints results, and notices beside them', async () => {
    await writeFile(
      join(folder, 'good.sql'),
      "DROP MODEL IF EXISTS m; CREATE TABLE t AS SELECT 'x' AS a; SELECT a, 1.5::DOUBLE AS b FROM t;",
    );
    expect(await run(['run', 'good.sql'])).toEqual({
      code: 0,
      output: 'DROP MODEL\nSELECT 1\n a |  b\n---+-----\n x | 1.5\n(1 row)\n\n',
      errors: 'NOTICE:  model "m" does not exist, skipping\n',
    });
  });

  test('says where a script fails, and undoes what its implicit transaction did', async () => {
    await writeFile(
      join(folder, 'bad.sql'),
      "SELECT 'é' AS e;\nCREATE TABLE kept (a INTEGER);\nCREATE MODEL m OPTIONS (MODEL_TYPE='LINEAR_REGG') AS SELECT 1 AS label, 2 AS x;\n",
    );
    const { code, output, errors } = await run(['run', 'bad.sql', 'run.db']);
    expect(code).toBe(1);
    expect(output).toBe(' e\n---\n é\n(1 row)\n\nCREATE TABLE\n');
    expect(errors).toMatch(
      /^augur: bad\.sql:3:36: [^\n]*LINEAR_REGG[^\n]*\nHINT: {2}Did you mean "LINEAR_REG"\?\n$/,
    );
    await writeFile(join(folder, 'look.sql'), 'SELECT * FROM kept');
    expect(await run(['run', 'look.sql', 'run.db'])).toMatchObject({ code: 1, output: '' });
  });
});
