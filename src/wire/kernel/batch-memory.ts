/** A batch as the kernel reads it: its columns copied into the kernel's memory, and room for what is written. */
import type { Batch, Utf8Texts, Value, Vector } from '../../core/index.ts';
import { MessageWriter } from '../message/writer.ts';
import { type ColumnPlan, fits } from './column-plan.ts';
import { type WireKernel, wireKernel } from './wire-module.ts';

const COLUMN_BYTES = 32;
/** Bytes that one call of the kernel writes at most. */
const OUTPUT_BYTES = 128 * 1024;
/** Batches with more text are left to the plain encoder, so that the kernel's memory stays small. */
const TEXT_BYTES_MAX = 16 * 1024 * 1024;
/** Fewer rows are written faster without the kernel. */
export const KERNEL_ROWS_MIN = 32;

export class BatchMemory {
  readonly #batch: Batch;
  readonly #plans: readonly ColumnPlan[];
  readonly #texts: readonly (Utf8Texts | undefined)[];
  readonly #isForced: readonly boolean[] | undefined;
  readonly #extra: Uint8Array;

  private constructor(
    batch: Batch,
    plans: readonly ColumnPlan[],
    texts: readonly (Utf8Texts | undefined)[],
    isForced: readonly boolean[] | undefined,
    extra: Uint8Array,
  ) {
    this.#batch = batch;
    this.#plans = plans;
    this.#texts = texts;
    this.#isForced = isForced;
    this.#extra = extra;
  }

  /**
   * Makes what texts the plans want; undefined when the batch is not for the kernel. `isForced`: columns that CSV quotes
   * always. `extra`: bytes of the caller's that the kernel is to find beside the columns.
   */
  static of(
    batch: Batch,
    plans: readonly ColumnPlan[],
    isForced?: readonly boolean[],
    extra: Uint8Array = new Uint8Array(0),
  ): BatchMemory | undefined {
    if (!plans.every((plan, index) => fits(plan, batch.columns[index]!))) return undefined;
    const texts = plans.map((plan, index) =>
      plan.array === undefined ? textsOf(batch.columns[index]!, batch.rowCount, plan.textOf) : undefined,
    );
    const textBytes = texts.reduce((sum, text) => sum + (text?.heap.length ?? 0), 0);
    if (textBytes > TEXT_BYTES_MAX) return undefined;
    return new BatchMemory(batch, plans, texts, isForced, extra);
  }

  /**
   * Writes rows by the kernel's function `put`; gives the first row that was not, because it alone is longer than what
   * the kernel writes at once.
   */
  write(
    firstRow: number,
    lastRow: number,
    put: (kernel: WireKernel, place: Place, row: number) => number,
    target: MessageWriter,
  ): number {
    const kernel = wireKernel();
    if (!(kernel.content instanceof Loaded) || kernel.content.owner !== this) this.#load(kernel);
    const { place } = kernel.content as Loaded;
    for (let row = firstRow; row < lastRow;) {
      const next = put(kernel, place, row);
      if (next === row) return row;
      row = next;
      target.bytes(kernel.bytes.subarray(place.outputAt, kernel.exports.writtenTo()));
    }
    return lastRow;
  }

  #load(kernel: WireKernel): void {
    kernel.reset();
    const columns = new Int32Array((this.#plans.length * COLUMN_BYTES) / 4);
    this.#plans.forEach((plan, index) => {
      const column = this.#batch.columns[index]!;
      const { nulls } = column;
      const texts = this.#texts[index];
      const at = (index * COLUMN_BYTES) / 4;
      columns[at] = plan.kind;
      columns[at + 1] = kernel.put(texts?.starts ?? (column.values as unknown as ArrayBufferView));
      columns[at + 2] = nulls === undefined ? 0 : kernel.put(nulls);
      if (texts !== undefined) {
        columns[at + 3] = kernel.put(texts.lengths);
        columns[at + 4] = kernel.put(texts.heap);
      }
      columns[at + 5] = this.#isForced?.[index] === true ? 1 : 0;
    });
    const columnsAt = kernel.put(columns);
    const extraAt = kernel.put(this.#extra);
    const outputAt = kernel.reserve(OUTPUT_BYTES);
    const place = {
      columnsAt,
      columnCount: this.#plans.length,
      extraAt,
      outputAt,
      limit: outputAt + OUTPUT_BYTES,
    };
    kernel.content = new Loaded(this, place);
  }
}

/** Where things are in the kernel's memory. */
export interface Place {
  readonly columnsAt: number;
  readonly columnCount: number;
  readonly extraAt: number;
  readonly outputAt: number;
  readonly limit: number;
}

class Loaded {
  readonly owner: BatchMemory;
  readonly place: Place;

  constructor(owner: BatchMemory, place: Place) {
    this.owner = owner;
    this.place = place;
  }
}

function textsOf(vector: Vector, rowCount: number, textOf: (value: Value) => string): Utf8Texts {
  if (vector.utf8 !== undefined && textOf === String) return vector.utf8;
  const writer = new MessageWriter(rowCount * 16);
  const starts = new Uint32Array(rowCount);
  const lengths = new Uint32Array(rowCount);
  const { values, nulls } = vector;
  for (let row = 0; row < rowCount; row++) {
    if (nulls?.[row] === 1) continue;
    starts[row] = writer.length;
    writer.string(textOf(values[row] as Value));
    lengths[row] = writer.length - starts[row]!;
  }
  return { heap: writer.take(), starts, lengths };
}
