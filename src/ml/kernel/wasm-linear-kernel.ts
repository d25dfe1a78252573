/** Linear family operations of the compiled kernel. Coefficients and gradients go through the scratch. */
import type { KernelScratch } from './kernel-scratch.ts';
import type { LinearKernel, LinearRows } from './linear-kernel.ts';
import {
  addCategoryGradient,
  addCategoryMargins,
  scalarLinearOperations as plain,
} from './scalar-linear-kernel.ts';
import { LOSS_BLOCK_ROWS, multiplierLoss, type MultiplierBlock } from './scalar-objective.ts';
import { wasmAddGram } from './wasm-gram.ts';
import { wasmColumnMoments } from './wasm-moments.ts';
import type { KernelExports } from './wasm-module.ts';

/** Bytes that aligning the parts of a scratch area may cost. */
const SLACK_BYTES = 1024;

type Operations = Pick<
  LinearKernel,
  'columnMoments' | 'linearMargins' | 'addLinearGradient' | 'logisticMultipliers' | 'addGram'
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
    columnMoments: wasmColumnMoments(compiled, scratch),
    addGram: wasmAddGram(compiled, scratch),
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
  const { numericWidth } = rows;
  const perOutput = numericWidth + 1;
  if (8 * outputs * (perOutput + count) + SLACK_BYTES > scratch.freeBytes) {
    plain.linearMargins(rows, first, count, coefficients, stride, outputs, margins);
    return;
  }
  // Coefficients of categories are many, and are added by the caller's side.
  const placed = scratch.numbers(outputs * perOutput);
  const results = scratch.numbers(count * outputs);
  for (let output = 0; output < outputs; output++) {
    const base = output * stride;
    placed.set(coefficients.subarray(base, base + numericWidth), output * perOutput);
    placed[output * perOutput + numericWidth] = coefficients[base + stride - 1]!;
    const placedAt = placed.byteOffset + 8 * output * perOutput;
    compiled.linearMargins(
      numericAddress(rows, first),
      numericWidth,
      count,
      placedAt,
      placedAt + 8 * numericWidth,
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
