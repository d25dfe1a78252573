/**
 * The queue in front of the threads: trainings take turns, one task each, so that a long one does not hold up
 * a short one. Never more tasks are out than there are threads.
 */
import { EngineError, SqlState, engineError, internalError, outOfMemory } from '../../core/index.ts';
import type { PassAnswer, PassTask } from './message.ts';

/** Runs one task on some thread; aborting the signal kills that thread. */
export type TaskRunner = (task: PassTask, force: AbortSignal) => Promise<PassAnswer>;

/** A task that waits for a thread, and for the scratch area that comes with it. */
export type WaitingTask = Omit<PassTask, 'scratchArea'>;

interface Entry {
  readonly owner: number;
  readonly task: WaitingTask;
  readonly force: AbortController;
  /** Why it was killed, if it was. */
  failure: EngineError | undefined;
  resolve(answer: PassAnswer): void;
  reject(error: EngineError): void;
}

export class TaskScheduler {
  readonly #run: TaskRunner;
  readonly #threadCount: number;
  /** Waiting tasks by training; the training whose turn it is comes first. */
  readonly #waiting = new Map<number, Entry[]>();
  readonly #running = new Set<Entry>();
  readonly #freeAreas: number[];

  constructor(threadCount: number, run: TaskRunner) {
    this.#threadCount = threadCount;
    this.#run = run;
    this.#freeAreas = Array.from({ length: threadCount }, (_, area) => threadCount - 1 - area);
  }

  /** Tasks of a training that run or wait. */
  submit(owner: number, task: WaitingTask): Promise<PassAnswer> {
    const { promise, resolve, reject } = withResolvers<PassAnswer>();
    const entry: Entry = { owner, task, force: new AbortController(), failure: undefined, resolve, reject };
    const queue = this.#waiting.get(owner);
    if (queue === undefined) this.#waiting.set(owner, [entry]);
    else queue.push(entry);
    this.#fill();
    return promise;
  }

  /** Rejects the tasks of a training that wait. */
  drop(owner: number, error: EngineError): void {
    const queue = this.#waiting.get(owner) ?? [];
    this.#waiting.delete(owner);
    for (const entry of queue) entry.reject(error);
  }

  /** Kills the threads that work for a training (or for any). */
  kill(owner: number | undefined, error: EngineError): void {
    for (const entry of this.#running) {
      if (owner !== undefined && entry.owner !== owner) continue;
      entry.failure = error;
      entry.force.abort();
    }
  }

  #fill(): void {
    while (this.#running.size < this.#threadCount) {
      const entry = this.#next();
      if (entry === undefined) return;
      void this.#start(entry);
    }
  }

  #next(): Entry | undefined {
    for (const [owner, queue] of this.#waiting) {
      const entry = queue.shift();
      this.#waiting.delete(owner);
      if (queue.length > 0) this.#waiting.set(owner, queue);
      if (entry !== undefined) return entry;
    }
    return undefined;
  }

  async #start(entry: Entry): Promise<void> {
    this.#running.add(entry);
    const scratchArea = this.#freeAreas.pop()!;
    try {
      entry.resolve(await this.#run({ ...entry.task, scratchArea }, entry.force.signal));
    } catch (thrown) {
      entry.reject(entry.failure ?? lostWorkerError(thrown));
    } finally {
      this.#running.delete(entry);
      this.#freeAreas.push(scratchArea);
      this.#fill();
    }
  }
}

/** What a thread's end means to the training that ran on it. */
export function lostWorkerError(thrown: unknown): EngineError {
  if (thrown instanceof EngineError) return thrown;
  const { code, name, message } = thrown as { code?: unknown; name?: unknown; message?: unknown };
  if (name === 'DataCloneError')
    return internalError(`a broadcast or partial cannot be sent: ${String(message)}`, thrown);
  if (code === 'ERR_WORKER_OUT_OF_MEMORY') {
    return outOfMemory(
      'a training worker ran out of memory',
      'The training was stopped; others were not affected.',
      'Train on fewer rows or columns, or with options that make a smaller model.',
    );
  }
  return engineError(SqlState.systemError, 'a training worker stopped unexpectedly', {
    detail: 'The training was stopped; others were not affected.',
    hint: 'Run the statement again. If it fails again, train on fewer rows and report the log of the server.',
    cause: thrown,
  });
}

function withResolvers<T>(): {
  promise: Promise<T>;
  resolve: (value: T) => void;
  reject: (error: EngineError) => void;
} {
  let resolve!: (value: T) => void;
  let reject!: (error: EngineError) => void;
  const promise = new Promise<T>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}
