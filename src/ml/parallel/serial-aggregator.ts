/**
 * Runs passes on this thread, over any training memory: for tests, small data, and as the oracle of the
 * parallel one.
 */
import { setImmediate } from 'node:timers/promises';
import { assert } from '../../core/index.ts';
import type { Aggregator, Pass, PassContext } from '../aggregate.ts';
import type { Split, WorkspaceKind } from '../dataset.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { restoreModel } from '../registry.ts';
import { accumulateRange } from './accumulate-range.ts';
import { throwIfCancelled } from './cancellation.ts';
import type { TrainingMemory } from './training-memory.ts';

export class SerialAggregator implements Aggregator {
  readonly threadCount = 1;
  readonly #memory: TrainingMemory;
  readonly #signal: AbortSignal;
  readonly #context: PassContext;

  constructor(memory: TrainingMemory, kernel: Kernel, signal: AbortSignal) {
    this.#memory = memory;
    this.#signal = signal;
    this.#context = {
      kernel,
      restore: restoreModel,
      area: (name) => memory.area(name),
      checkpoint: () => throwIfCancelled(signal),
    };
  }

  async run<Broadcast, Partial>(
    pass: Pass<Broadcast, Partial>,
    broadcast: Broadcast,
    split: Split = 'training',
  ): Promise<Partial> {
    await this.checkpoint();
    const partitions = this.#memory.partitions(split);
    const range = { first: 0, count: partitions.length };
    const partial = accumulateRange(pass, broadcast, partitions, range, this.#context);
    assert(partial !== undefined, 'a split has at least one partition');
    return partial as Partial;
  }

  runWhole<Broadcast, Partial>(pass: Pass<Broadcast, Partial>, broadcast: Broadcast): Promise<Partial> {
    return this.run(pass, broadcast);
  }

  runTogether<Broadcast, Partial>(pass: Pass<Broadcast, Partial>, broadcast: Broadcast): Promise<Partial> {
    return this.run(pass, broadcast);
  }

  get freeBytes(): number {
    return this.#memory.freeBytes;
  }

  allocate(name: string, kind: WorkspaceKind, perRow: number): void {
    this.#memory.allocate(name, kind, perRow);
  }

  allocateArea(name: string, bytes: number): Uint8Array {
    return this.#memory.allocateArea(name, bytes);
  }

  async checkpoint(): Promise<void> {
    throwIfCancelled(this.#signal);
    await setImmediate();
    throwIfCancelled(this.#signal);
  }
}
