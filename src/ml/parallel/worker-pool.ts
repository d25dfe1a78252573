/**
 * The threads that train, the memory they may take, and what happens when one of them is lost.
 *
 * Threads start with the first task (or when told to) and end when idle, so an idle engine has none and a process can exit. A
 * training is cancelled by a flag in its memory that passes check; a thread that does not look is killed
 * after a grace and replaced. A thread that dies takes its own training along and nothing else.
 */
import { BroadcastChannel } from 'node:worker_threads';
import { Piscina } from 'piscina';
import { Log, SqlState, assert, engineError } from '../../core/index.ts';
import { cancellationError, throwIfCancelled } from './cancellation.ts';
import { collectGarbage, noteDeadMemory } from './garbage.ts';
import { MemoryBudget } from './memory-budget.ts';
import { WARM_UP, type PassAnswer, type PassTask, type ReleaseMessage, type WorkerSetup } from './message.ts';
import { TaskScheduler, lostWorkerError } from './task-scheduler.ts';
import { checkedMemoryBytes, TrainingMemory } from './training-memory.ts';
import { datasetOf, memoryShapeOf, type Training, type TrainingRequest } from './training.ts';
import { WorkerAggregator } from './worker-aggregator.ts';
import { workerAddress } from './worker-address.ts';

/** Milliseconds after which an idle thread ends. */
const IDLE_MS = 30_000;
/** Heap of a thread in MB unless an option says otherwise; the rows are not in it. */
const THREAD_HEAP_MB = 2_048;

export interface WorkerPoolOptions {
  /** Threads at most, at least 1. */
  readonly threads: number;
  /** Bytes that the memories of all trainings together may take. */
  readonly memoryBytes: number;
  /** Address of a module exporting `passes: Pass[]`, found by the threads beside those of the registry. */
  readonly passModule?: string | undefined;
  readonly log?: Log | undefined;
  /** JavaScript heap of one thread in MB; partials that are typed arrays are not in it. */
  readonly threadHeapMegabytes?: number | undefined;
}

export interface WorkerPool {
  readonly threadCount: number;
  /** Bytes that a further training could take now. */
  readonly freeBytes: number;
  /** Threads that live now. */
  readonly liveThreadCount: number;
  /** Starts the threads, if they are not there: they load in the background what their first tasks would wait for. */
  warmUp(): void;
  /**
   * Opens a training with zeroed memory for its rows. Throws 53200 when the budget does not hold it, 54000
   * when no memory could, 57014 when it was cancelled already, 57P01 when the pool is closed.
   */
  openTraining(request: TrainingRequest): Training;
  /**
   * Stops all trainings and threads; resolves when they are gone. Calling it again waits for the same end.
   */
  close(): Promise<void>;
}

/** A pool without a single thread yet. */
export function createWorkerPool(options: WorkerPoolOptions): WorkerPool {
  assert(options.threads >= 1, 'a pool has at least one thread');
  return new PiscinaPool(options);
}

const shutdownError = (): ReturnType<typeof engineError> =>
  engineError(SqlState.adminShutdown, 'terminating training because the engine is closing');

let poolCount = 0;

class PiscinaPool implements WorkerPool {
  readonly threadCount: number;
  readonly #budget: MemoryBudget;
  readonly #scheduler: TaskScheduler;
  readonly #setup: WorkerSetup;
  readonly #log: Log;
  readonly #heapMegabytes: number;
  readonly #channel: BroadcastChannel;
  readonly #trainings = new Map<number, WorkerAggregator>();
  #piscina: Piscina | undefined;
  #closing: Promise<void> | undefined;
  #trainingCount = 0;

