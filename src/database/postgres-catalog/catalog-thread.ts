/**
 * One running catalogue thread, seen from the main thread. Once it has failed or was stopped, it stays so.
 */
import { Worker } from 'node:worker_threads';
import { type EngineError, engineError, internalError, queryCanceled } from '../../core/index.ts';
import type { CatalogAnswers, CatalogReply, CatalogRequest } from './catalog-message.ts';

/**
 * Milliseconds for opening the server: initdb, where no data directory was prepared, takes several seconds.
 */
const START_TIMEOUT_MS = 120_000;

interface Pending {
  readonly resolve: (answer: never) => void;
  readonly reject: (error: EngineError) => void;
}

/** Address of the compiled worker file, whether this runs from `src` or from `dist`. */
function workerAddress(): URL {
  const here = import.meta.url.replace(/\/src\/(database\/postgres-catalog\/[^/]*)$/, '/dist/$1');
  return new URL('./catalog-worker.js', here);
}

export class CatalogThread {
  readonly #worker: Worker;
  readonly #pending = new Map<number, Pending>();
  #requestCount = 0;
  #failure: EngineError | undefined;

  private constructor() {
    this.#worker = new Worker(workerAddress(), { stdout: true, stderr: true });
    this.#worker.stdout.resume();
    this.#worker.stderr.resume();
    this.#worker.on('message', (reply: CatalogReply) => this.#settle(reply));
    this.#worker.on('error', (error) =>
      this.#fail(internalError(`the catalogue's thread failed: ${error.message}`, error)),
    );
    this.#worker.on('exit', () => this.#fail(internalError("the catalogue's thread ended")));
    this.#worker.unref();
  }

  /** A thread whose server is open. */
  static async start(): Promise<CatalogThread> {
    const thread = new CatalogThread();
    await thread.ask({ kind: 'start' }, START_TIMEOUT_MS);
    return thread;
  }

  /** Whether it can be asked. */
  get isAlive(): boolean {
    return this.#failure === undefined;
  }

  /**
   * Asks, and waits for the answer. PostgreSQL in WebAssembly cannot be interrupted: a request that takes
   * longer than `timeoutMs`, or whose `signal` aborts, fails with 57014 and ends the thread.
   */
  async ask<K extends CatalogRequest['kind']>(
    request: Extract<CatalogRequest, { kind: K }>,
    timeoutMs: number,
    signal?: AbortSignal,
  ): Promise<CatalogAnswers[K]> {
    if (this.#failure !== undefined) throw this.#failure;
    if (signal?.aborted === true) throw queryCanceled();
    const id = this.#requestCount++;
    const stop = (reason?: string): void => this.#stop(queryCanceled(reason));
    const timer = setTimeout(() => stop('canceling statement due to statement timeout'), timeoutMs);
    const abort = (): void => stop();
    signal?.addEventListener('abort', abort, { once: true });
    this.#worker.ref();
    try {
      return await new Promise<CatalogAnswers[K]>((resolve, reject) => {
        this.#pending.set(id, { resolve, reject });
        this.#worker.postMessage({ id, request });
      });
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      if (this.#pending.size === 0) this.#worker.unref();
    }
  }

  /** Ends the thread; what is pending fails. */
  async close(): Promise<void> {
    this.#fail(queryCanceled('the catalogue was closed'));
    await this.#worker.terminate();
  }

  #settle(reply: CatalogReply): void {
    const pending = this.#pending.get(reply.id);
    this.#pending.delete(reply.id);
    if ('answer' in reply) pending?.resolve(reply.answer as never);
    else {
      const error = engineError(reply.error.fields.state, reply.error.message, reply.error.fields);
      pending?.reject(error);
      if (reply.isFatal) this.#stop(error);
    }
  }

  #stop(error: EngineError): void {
    this.#fail(error);
    void this.#worker.terminate();
  }

  #fail(error: EngineError): void {
    this.#failure ??= error;
    for (const pending of this.#pending.values()) pending.reject(error);
    this.#pending.clear();
  }
}
