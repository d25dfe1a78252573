/** What travels between the pool and its threads. Everything survives a structured clone. */
import { EngineError, toEngineError, type ErrorFields } from '../../core/index.ts';
import type { Split } from '../dataset.ts';
import type { MemoryShape, WorkspacePlan } from './memory-plan.ts';
import type { PartitionRange } from './merge-tree.ts';
import type { MemoryHolder } from './training-memory.ts';

/** How a thread finds the memory of a training: all by reference, so that a task stays small. */
export interface TrainingAttachment {
  readonly id: number;
  /** Left out where the thread is likely to have it: to send a memory costs more than all the rest. */
  readonly holder: MemoryHolder | undefined;
  /** The shape as UTF-8 JSON: read once a thread, however many tasks follow. */
  readonly shape: SharedArrayBuffer;
}

/** One task: a pass over some partitions. */
export interface PassTask {
  readonly attachment: TrainingAttachment;
  readonly workspaces: readonly WorkspacePlan[];
  readonly passName: string;
  readonly broadcast: unknown;
  readonly split: Split;
  readonly range: PartitionRange;
  /** Number of the scratch area that the task may use: no other task that runs has it. */
  readonly scratchArea: number;
}

/** A task that does nothing but start its thread. */
export const WARM_UP = 'warm up';

/** An error without its class, which a clone would lose. */
export interface FailureMessage extends Omit<ErrorFields, 'cause'> {
  readonly message: string;
  /** For the log only. */
  readonly stack: string | undefined;
}

/** What a task gives back. */
export type PassAnswer =
  | { readonly kind: 'partial'; readonly partial: unknown }
  | { readonly kind: 'failure'; readonly failure: FailureMessage }
  /** The thread does not have the memory, so the task has not begun: it is to be sent again with it. */
  | { readonly kind: 'unattached' };

/** What a thread is told when it starts. */
export interface WorkerSetup {
  /** Name of the broadcast channel on which ended trainings are announced. */
  readonly channelName: string;
  /** Address of a module that exports further `passes`. */
  readonly passModule: string | undefined;
}

/** Announcement that a training ended: let go of its memory. */
export interface ReleaseMessage {
  readonly id: number;
  readonly bytes: number;
}

/** A thrown thing, ready to travel. */
export function failureOf(thrown: unknown): FailureMessage {
  const error = toEngineError(thrown);
  const { state, position, detail, hint } = error.fields();
  const stack = thrown instanceof Error ? thrown.stack : undefined;
  return { message: error.message, state, position, detail, hint, stack };
}

/** The error again, with the thread's stack as its cause. */
export function errorOf({ message, stack, ...fields }: FailureMessage): EngineError {
  return new EngineError(message, { ...fields, cause: stack });
}

/** A shape as shared bytes. */
export function shapeBytes(shape: MemoryShape): SharedArrayBuffer {
  const bytes = new TextEncoder().encode(JSON.stringify(shape));
  const shared = new SharedArrayBuffer(bytes.byteLength);
  new Uint8Array(shared).set(bytes);
  return shared;
}

/** The shape of shared bytes. */
export function shapeOf(shared: SharedArrayBuffer): MemoryShape {
  return JSON.parse(new TextDecoder().decode(Uint8Array.from(new Uint8Array(shared)))) as MemoryShape;
}