  constructor(options: WorkerPoolOptions) {
    this.threadCount = options.threads;
    this.#budget = new MemoryBudget(options.memoryBytes);
    this.#scheduler = new TaskScheduler(this.threadCount, (task, force) => this.#run(task, force));
    this.#setup = {
      channelName: `augur-training-${process.pid}-${++poolCount}`,
      passModule: options.passModule,
    };
    this.#log = options.log ?? new Log();
    this.#heapMegabytes = options.threadHeapMegabytes ?? THREAD_HEAP_MB;
    this.#channel = new BroadcastChannel(this.#setup.channelName);
    this.#channel.unref();
  }

  get freeBytes(): number {
    return this.#budget.freeBytes;
  }

  get liveThreadCount(): number {
    return this.#piscina?.threads.length ?? 0;
  }

  warmUp(): void {
    if (this.#closing !== undefined) return;
    this.#piscina ??= this.#start();
    for (let count = this.#piscina.threads.length; count < this.threadCount; count++) {
      // Whoever needs a thread is told why it cannot start.
      this.#piscina.run(WARM_UP).catch(() => undefined);
    }
  }

  openTraining(request: TrainingRequest): Training {
    if (this.#closing !== undefined) throw shutdownError();
    throwIfCancelled(request.signal);
    const shape = memoryShapeOf(request, this.threadCount);
    const bytes = checkedMemoryBytes(shape, request.workspaceBytes);
    const reservedBytes = bytes + (request.heapBytes ?? 0);
    const memory = this.#allocate(reservedBytes, () =>
      TrainingMemory.create(shape, request.workspaceBytes, true),
    );
    const id = ++this.#trainingCount;
    const aggregator = new WorkerAggregator(id, memory, this.#scheduler, this.threadCount);
    const onAbort = (): void => aggregator.stop(cancellationError(request.signal));
    request.signal.addEventListener('abort', onAbort, { once: true });
    this.#trainings.set(id, aggregator);
    let isDisposed = false;
    const dispose = (): void => {
      if (isDisposed) return;
      isDisposed = true;
      request.signal.removeEventListener('abort', onAbort);
      aggregator.stop(engineError(SqlState.internalError, 'the training has ended'));
      aggregator.whenIdle(() => this.#release(id, bytes, reservedBytes));
    };
    return { memory, dataset: datasetOf(request, memory), aggregator, dispose };
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  #allocate(bytes: number, create: () => TrainingMemory): TrainingMemory {
    this.#budget.reserve(bytes);
    try {
      return create();
    } catch {
      // The address space may still be held by memories that nobody uses any more.
      collectGarbage();
    }
    try {
      return create();
    } catch (thrown) {
      this.#budget.release(bytes);
      throw thrown;
    }
  }

  #release(id: number, bytes: number, reservedBytes: number): void {
    this.#trainings.delete(id);
    this.#budget.release(reservedBytes);
    if (this.#closing === undefined) this.#channel.postMessage({ id, bytes } satisfies ReleaseMessage);
    // Later, when whoever disposed of the training has let go of it, too.
    setTimeout(() => noteDeadMemory(bytes), 50).unref();
  }

  #run(task: PassTask, force: AbortSignal): Promise<PassAnswer> {
    this.#piscina ??= this.#start();
    return this.#piscina.run(task, { signal: force }) as Promise<PassAnswer>;
  }

  #start(): Piscina {
    const piscina = new Piscina({
      filename: workerAddress(),
      name: 'runTask',
      minThreads: 0,
      maxThreads: this.threadCount,
      idleTimeout: IDLE_MS,
      // A thread that waits in its event loop hears that a training ended; in an atomic wait it would not.
      atomics: 'disabled',
      recordTiming: false,
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: this.#heapMegabytes },
      workerData: this.#setup,
    });
    piscina.on('error', (thrown: unknown) => {
      this.#log.write('error', 'a training worker failed outside of a task', { error: String(thrown) });
      // Threads that cannot even start would leave their tasks waiting for ever.
      if (piscina.threads.length === 0) this.#scheduler.kill(undefined, lostWorkerError(thrown));
    });
    return piscina;
  }

  async #close(): Promise<void> {
    const aggregators = [...this.#trainings.values()];
    for (const aggregator of aggregators) aggregator.stop(shutdownError());
    await Promise.all(
      aggregators.map((aggregator) => new Promise<void>((idle) => aggregator.whenIdle(idle))),
    );
    this.#channel.close();
    await this.#piscina?.destroy();
  }
}
