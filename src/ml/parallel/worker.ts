/** Entry of a training thread: attach to the memory, find the pass, accumulate, answer. */
import { BroadcastChannel, workerData } from 'node:worker_threads';
import { move, transferableSymbol, valueSymbol } from 'piscina';
import { internalError, queryCanceled } from '../../core/index.ts';
import type { AnyPass, PassContext } from '../aggregate.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { createWasmKernel } from '../kernel/wasm-kernel.ts';
import { compileKernel } from '../kernel/wasm-module.ts';
import { findPass, restoreModel } from '../registry.ts';
import { accumulateRange } from './accumulate-range.ts';
import { noteDeadMemory } from './garbage.ts';
import {
  failureOf,
  shapeOf,
  WARM_UP,
  type PassAnswer,
  type PassTask,
  type ReleaseMessage,
  type WorkerSetup,
} from './message.ts';
import { movableBuffers } from './movable-buffers.ts';
import { TrainingMemory } from './training-memory.ts';
import type { WasmMemory } from './wasm-memory.ts';

const setup = workerData as WorkerSetup;
interface Attached {
  readonly memory: TrainingMemory;
  /** One kernel a scratch area that this thread has had. */
  readonly kernels: Map<number, Kernel>;
}

/** Memories of open trainings that this thread has worked for. */
const attached = new Map<number, Attached>();
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
export async function runTask(task: PassTask | typeof WARM_UP): Promise<unknown> {
  if (task === WARM_UP) {
    compileKernel();
    return undefined;
  }
  try {
    const pass = await passNamed(task.passName);
    const attachment = attach(task);
    if (attachment === undefined) return { kind: 'unattached' } satisfies PassAnswer;
    const partial = accumulate(task, pass, attachment);
    const answer: PassAnswer = { kind: 'partial', partial };
    return move({ [transferableSymbol]: movableBuffers(partial), [valueSymbol]: answer });
  } catch (thrown) {
    return { kind: 'failure', failure: failureOf(thrown) } satisfies PassAnswer;
  }
}

function accumulate(task: PassTask, pass: AnyPass, { memory, kernels }: Attached): unknown {
  memory.countTask(1);
  try {
    const context: PassContext = {
      kernel: kernelOf(memory, kernels, task.scratchArea),
      restore: restoreModel,
      area: (name) => memory.area(name),
      checkpoint: () => {
        if (memory.isStopRequested) throw queryCanceled();
      },
    };
    return accumulateRange(pass, task.broadcast, memory.partitions(task.split), task.range, context);
  } finally {
    memory.countTask(-1);
  }
}

function kernelOf(memory: TrainingMemory, kernels: Map<number, Kernel>, area: number): Kernel {
  let kernel = kernels.get(area);
  if (kernel === undefined) {
    const { address, bytes } = memory.scratch(area);
    kernel = createWasmKernel(memory.holder as WasmMemory, address, bytes);
    kernels.set(area, kernel);
  }
  return kernel;
}

/** The memory of a task's training; undefined if this thread has not been sent it. */
function attach(task: PassTask): Attached | undefined {
  const { id, holder, shape } = task.attachment;
  let known = attached.get(id);
  if (known === undefined) {
    if (holder === undefined) return undefined;
    known = { memory: new TrainingMemory(shapeOf(shape), holder), kernels: new Map() };
    attached.set(id, known);
  }
  known.memory.adoptWorkspaces(task.workspaces);
  return known;
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
