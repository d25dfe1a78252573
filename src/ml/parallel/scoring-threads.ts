/**
 * Threads that help the main one to score many rows. They start when it has had much to score for a while and end when
 * idle; the main thread never waits for one to start, and scores every block that none of them has taken.
 */
import { Worker } from 'node:worker_threads';
import { internalError, Log } from '../../core/index.ts';
import type { ScoreArena } from '../kernel/score-arena.ts';
import {
  blockCount,
  ownThread,
  SCORE_THREADS_MAX,
  type ScoreJob,
  type ScoreThreads,
} from '../kernel/score-form.ts';
import { BLOCKS_MAX, controlWords, shareJob } from './score-control.ts';
import type { ScoringThreadSetup } from './score-entry.ts';
import { threadAddress } from './worker-address.ts';

/** Milliseconds after which an idle thread ends. */
const IDLE_MS = 3_000;
/** Rows of jobs worth sharing, each within a second of the last, from which on threads are started. */
const STARTING_ROWS = 16_384;
const PAUSE_MS = 1_000;

export interface ScoringThreads extends ScoreThreads {
  /** Starts the threads ahead of work in that arena. */
  start(arena: ScoreArena): void;
  /** Threads that live now. */
  readonly liveThreadCount: number;
  close(): Promise<void>;
}

/** Helpers for a thread that scores, one fewer than `threads`. */
export function createScoringThreads(threads: number, log: Log = new Log()): ScoringThreads {
  return new WorkerScoringThreads(Math.min(threads, SCORE_THREADS_MAX) - 1, log);
}

class WorkerScoringThreads implements ScoringThreads {
  readonly #count: number;
  readonly #log: Log;
  readonly #workers = new Map<number, Worker>();
  #rows = 0;
  #lastRun = 0;
  #isClosed = false;

  constructor(count: number, log: Log) {
    this.#count = count;
    this.#log = log;
  }

  get liveThreadCount(): number {
    return this.#workers.size;
  }

  run(arena: ScoreArena, job: ScoreJob): void {
    const blocks = blockCount(job);
    if (this.#count === 0 || job.rowCount < job.sharedRowsMin || blocks > BLOCKS_MAX) {
      ownThread.run(arena, job);
      return;
    }
    this.#startThreads(arena, job.rowCount);
    const words = controlWords(arena.buffer, arena.controlAddress);
    if (!shareJob(words, arena, job)) throw internalError('a thread that scores has failed');
  }

  start(arena: ScoreArena): void {
    for (let thread = 1; thread <= this.#count && !this.#isClosed; thread++) {
      if (!this.#workers.has(thread)) this.#start(arena, thread);
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...this.#workers.values()].map((worker) => worker.terminate()));
  }

  #startThreads(arena: ScoreArena, rowCount: number): void {
    const now = performance.now();
    this.#rows = now - this.#lastRun > PAUSE_MS ? rowCount : this.#rows + rowCount;
    this.#lastRun = now;
    if (this.#rows >= STARTING_ROWS) this.start(arena);
  }

  #start({ memory, controlAddress }: ScoreArena, thread: number): void {
    const workerData: ScoringThreadSetup = { memory, controlAddress, thread, idleMilliseconds: IDLE_MS };
    const worker = new Worker(new URL(threadAddress('score-entry.js')), { workerData, execArgv: [] });
    worker.unref();
    this.#workers.set(thread, worker);
    worker.on('error', (thrown: unknown) => {
      this.#log.write('error', 'a thread that scores failed', { error: String(thrown) });
    });
    worker.on('exit', () => this.#workers.delete(thread));
  }
}
