/**
 * How threads share a job of scoring: words at the start of the arena. Whoever wants a block takes its number by an
 * exchange of the claim word, which also holds the number of the job: so it succeeds only while that job is open, and
 * what was read of it before still holds.
 */
import type { ScoreArena } from '../kernel/score-arena.ts';
import { blockCount, scoreBlock, type ScoreJob } from '../kernel/score-form.ts';
import type { KernelExports } from '../kernel/wasm-module.ts';

const CLAIM = 0;
const FINISHED = 1;
const WAKE = 2;
const FAILED = 3;
const KIND = 4;
const FIRST_FIELD = 5;
const fields = [
  'program',
  'work',
  'workBytes',
  'values',
  'sums',
  'columnBytes',
  'rowBytes',
  'rowCount',
  'outputs',
] as const satisfies readonly (keyof ScoreJob)[];
/** Blocks of a job at most: they share a word with the job's number. */
export const BLOCKS_MAX = 0xffff;
const JOB_STEP = 0x10000;

/** The words of a memory. */
export function controlWords(buffer: SharedArrayBuffer, address: number): Int32Array {
  return new Int32Array(buffer, address, FIRST_FIELD + fields.length);
}

function readJob(words: Int32Array): ScoreJob {
  return Object.fromEntries(
    fields.map((name, index) => [name, words[FIRST_FIELD + index]!]),
  ) as unknown as ScoreJob;
}

/** Number of a block that is now the caller's, or -1 when none is left. */
function claimBlock(words: Int32Array, claim: number, blocks: number): number {
  let known = claim;
  for (;;) {
    const block = known & BLOCKS_MAX;
    if (block >= blocks) return -1;
    const seen = Atomics.compareExchange(words, CLAIM, known, known + 1);
    if (seen === known) return block;
    if ((seen ^ known) & ~BLOCKS_MAX) return -1;
    known = seen;
  }
}

/** Scores blocks of the open job, if there is one, until none is left. For helping threads. */
export function helpScoring(words: Int32Array, kernel: KernelExports, thread: number): void {
  for (;;) {
    const claim = Atomics.load(words, CLAIM);
    const [kind, job] = [words[KIND]!, readJob(words)];
    const block = claimBlock(words, claim, blockCount(job));
    if (block < 0) return;
    try {
      scoreBlock(kernel, kind, job, block, thread);
    } catch {
      Atomics.store(words, FAILED, 1);
    }
    Atomics.add(words, FINISHED, 1);
    Atomics.notify(words, FINISHED);
  }
}

/** Waits for a job after `seen`; gives the new number, or undefined when none came in so many milliseconds. */
export function waitForJob(words: Int32Array, seen: number, milliseconds: number): number | undefined {
  const answer = Atomics.wait(words, WAKE, seen, milliseconds);
  return answer === 'timed-out' ? undefined : Atomics.load(words, WAKE);
}

/** The number of the last job. */
export function lastJob(words: Int32Array): number {
  return Atomics.load(words, WAKE);
}

/** Wakes all threads without a job, so that they look whether they are to end. */
export function wakeThreads(words: Int32Array): void {
  Atomics.add(words, WAKE, 1);
  Atomics.notify(words, WAKE);
}

/** Opens a job to other threads, scores along as thread 0, and waits for theirs. Gives whether all went well. */
export function shareJob(words: Int32Array, arena: ScoreArena, job: ScoreJob): boolean {
  const kind = new Int32Array(arena.buffer, job.program, 1)[0]!;
  const blocks = blockCount(job);
  words[KIND] = kind;
  fields.forEach((name, index) => (words[FIRST_FIELD + index] = job[name]));
  Atomics.store(words, FINISHED, 0);
  Atomics.store(words, FAILED, 0);
  const claim = ((Atomics.load(words, CLAIM) & ~BLOCKS_MAX) + JOB_STEP) | 0;
  Atomics.store(words, CLAIM, claim);
  wakeThreads(words);
  let own = 0;
  for (let block = claimBlock(words, claim, blocks); block >= 0; own++) {
    scoreBlock(arena.kernel, kind, job, block, 0);
    block = claimBlock(words, Atomics.load(words, CLAIM), blocks);
  }
  for (let done = Atomics.load(words, FINISHED); done < blocks - own; done = Atomics.load(words, FINISHED)) {
    Atomics.wait(words, FINISHED, done);
  }
  return Atomics.load(words, FAILED) === 0;
}
