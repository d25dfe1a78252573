/**
 * Threads that help the main one to score many rows. They start when told to, or when it has had much to score for a
 * while, and end when idle; the main thread never waits for one to start, and scores every block that none of them has taken.
 */
import { Worker } from 'node:worker_threads';
import { internalError, Log } from '../../core/index.ts';
import { scoreArena, type ScoreArena } from '../kernel/score-arena.ts';
import {
  blockCount,
  ownThread,
  SCORE_THREADS_MAX,
  type ScoreJob,
  type ScoreThreads,
} from '../kernel/score-form.ts';
import { BLOCKS_MAX, controlWords, shareJob, wakeThreads } from './score-control.ts';
import type { ScoringThreadSetup } from './score-entry.ts';
import { threadAddress } from './worker-address.ts';

/** Milliseconds after which an idle thread ends. */
const IDLE_MS = 30_000;
/** Rows of jobs worth sharing, each within a second of the last, from which on threads are started. */
const STARTING_ROWS = 16_384;
const PAUSE_MS = 1_000;

export interface ScoringThreads extends ScoreThreads {
  /** Starts the threads ahead of work in that arena. */
  start(arena: ScoreArena): void;
  /** The same for the calling thread's own arena. */
  warmUp(): void;
  /** Threads that live now. */
  readonly liveThreadCount: number;
  close(): Promise<void>;
}

/** Helpers for a thread that scores, one fewer than `threads`. */
export function createScoringThreads(threads: number, log: Log = new Log()): ScoringThreads {
  return new WorkerScoringThreads(Math.min(threads, SCORE_THREADS_MAX) - 1, log);
}

/** Numbers of the threads that help in an arena, whoever started them: each has its own work area there. */
const numbersTaken = new WeakMap<ScoreArena, Set<number>>();

function freeNumber(arena: ScoreArena): number | undefined {
  const taken = numbersTaken.get(arena) ?? new Set();
  numbersTaken.set(arena, taken);
  for (let number = 1; number < SCORE_THREADS_MAX; number++) {
    if (taken.has(number)) continue;
    taken.add(number);
    return number;
  }
  return undefined;
}

/** A thread that was started. */
interface HelpingThread {
  readonly worker: Worker;
  readonly arena: ScoreArena;
  readonly stop: Int32Array;
  readonly ended: Promise<void>;
}

class WorkerScoringThreads implements ScoringThreads {
  readonly #count: number;
  readonly #log: Log;
  readonly #threads = new Set<HelpingThread>();
  #rows = 0;
  #lastRun = 0;
  #isClosed = false;

  constructor(count: number, log: Log) {
    this.#count = count;
    this.#log = log;
  }

  get liveThreadCount(): number {
    return this.#threads.size;
  }

  run(arena: ScoreArena, job: ScoreJob): void {
    const blocks = blockCount(job);
    if (this.#count === 0 || job.rowCount < job.sharedRowsMin || blocks > BLOCKS_MAX) {
      ownThread.run(arena, job);
      return;
    }
    this.#noteRows(arena, job.rowCount);
    const words = controlWords(arena.buffer, arena.controlAddress);
    if (!shareJob(words, arena, job)) throw internalError('a thread that scores has failed');
  }

  start(arena: ScoreArena): void {
    while (this.#threads.size < this.#count && !this.#isClosed) {
      const number = freeNumber(arena);
      if (number === undefined) return;
      this.#start(arena, number);
    }
  }

  warmUp(): void {
    this.start(scoreArena());
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    // A thread that was terminated might leave a block undone for which somebody waits: it ends by itself.
    for (const { worker, arena, stop } of this.#threads) {
      // Nothing else may keep the process alive until the thread has ended.
      worker.ref();
      Atomics.store(stop, 0, 1);
      wakeThreads(controlWords(arena.buffer, arena.controlAddress));
    }
    await Promise.all([...this.#threads].map(({ ended }) => ended));
  }

  #noteRows(arena: ScoreArena, rowCount: number): void {
    const now = performance.now();
    this.#rows = now - this.#lastRun > PAUSE_MS ? rowCount : this.#rows + rowCount;
    this.#lastRun = now;
    if (this.#rows >= STARTING_ROWS) this.start(arena);
  }

  #start(arena: ScoreArena, number: number): void {
    const { memory, controlAddress } = arena;
    const stop = new Int32Array(new SharedArrayBuffer(4));
    const workerData: ScoringThreadSetup = {
      memory,
      controlAddress,
      thread: number,
      idleMilliseconds: IDLE_MS,
      stop,
    };
    const worker = new Worker(new URL(threadAddress('score-entry.js')), { workerData, execArgv: [] });
    worker.on('error', (thrown: unknown) => {
      this.#log.write('error', 'a thread that scores failed', { error: String(thrown) });
    });
    const ended = new Promise<void>((resolve) => void worker.on('exit', () => resolve()));
    const thread = { worker, arena, stop, ended };
    this.#threads.add(thread);
    void ended.then(() => {
      this.#threads.delete(thread);
      numbersTaken.get(arena)?.delete(number);
    });
    worker.unref();
  }
}
