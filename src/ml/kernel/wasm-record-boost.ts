/** The step between two trees by the compiled kernel. */
import type { KernelScratch } from './kernel-scratch.ts';
import { BOOST_BLOCK_RECORDS, boostBlocks, type BoostBlock, type BoostScratch } from './record-boost.ts';
import type { LeafRun, RecordLayout, RecordStep, RecordSums } from './record-kernel.ts';
import { scalarBoostRecords } from './scalar-record-boost.ts';
import { BIN_SET_WORDS } from './tree-kernel.ts';
import type { KernelExports } from './wasm-module.ts';
import { NODE_BYTES } from './wasm-tree-kernel.ts';

/** Bytes of the scratch of a block, with room for alignment. */
const BLOCK_BYTES: number = 32 * BOOST_BLOCK_RECORDS;

export function wasmBoostRecords(
  compiled: KernelExports,
  scratch: KernelScratch,
  records: Uint8Array,
  layout: RecordLayout,
  step: RecordStep,
): RecordSums {
  scratch.reset();
  if (step.tree.column.length * NODE_BYTES + BLOCK_BYTES > scratch.freeBytes) {
    return scalarBoostRecords(records, layout, step);
  }
  return boostBlocks(new WasmBoostBlock(compiled, scratch, records, layout, step), step);
}

class WasmBoostBlock implements BoostBlock {
  readonly scratch: BoostScratch;
  readonly #compiled: KernelExports;
  readonly #recordsAt: number;
  readonly #layout: RecordLayout;
  readonly #step: RecordStep;
  readonly #weightsAt: number;
  readonly #column: number;
  readonly #left: number;
  readonly #binSets: number;
  readonly #value: number;
  readonly #pair: Float64Array;

  constructor(
    compiled: KernelExports,
    scratch: KernelScratch,
    records: Uint8Array,
    layout: RecordLayout,
    step: RecordStep,
  ) {
    this.#compiled = compiled;
    this.#recordsAt = records.byteOffset;
    this.#layout = layout;
    this.#step = step;
    const count = BOOST_BLOCK_RECORDS;
    this.scratch = {
      numbers: scratch.numbers(count),
      rows: new Int32Array(scratch.buffer, scratch.take(4 * count), count),
      weights: scratch.numbers(count),
      decays: new Float32Array(scratch.buffer, scratch.take(4 * count), count),
      sums: scratch.numbers(3),
    };
    this.#weightsAt = step.weight === undefined ? 0 : this.scratch.weights.byteOffset;
    this.#pair = scratch.numbers(2);
    this.#column = scratch.place(step.tree.column);
    this.#left = scratch.place(step.tree.left);
    this.#binSets = scratch.place(step.tree.binSets);
    this.#value = scratch.place(step.tree.value);
  }

  add({ node, steps }: LeafRun, first: number, count: number, place: number): void {
    const { tree } = this.#step;
    const { rowAt, bytes } = this.#layout;
    const at = this.#recordsAt + first * bytes;
    const numbers = this.scratch.numbers.byteOffset + 8 * place;
    const rows = this.scratch.rows.byteOffset + 4 * place;
    if (steps === 0) {
      this.#compiled.addRecordValue(at, count, rowAt, tree.value[node]!, numbers, rows);
      return;
    }
    if (steps === 1) {
      const left = tree.left[node]!;
      this.#pair[0] = tree.value[left + 1]!;
      this.#pair[1] = tree.value[left]!;
      const set = this.#binSets + 4 * BIN_SET_WORDS * node;
      const values = this.#pair.byteOffset;
      this.#compiled.addRecordPairs(at, count, rowAt, tree.column[node]!, set, values, numbers, rows);
      return;
    }
    const { addRecordLeaves } = this.#compiled;
    const trees = [this.#column, this.#left, this.#binSets, this.#value] as const;
    addRecordLeaves(at, count, rowAt, ...trees, node, steps, numbers, rows);
  }

  logistic(first: number, count: number): void {
    const { rowAt, bytes } = this.#layout;
    const { base, units, writeGradients } = this.#step;
    const { numbers, rows, decays, sums } = this.scratch;
    this.#compiled.logisticRecords(
      this.#recordsAt + first * bytes,
      count,
      rowAt,
      numbers.byteOffset,
      rows.byteOffset,
      this.#weightsAt,
      base,
      units.gradientScale,
      units.hessianScale,
      writeGradients,
      decays.byteOffset,
      sums.byteOffset,
    );
  }

  squared(first: number, count: number): void {
    const { rowAt, bytes } = this.#layout;
    const { units, writeGradients } = this.#step;
    this.#compiled.squaredRecords(
      this.#recordsAt + first * bytes,
      count,
      rowAt,
      this.scratch.numbers.byteOffset,
      this.#weightsAt,
      units.gradientScale,
      units.hessianScale,
      writeGradients,
      this.scratch.sums.byteOffset,
    );
  }
}
