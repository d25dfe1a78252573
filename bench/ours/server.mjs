/** The real program, started as a user starts it, and one client of it. */
import { join } from 'node:path';
import pg from 'pg';
import { spawnChild } from '../children.mjs';
import { dataFolder, programFolder } from '../folders.mjs';
import { THREADS } from '../goals.mjs';
import { peakBytes, residentBytes } from './process-memory.mjs';

const host = '127.0.0.1';

/** Until a server has started its threads, too; a library's imports are not timed either. */
const START_MS = 2_000;

class OurServer {
  #child;
  #ended;

  /** Starts `augur serve FILE` on a free port and connects. */
  static async start(file, { threads = THREADS } = {}) {
    const server = new OurServer();
    const serverArguments = [
      'serve',
      file,
      '--port',
      '0',
      '--threads',
      String(threads),
      '--allow-path',
      dataFolder,
    ];
    server.#child = spawnChild(process.execPath, [join(programFolder, 'main.cjs'), ...serverArguments], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    server.#ended = new Promise((resolve) =>
      server.#child.on('exit', (code, signal) => resolve(code ?? signal)),
    );
    const line = await new Promise((resolve, reject) => {
      server.#child.stdout.once('data', (data) => resolve(String(data)));
      server.#ended.then((code) => reject(new Error(`augur ended with ${code} before it was ready`)));
    });
    server.port = Number(/port=(\d+)/.exec(line)[1]);
    server.database = /dbname=([^"\s]+)/.exec(line)[1];
    server.client = await server.connect();
    await new Promise((resolve) => setTimeout(resolve, START_MS));
    return server;
  }

  get address() {
    return { host, port: this.port, user: 'augur', database: this.database };
  }

  async connect() {
    const client = new pg.Client(this.address);
    await client.connect();
    return client;
  }

  /** Seconds that a statement takes its client. */
  async time(statement) {
    const start = performance.now();
    await this.client.query(statement);
    return (performance.now() - start) / 1000;
  }

  residentBytes() {
    return residentBytes(this.#child.pid);
  }

  peakBytes() {
    return peakBytes(this.#child.pid);
  }

  async stop() {
    await this.client.end();
    this.#child.kill('SIGTERM');
    const code = await this.#ended;
    if (code !== 0) throw new Error(`augur ended with ${code}`);
  }
}

/** Runs `use` with a fresh server and stops it, whatever happens. */
export async function withServer(file, use, options) {
  const server = await OurServer.start(file, options);
  let answer;
  try {
    answer = await use(server);
  } catch (thrown) {
    await server.stop().catch(() => undefined);
    throw thrown;
  }
  await server.stop();
  return answer;
}
