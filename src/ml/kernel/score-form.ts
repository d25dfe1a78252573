/** What the compiled kernel scores with: a model's program, and rows that it is run over (kernels/assembly/score*.ts). */
import type { ScoreArena } from './score-arena.ts';
import type { KernelExports } from './wasm-module.ts';

/** Rows of a block: one call of the kernel. */
export const SCORE_BLOCK_ROWS = 512;
/** Rows that are copied into the memory at a time. */
export const SCORE_CHUNK_ROWS = 2048;
/** Threads that may score one chunk. */
export const SCORE_THREADS_MAX = 4;
/** First word of a program. */
export const treeProgram = 0;
export const linearProgram = 1;

/** A model as the kernel reads it. */
export interface ScoreForm {
  /** Bytes of the program and of everything it points to. */
  readonly bytes: number;
  /** Bytes that a thread needs beside. */
  readonly workBytes: number;
  /** Columns of numbers. */
  readonly columnCount: number;
  /** Sums of a row. */
  readonly outputs: number;
  /** Rows from which on it pays to wake a second thread. */
  readonly sharedRowsMin: number;
  /** Writes all that to an address that is a multiple of 64. */
  write(buffer: SharedArrayBuffer, address: number): void;
}

/** Where a form lies, and room for a chunk of rows behind it. */
export interface PlacedForm {
  readonly program: number;
  /** First thread's work area; they follow each other `workBytes` apart. */
  readonly work: number;
  readonly workBytes: number;
  readonly values: number;
  readonly sums: number;
}

/** Rows to score: addresses and distances in bytes. */
export interface ScoreJob extends PlacedForm {
  /** Between neighbouring values of a row and of a column; linear programs want 8 for the latter. */
  readonly columnBytes: number;
  readonly rowBytes: number;
  readonly rowCount: number;
  readonly outputs: number;
  /** Rows from which on the job is shared. */
  readonly sharedRowsMin: number;
}

/** Bytes from one column of a chunk to the next: the kernel reads a row behind an odd last one. */
export const CHUNK_COLUMN_BYTES: number = (SCORE_CHUNK_ROWS + 2) * 8;

const aligned = (bytes: number): number => Math.ceil(bytes / 64) * 64;

function placesOf(form: ScoreForm): PlacedForm & { readonly bytes: number } {
  const workBytes = aligned(form.workBytes);
  const work = aligned(form.bytes);
  const values = work + SCORE_THREADS_MAX * workBytes;
  const sums = values + aligned(form.columnCount * CHUNK_COLUMN_BYTES);
  return { program: 0, work, workBytes, values, sums, bytes: sums + SCORE_CHUNK_ROWS * form.outputs * 8 };
}

/** Whether the arena is large enough for a form. */
export function fitsArena(arena: ScoreArena, form: ScoreForm): boolean {
  return arena.takes(placesOf(form).bytes);
}

/** The form in the arena; written if it is not there. */
export function placeForm(arena: ScoreArena, form: ScoreForm): PlacedForm {
  const { bytes, ...places } = placesOf(form);
  const address = arena.place(form, bytes, (buffer, start) => form.write(buffer, start));
  return {
    program: address,
    work: address + places.work,
    workBytes: places.workBytes,
    values: address + places.values,
    sums: address + places.sums,
  };
}

/** Blocks of a job. */
export function blockCount(job: ScoreJob): number {
  return Math.ceil(job.rowCount / SCORE_BLOCK_ROWS);
}

/** Scores one block, as the thread of that number. */
export function scoreBlock(
  kernel: KernelExports,
  kind: number,
  job: ScoreJob,
  block: number,
  thread: number,
): void {
  const first = block * SCORE_BLOCK_ROWS;
  const count = Math.min(SCORE_BLOCK_ROWS, job.rowCount - first);
  const values = job.values + first * job.rowBytes;
  const work = job.work + thread * job.workBytes;
  const sums = job.sums + first * job.outputs * 8;
  if (kind === linearProgram) kernel.scoreLinear(job.program, values, job.columnBytes, count, work, sums);
  else kernel.scoreTrees(job.program, values, job.columnBytes, job.rowBytes, count, work, sums);
}

/** Who scores jobs. */
export interface ScoreThreads {
  /** Scores all blocks of a job in the arena of the calling thread. */
  run(arena: ScoreArena, job: ScoreJob): void;
}

/** The calling thread alone. */
export const ownThread: ScoreThreads = {
  run(arena, job) {
    const kind = new Int32Array(arena.buffer, job.program, 1)[0]!;
    for (let block = 0; block < blockCount(job); block++) scoreBlock(arena.kernel, kind, job, block, 0);
  },
};
