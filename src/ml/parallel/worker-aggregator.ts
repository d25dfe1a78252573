/** Runs the passes of one training on the pool's threads, and merges what they answer in partition order. */
import { setImmediate } from 'node:timers/promises';
import { CANCEL_GRACE_MS, internalError, toEngineError, type EngineError } from '../../core/index.ts';
import type { Aggregator, Pass } from '../aggregate.ts';
import type { Split, WorkspaceKind } from '../dataset.ts';
import { OrderedMerge } from '../ordered-merge.ts';
import { subtrees, type PartitionRange } from './merge-tree.ts';
import { errorOf, shapeBytes, type PassAnswer, type TrainingAttachment } from './message.ts';
import type { TaskScheduler } from './task-scheduler.ts';
import type { TrainingMemory } from './training-memory.ts';

/** Milliseconds in which a task that was sent to a thread has begun, unless the thread is still starting. */
const TASK_BEGIN_MS = 30;

export class WorkerAggregator implements Aggregator {
  readonly #memory: TrainingMemory;
  readonly #scheduler: TaskScheduler;
  readonly #attachment: TrainingAttachment;
  readonly threadCount: number;
  #stopError: EngineError | undefined;
  #killTimer: NodeJS.Timeout | undefined;
  #activeRuns = 0;
  #taskCount = 0;
  readonly #idleCallbacks: (() => void)[] = [];

  constructor(id: number, memory: TrainingMemory, scheduler: TaskScheduler, threadCount: number) {
    this.#memory = memory;
    this.#scheduler = scheduler;
    this.#attachment = { id, holder: memory.holder, shape: shapeBytes(memory.shape) };
    this.threadCount = threadCount;
  }

  run<Broadcast, Partial>(
    pass: Pass<Broadcast, Partial>,
    broadcast: Broadcast,
    split: Split = 'training',
  ): Promise<Partial> {
    return this.#run(
      pass,
      broadcast,
      split,
      subtrees(this.#memory.partitions(split).length, this.threadCount),
    );
  }

  runWhole<Broadcast, Partial>(pass: Pass<Broadcast, Partial>, broadcast: Broadcast): Promise<Partial> {
    const count = this.#memory.partitions('training').length;
    return this.#run(pass, broadcast, 'training', [{ first: 0, count }]);
  }

  runTogether<Broadcast, Partial>(pass: Pass<Broadcast, Partial>, broadcast: Broadcast): Promise<Partial> {
    const count = this.#memory.partitions('training').length;
    const ranges = Array.from({ length: this.threadCount }, () => ({ first: 0, count }));
    return this.#run(pass, broadcast, 'training', ranges, true);
  }

  get freeBytes(): number {
    return this.#memory.freeBytes;
  }

  async #run<Broadcast, Partial>(
    pass: Pass<Broadcast, Partial>,
    broadcast: Broadcast,
    split: Split,
    ranges: readonly PartitionRange[],
    areTogether = false,
  ): Promise<Partial> {
    this.#throwIfStopped();
    this.#activeRuns++;
    try {
      // All tasks are waited for even when one fails, so that none still works on the memory afterwards.
      const tasks = this.#submit(pass.name, broadcast, split, ranges);
      if (areTogether) await this.#stopWithFirst(tasks);
      const outcomes = await Promise.allSettled(tasks);
      this.#throwIfStopped();
      const merged = new OrderedMerge<Partial>((left, right) => pass.merge(left, right));
      for (const outcome of outcomes) merged.add(partialOf<Partial>(outcome));
      return merged.finish() as Partial;
    } finally {
      this.#activeRuns--;
      if (this.#activeRuns === 0) this.#settle();
    }
  }

  /** Ends the training when one of the tasks fails: the others may wait for what it was to do. */
  async #stopWithFirst(tasks: readonly Promise<PassAnswer>[]): Promise<void> {
    const watch = async (task: Promise<PassAnswer>): Promise<void> => {
      try {
        const answer = await task;
        if (answer.kind === 'failure') this.stop(errorOf(answer.failure));
      } catch (thrown) {
        this.stop(toEngineError(thrown));
      }
    };
    await Promise.all(tasks.map(watch));
  }

  allocate(name: string, kind: WorkspaceKind, perRow: number): void {
    this.#memory.allocate(name, kind, perRow);
  }

  allocateArea(name: string, bytes: number): Uint8Array {
    return this.#memory.allocateArea(name, bytes);
  }

  async checkpoint(): Promise<void> {
    this.#throwIfStopped();
    await setImmediate();
    this.#throwIfStopped();
  }

  /** Ends the training: passes stop at their next checkpoint, and after a grace their threads are killed. */
  stop(error: EngineError): void {
    if (this.#stopError !== undefined) return;
    this.#stopError = error;
    this.#memory.requestStop();
    this.#scheduler.drop(this.#attachment.id, error);
    if (this.#activeRuns === 0) return;
    const kill = (): void => this.#scheduler.kill(this.#attachment.id, error);
    this.#killTimer = setTimeout(() => {
      // Nobody to wait for: the tasks sit in front of threads that are still starting.
      if (this.#memory.activeTaskCount === 0) kill();
      else this.#killTimer = setTimeout(kill, CANCEL_GRACE_MS - TASK_BEGIN_MS);
    }, TASK_BEGIN_MS);
  }

  /** Calls back when no task runs any more, at once if none does. */
  whenIdle(callback: () => void): void {
    this.#idleCallbacks.push(callback);
    if (this.#activeRuns === 0) this.#settle();
  }

  #settle(): void {
    clearTimeout(this.#killTimer);
    for (const callback of this.#idleCallbacks.splice(0)) callback();
  }

  #submit(
    passName: string,
    broadcast: unknown,
    split: Split,
    ranges: readonly PartitionRange[],
  ): readonly Promise<PassAnswer>[] {
    const { workspaces } = this.#memory;
    return ranges.map(async (range) => {
      const task = { workspaces, passName, broadcast, split, range };
      const { id } = this.#attachment;
      const isFirst = this.#taskCount++ < this.threadCount;
      const attachment = isFirst ? this.#attachment : { ...this.#attachment, holder: undefined };
      const answer = await this.#scheduler.submit(id, { ...task, attachment });
      if (answer.kind !== 'unattached') return answer;
      this.#throwIfStopped();
      return this.#scheduler.submit(id, { ...task, attachment: this.#attachment });
    });
  }

  #throwIfStopped(): void {
    if (this.#stopError !== undefined) throw this.#stopError;
  }
}

function partialOf<Partial>(outcome: PromiseSettledResult<PassAnswer>): Partial {
  if (outcome.status === 'rejected') throw outcome.reason;
  if (outcome.value.kind === 'failure') throw errorOf(outcome.value.failure);
  if (outcome.value.kind === 'unattached')
    throw internalError('a thread has not kept the memory it was sent');
  return outcome.value.partial as Partial;
}
