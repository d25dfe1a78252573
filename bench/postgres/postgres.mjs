/** A PostgreSQL of Debian's package, in a folder of its own, on loopback alone, for the time of the bench. */
import { spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { spawnChild } from '../children.mjs';
import { RawClient } from './raw-client.mjs';

const packages = '/usr/lib/postgresql';

/**
 * Settings beside the defaults: room to write, so that no checkpoint falls into a measurement. It stays
 * durable.
 */
const settings = [
  'shared_buffers=1GB',
  'max_wal_size=8GB',
  'checkpoint_timeout=1h',
  'listen_addresses=127.0.0.1',
];

/** The path of one of its programs, of the newest version that is installed; undefined where there is none. */
export function findProgram(name) {
  return binaryFolders()
    .map((bin) => join(bin, name))
    .find((path) => existsSync(path));
}

function binaryFolders() {
  const versions = existsSync(packages)
    ? readdirSync(packages).sort((left, right) => Number(right) - Number(left))
    : [];
  return versions.map((version) => join(packages, version, 'bin'));
}

/** PostgreSQL refuses to run as root: another user, by number; nothing for whoever is not root. */
function unprivileged() {
  if (process.getuid() !== 0) return {};
  for (const name of ['postgres', 'nobody']) {
    const [uid, gid] = ['-u', '-g'].map((flag) =>
      Number(spawnSync('id', [flag, name], { encoding: 'utf8' }).stdout),
    );
    if (uid > 0) return { uid, gid };
  }
  throw new Error('there is no user that PostgreSQL could run as');
}

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export class Postgres {
  #child;
  #folder;

  /** A running server, or `{ reason }` where there is none to start. */
  static async start() {
    const initdb = findProgram('initdb');
    if (initdb === undefined) return { reason: `no PostgreSQL below ${packages}` };
    const bin = dirname(initdb);
    const postgres = new Postgres();
    const user = unprivileged();
    postgres.#folder = mkdtempSync(join(tmpdir(), 'augur-bench-postgres-'));
    process.on('exit', () => postgres.#removeFolder());
    if (user.uid !== undefined) chownSync(postgres.#folder, user.uid, user.gid);
    const data = join(postgres.#folder, 'data');
    const made = spawnSync(initdb, ['-D', data, '-U', 'augur', '-A', 'trust', '-E', 'UTF8', '--locale=C'], {
      ...user,
      cwd: postgres.#folder,
      encoding: 'utf8',
    });
    if (made.status !== 0) throw new Error(`initdb: ${made.error?.message ?? made.stderr}`);
    const port = await freePort();
    const flags = settings.flatMap((setting) => ['-c', setting]);
    postgres.#child = spawnChild(
      join(bin, 'postgres'),
      ['-D', data, '-p', String(port), '-k', postgres.#folder, ...flags],
      {
        ...user,
        cwd: postgres.#folder,
        stdio: 'ignore',
      },
    );
    postgres.address = { host: '127.0.0.1', port, user: 'augur', database: 'postgres' };
    postgres.pgbench = join(bin, 'pgbench');
    postgres.version = spawnSync(join(bin, 'postgres'), ['--version'], { encoding: 'utf8' }).stdout.trim();
    await postgres.#untilReady();
    return postgres;
  }

  async stop() {
    const ended = new Promise((resolve) => this.#child.on('exit', resolve));
    this.#child.kill('SIGINT');
    await ended;
    this.#removeFolder();
  }

  #removeFolder() {
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }

  async #untilReady() {
    for (let attempt = 0; attempt < 200; attempt++) {
      const client = await RawClient.connect(this.address).catch(() => undefined);
      if (client !== undefined) return client.close();
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error('PostgreSQL did not start within 20 seconds');
  }
}
