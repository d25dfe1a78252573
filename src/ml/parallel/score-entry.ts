/** Entry of a thread that helps to score: waits for jobs in the arena it was given, and ends when none comes. */
import { workerData } from 'node:worker_threads';
import { instantiateKernel } from '../kernel/wasm-module.ts';
import { controlWords, helpScoring, lastJob, waitForJob } from './score-control.ts';
import type { WasmMemory } from './wasm-memory.ts';

/** What such a thread is told. */
export interface ScoringThreadSetup {
  readonly memory: WasmMemory;
  readonly controlAddress: number;
  /** Number among the threads; 0 is the one that opens jobs. */
  readonly thread: number;
  readonly idleMilliseconds: number;
  /** One word: not 0 when the thread is to end. */
  readonly stop: Int32Array;
}

const { memory, controlAddress, thread, idleMilliseconds, stop } = workerData as ScoringThreadSetup;
const words = controlWords(memory.buffer, controlAddress);
const kernel = instantiateKernel(memory);
let seen: number | undefined = lastJob(words);
while (seen !== undefined && Atomics.load(stop, 0) === 0) {
  helpScoring(words, kernel, thread);
  seen = waitForJob(words, seen, idleMilliseconds);
}
