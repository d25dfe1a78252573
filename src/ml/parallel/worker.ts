/** Entry of a training thread: attach to the memory, find the pass, accumulate, answer. */
import { BroadcastChannel, workerData } from 'node:worker_threads';
import { move, transferableSymbol, valueSymbol } from 'piscina';
import { internalError, queryCanceled } from '../../core/index.ts';
import type { AnyPass, PassContext } from '../aggregate.ts';
import { scalarKernel } from '../kernel/scalar-kernel.ts';
import { findPass } from '../registry.ts';
import { accumulateRange } from './accumulate-range.ts';
import { noteDeadMemory } from './garbage.ts';
import {
  failureOf,
  shapeOf,
  type PassAnswer,
  type PassTask,
  type ReleaseMessage,
  type WorkerSetup,
} from './message.ts';
import { movableBuffers } from './movable-buffers.ts';
import { TrainingMemory } from './training-memory.ts';

const setup = workerData as WorkerSetup;
/** Memories of open trainings that this thread has worked for. */
const attached = new Map<number, TrainingMemory>();
const furtherPasses: Promise<ReadonlyMap<string, AnyPass>> = loadFurtherPasses();

const channel = new BroadcastChannel(setup.channelName);
channel.onmessage = (event: unknown): void => {
  const { id, bytes } = (event as { data: ReleaseMessage }).data;
  if (attached.delete(id)) noteDeadMemory(bytes);
};
channel.unref();

/**
 * Runs one task. Never throws: failures are part of the answer, because a thrown error would lose its fields.
 */
export async function runTask(task: PassTask): Promise<unknown> {
  try {
    const partial = accumulate(task, await passNamed(task.passName));
    const answer: PassAnswer = { kind: 'partial', partial };
    return move({ [transferableSymbol]: movableBuffers(partial), [valueSymbol]: answer });
  } catch (thrown) {
    return { kind: 'failure', failure: failureOf(thrown) } satisfies PassAnswer;
  }
}

function accumulate(task: PassTask, pass: AnyPass): unknown {
  const memory = attach(task);
  const context: PassContext = {
    kernel: scalarKernel,
    checkpoint: () => {
      if (memory.isStopRequested) throw queryCanceled();
    },
  };
  memory.countTask(1);
  try {
    return accumulateRange(pass, task.broadcast, memory.partitions(task.split), task.range, context);
  } finally {
    memory.countTask(-1);
  }
}

function attach(task: PassTask): TrainingMemory {
  const { id, holder, shape } = task.attachment;
  let memory = attached.get(id);
  if (memory === undefined) {
    memory = new TrainingMemory(shapeOf(shape), holder);
    attached.set(id, memory);
  }
  memory.adoptWorkspaces(task.workspaces);
  return memory;
}

async function passNamed(name: string): Promise<AnyPass> {
  const pass = findPass(name) ?? (await furtherPasses).get(name);
  if (pass === undefined) throw internalError(`pass ${name} is not registered`);
  return pass;
}

async function loadFurtherPasses(): Promise<ReadonlyMap<string, AnyPass>> {
  if (setup.passModule === undefined) return new Map();
  const { passes } = (await import(setup.passModule)) as { passes: readonly AnyPass[] };
  return new Map(passes.map((pass) => [pass.name, pass]));
}
