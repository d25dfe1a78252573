/** Linear family operations of the compiled kernel. Coefficients, gradients and Gram matrices go through the scratch. */
import type { KernelScratch } from './kernel-scratch.ts';
import type { LinearKernel, LinearRows } from './linear-kernel.ts';
import {
  addCategoryGradient,
  addCategoryGram,
  addCategoryMargins,
  scalarLinearOperations as plain,
} from './scalar-linear-kernel.ts';
import { LOSS_BLOCK_ROWS, multiplierLoss, type MultiplierBlock } from './scalar-objective.ts';
import type { KernelExports } from './wasm-module.ts';

/** Rows whose shifted values are held at a time, at most and at least. */
const GRAM_ROWS = 128;
const GRAM_ROWS_MIN = 8;
/** Bytes that aligning the parts of a scratch area may cost. */
const SLACK_BYTES = 1024;

type Operations = Pick<
  LinearKernel,
  'linearMargins' | 'addLinearGradient' | 'logisticMultipliers' | 'addGram'
>;

export function wasmLinearOperations(compiled: KernelExports, scratch: KernelScratch): Operations {
  return {
    linearMargins: (...parameters) => linearMargins(compiled, scratch.reset(), ...parameters),
    addLinearGradient: (...parameters) => addLinearGradient(compiled, scratch.reset(), ...parameters),
    logisticMultipliers: (margins, first, count, label, weight) => {
      const decays = scratch.reset().numbers(LOSS_BLOCK_ROWS);
      const sums = scratch.numbers(2);
      const block = multiplierBlock(compiled, scratch.numbers(LOSS_BLOCK_ROWS));
      return multiplierLoss(block, margins, first, count, label, weight, { decays, sums });
    },
    addGram: (...parameters) => addGram(compiled, scratch.reset(), ...parameters),
  };
}

function numericAddress(rows: LinearRows, first: number): number {
  return rows.numeric.byteOffset + 8 * first * rows.numericWidth;
}

function linearMargins(
  compiled: KernelExports,
  scratch: KernelScratch,
  rows: LinearRows,
  first: number,
  count: number,
  coefficients: Float64Array,
  stride: number,
  outputs: number,
  margins: Float64Array,
): void {
  if (coefficients.byteLength + 8 * count * outputs + SLACK_BYTES > scratch.freeBytes) {
    plain.linearMargins(rows, first, count, coefficients, stride, outputs, margins);
    return;
  }
  const placed = scratch.place(coefficients);
  const results = scratch.numbers(count * outputs);
  for (let output = 0; output < outputs; output++) {
    compiled.linearMargins(
      numericAddress(rows, first),
      rows.numericWidth,
      count,
      placed + 8 * output * stride,
      placed + 8 * ((output + 1) * stride - 1),
      outputs,
      results.byteOffset + 8 * output,
    );
  }
  margins.set(results);
  for (let output = 0; output < outputs; output++) {
    addCategoryMargins(rows, first, count, coefficients, output * stride, output, outputs, margins);
  }
}

function addLinearGradient(
  compiled: KernelExports,
  scratch: KernelScratch,
  rows: LinearRows,
  first: number,
  count: number,
  multipliers: Float64Array,
  stride: number,
  outputs: number,
  gradient: Float64Array,
): void {
  const { numericWidth } = rows;
  if (8 * (numericWidth + count * outputs) + SLACK_BYTES > scratch.freeBytes) {
    plain.addLinearGradient(rows, first, count, multipliers, stride, outputs, gradient);
    return;
  }
  const placed = scratch.place(multipliers.subarray(0, count * outputs));
  const sums = scratch.numbers(numericWidth);
  for (let output = 0; output < outputs; output++) {
    const base = output * stride;
    sums.set(gradient.subarray(base, base + numericWidth));
    compiled.addLinearGradient(
      numericAddress(rows, first),
      numericWidth,
      count,
      placed + 8 * output,
      outputs,
      sums.byteOffset,
    );
    gradient.set(sums, base);
    addCategoryGradient(rows, first, count, multipliers, base, stride, output, outputs, gradient);
  }
}

function multiplierBlock(compiled: KernelExports, room: Float64Array): MultiplierBlock {
  return (margins, start, label, weight, first, count, { decays, sums }) => {
    room.set(margins.subarray(start, start + count));
    compiled.logisticMultipliers(
      room.byteOffset,
      label.byteOffset + 8 * first,
      weight.byteOffset + 8 * first,
      count,
      decays.byteOffset,
      sums.byteOffset,
    );
    margins.set(room.subarray(0, count), start);
  };
}

function addGram(
  compiled: KernelExports,
  scratch: KernelScratch,
  rows: LinearRows,
  first: number,
  count: number,
  shift: Float64Array,
  weight: Float64Array,
  target: Float64Array,
  gram: Float64Array,
  moment: Float64Array,
  plainScratch: Float64Array,
): void {
  const { numericWidth } = rows;
  const padded = Math.ceil((numericWidth + 1) / 8) * 8;
  const fixedBytes = 8 * (padded * padded + 2 * padded + 2 * count) + SLACK_BYTES;
  const blockRows = Math.min(GRAM_ROWS, Math.floor((scratch.freeBytes - fixedBytes) / (16 * padded)));
  if (blockRows < GRAM_ROWS_MIN) {
    plain.addGram(rows, first, count, shift, weight, target, gram, moment, plainScratch);
    return;
  }
  const shiftAt = scratch.place(shift.subarray(0, numericWidth));
  const weightAt = scratch.place(weight.subarray(0, count));
  const targetAt = scratch.place(target.subarray(0, count));
  const square = scratch.numbers(padded * padded);
  const sums = scratch.numbers(numericWidth + 1);
  const shiftedAt = scratch.take(8 * blockRows * padded);
  const weightedAt = scratch.take(8 * blockRows * padded);
  unpackTriangle(gram, square.fill(0), padded, numericWidth + 1);
  sums.set(moment.subarray(0, numericWidth + 1));
  for (let row = 0; row < count; row += blockRows) {
    const size = Math.min(blockRows, count - row);
    compiled.shiftRows(
      numericAddress(rows, first + row),
      numericWidth,
      size,
      shiftAt,
      weightAt + 8 * row,
      targetAt + 8 * row,
      padded,
      shiftedAt,
      weightedAt,
      sums.byteOffset,
    );
    compiled.addSquare(shiftedAt, weightedAt, size, padded, square.byteOffset);
  }
  packTriangle(square, gram, padded, numericWidth + 1);
  moment.set(sums);
  addCategoryGram(rows, first, count, shift, weight, target, gram, moment);
}

function unpackTriangle(packed: Float64Array, square: Float64Array, padded: number, size: number): void {
  for (let row = 0; row < size; row++) {
    const start = (row * (row + 1)) / 2;
    square.set(packed.subarray(start, start + row + 1), row * padded);
  }
}

function packTriangle(square: Float64Array, packed: Float64Array, padded: number, size: number): void {
  for (let row = 0; row < size; row++) {
    packed.set(square.subarray(row * padded, row * padded + row + 1), (row * (row + 1)) / 2);
  }
}
