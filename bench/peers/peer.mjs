/**
 * A peer's process: tasks go to its standard input and answers come from its standard output, one JSON a
 * line.
 */
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { spawnChild } from '../children.mjs';
import { THREADS } from '../goals.mjs';

const script = fileURLToPath(new URL('peer.py', import.meta.url));

/** Settings of OpenBLAS that a machine may carry, and that would slow its users down. */
const { OPENBLAS_CORETYPE: _core, OPENBLAS_L2_SIZE: _cache, ...inherited } = process.env;
const environment = {
  ...inherited,
  OMP_NUM_THREADS: String(THREADS),
  OPENBLAS_NUM_THREADS: String(THREADS),
  PYTHONDONTWRITEBYTECODE: '1',
};

export class Peer {
  #child;
  #lines;
  #ended;

  constructor(python, name) {
    this.name = name;
    this.#child = spawnChild(python, [script, name, String(THREADS)], {
      env: environment,
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#child.stdin.on('error', () => undefined);
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
    this.#ended = new Promise((resolve) => this.#child.on('exit', resolve));
  }

  /** Answers of a task. Throws what the peer could not do. */
  async ask(command, task = {}) {
    this.#child.stdin.write(`${JSON.stringify({ command, ...task })}\n`);
    const { value, done } = await this.#lines.next();
    if (done) throw new Error(`${this.name} ended with ${await this.#ended}`);
    const answer = JSON.parse(value);
    if (answer.error !== undefined) throw new Error(`${this.name}: ${answer.error}`);
    return answer;
  }

  /** Ends it at once, whatever it does; a task that it has fails. */
  async kill() {
    this.#child.kill('SIGKILL');
    await this.#ended;
  }

  async stop() {
    this.#child.stdin.end();
    await this.#ended;
  }
}
