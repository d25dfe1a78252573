/**
 * The part of a training's memory that one thread puts small arrays into before the compiled kernel reads them: those
 * that came with a broadcast, and those that go back with a partial.
 */
import { assert } from '../../core/index.ts';
import { HISTOGRAM_COLUMN_BYTES } from './node-search.ts';

/** Bytes for coefficients, trees, thresholds; what does not fit is left to the plain kernel. */
const FIXED_BYTES: number = 96 * 1024;
/** Columns whose histograms are summed at a time: they stay in a core's own cache. */
export const HISTOGRAM_COLUMNS = 64;
/** Most bins of a column, bytes of a bin as it leaves (kernels/assembly/histogram.ts). */
const BINS_MAX = 256;
const BIN_BYTES = 24;
/** Rows that are gathered at a time, and bytes of one's gradient and hessian (kernels/assembly/histogram.ts). */
const BLOCK_ROWS = 1024;
const VALUE_BYTES = 16;
const ALIGNMENT = 64;

/** Bytes for a histogram of so many columns as it leaves, or for the rows that are gathered for it. */
export function histogramOutputBytes(columns: number): number {
  const gathered = BLOCK_ROWS * (VALUE_BYTES + Math.ceil(columns / 8) * 8);
  return Math.max(columns * BINS_MAX * BIN_BYTES, gathered);
}

/**
 * Bytes that a thread needs, for so many columns of bins, partitions of at most so many rows, and so many bytes to work
 * on a block of rows.
 */
export function kernelScratchBytes(
  binColumns: number,
  partitionRows: number,
  blockBytes: number = 0,
): number {
  const columns = Math.min(binColumns, HISTOGRAM_COLUMNS);
  const histogramBytes = columns * HISTOGRAM_COLUMN_BYTES + histogramOutputBytes(columns);
  const bytes = Math.max(blockBytes, FIXED_BYTES + Math.max(histogramBytes, 4 * partitionRows));
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}

type Numbers = Float64Array | Float32Array | Int32Array | Uint8Array;

/** Gives out addresses one after the other until it is reset. */
export class KernelScratch {
  readonly buffer: ArrayBufferLike;
  readonly #start: number;
  readonly #end: number;
  #next: number;

  constructor(buffer: ArrayBufferLike, start: number, bytes: number) {
    this.buffer = buffer;
    this.#start = start;
    this.#end = start + bytes;
    this.#next = start;
  }

  get freeBytes(): number {
    return this.#end - this.#next;
  }

  reset(): this {
    this.#next = this.#start;
    return this;
  }

  take(bytes: number): number {
    const address = this.#next;
    this.#next += Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
    assert(this.#next <= this.#end, 'the scratch area of a kernel is large enough');
    return address;
  }

  /** Room for so many numbers, with whatever is there. */
  numbers(count: number): Float64Array {
    return new Float64Array(this.buffer, this.take(8 * count), count);
  }

  /** Where the array lies: its own place in the memory, or that of a copy. */
  place(array: Numbers): number {
    if (this.owns(array)) return array.byteOffset;
    const address = this.take(array.byteLength);
    new Uint8Array(this.buffer, address, array.byteLength).set(
      new Uint8Array(array.buffer, array.byteOffset, array.byteLength),
    );
    return address;
  }

  owns(array: Numbers): boolean {
    return array.buffer === this.buffer;
  }
}
