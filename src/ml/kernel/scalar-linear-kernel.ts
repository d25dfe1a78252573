/**
 * Linear family operations in plain TypeScript: oracle and fallback of a compiled kernel. Nothing allocates.
 */
import { multiplierLoss, plainLossScratch, scalarMultiplierBlock } from './scalar-objective.ts';
import { MOMENT_COUNT, type LinearKernel, type LinearRows } from './linear-kernel.ts';

/** Two passes with a correction term for the rounding of the mean (Chan, Golub and LeVeque 1983). */
function columnMoments(matrix: Float64Array, width: number, rowCount: number, moments: Float64Array): void {
  const end = rowCount * width;
  for (let column = 0; column < width; column++) {
    let count = 0;
    let sum = 0;
    let least = Infinity;
    let greatest = -Infinity;
    for (let place = column; place < end; place += width) {
      const value = matrix[place]!;
      if (value !== value) continue;
      count++;
      sum += value;
      if (value < least) least = value;
      if (value > greatest) greatest = value;
    }
    const mean = count === 0 ? 0 : sum / count;
    let squares = 0;
    let rest = 0;
    for (let place = column; place < end; place += width) {
      const deviation = matrix[place]! - mean;
      if (deviation !== deviation) continue;
      squares += deviation * deviation;
      rest += deviation;
    }
    const base = column * MOMENT_COUNT;
    moments[base] = count;
    moments[base + 1] = count === 0 ? 0 : mean + rest / count;
    moments[base + 2] = count === 0 ? 0 : squares - (rest * rest) / count;
    moments[base + 3] = least;
    moments[base + 4] = greatest;
  }
}

function linearMargins(
  rows: LinearRows,
  first: number,
  count: number,
  coefficients: Float64Array,
  stride: number,
  outputs: number,
  margins: Float64Array,
): void {
  const { numeric, numericWidth } = rows;
  for (let output = 0; output < outputs; output++) {
    const base = output * stride;
    const intercept = coefficients[base + stride - 1]!;
    for (let row = 0; row < count; row++) {
      const numericStart = (first + row) * numericWidth;
      // Even and odd columns side by side, as the compiled kernel has them in two lanes.
      let even = 0;
      let odd = 0;
      for (let column = 0; column + 1 < numericWidth; column += 2) {
        even += numeric[numericStart + column]! * coefficients[base + column]!;
        odd += numeric[numericStart + column + 1]! * coefficients[base + column + 1]!;
      }
      const last = numericWidth - 1;
      if ((numericWidth & 1) === 1) even += numeric[numericStart + last]! * coefficients[base + last]!;
      margins[row * outputs + output] = intercept + (even + odd);
    }
    addCategoryMargins(rows, first, count, coefficients, base, output, outputs, margins);
  }
}

/** Adds the coefficients of each row's categories to its margin. */
export function addCategoryMargins(
  { codes, offsets }: LinearRows,
  first: number,
  count: number,
  coefficients: Float64Array,
  base: number,
  output: number,
  outputs: number,
  margins: Float64Array,
): void {
  const blockCount = offsets.length;
  for (let row = 0; row < count && blockCount > 0; row++) {
    const codeStart = (first + row) * blockCount;
    let sum = margins[row * outputs + output]!;
    for (let block = 0; block < blockCount; block++) {
      const code = codes[codeStart + block]!;
      if (code >= 0) sum += coefficients[base + offsets[block]! + code]!;
    }
    margins[row * outputs + output] = sum;
  }
}

function addLinearGradient(
  rows: LinearRows,
  first: number,
  count: number,
  multipliers: Float64Array,
  stride: number,
  outputs: number,
  gradient: Float64Array,
): void {
  const { numeric, numericWidth } = rows;
  for (let output = 0; output < outputs; output++) {
    const base = output * stride;
    for (let row = 0; row < count; row++) {
      const multiplier = multipliers[row * outputs + output]!;
      if (multiplier === 0) continue;
      const numericStart = (first + row) * numericWidth;
      for (let column = 0; column < numericWidth; column++) {
        gradient[base + column]! += multiplier * numeric[numericStart + column]!;
      }
    }
    addCategoryGradient(rows, first, count, multipliers, base, stride, output, outputs, gradient);
  }
}

/** Adds each row's multiplier to the gradient of its categories, and of the intercept. */
export function addCategoryGradient(
  { codes, offsets }: LinearRows,
  first: number,
  count: number,
  multipliers: Float64Array,
  base: number,
  stride: number,
  output: number,
  outputs: number,
  gradient: Float64Array,
): void {
  const blockCount = offsets.length;
  for (let row = 0; row < count; row++) {
    const multiplier = multipliers[row * outputs + output]!;
    const codeStart = (first + row) * blockCount;
    for (let block = 0; block < blockCount; block++) {
      const code = codes[codeStart + block]!;
      if (code >= 0) gradient[base + offsets[block]! + code]! += multiplier;
    }
    gradient[base + stride - 1]! += multiplier;
  }
}

function squaredMultipliers(
  margins: Float64Array,
  first: number,
  count: number,
  label: Float64Array,
  weight: Float64Array,
): number {
  let loss = 0;
  for (let row = 0; row < count; row++) {
    const rest = margins[row]! - label[first + row]!;
    const rowWeight = weight[first + row]!;
    loss += rowWeight * rest * rest;
    margins[row] = rowWeight * rest;
  }
  return loss;
}

function softmaxMultipliers(
  margins: Float64Array,
  first: number,
  count: number,
  outputs: number,
  label: Float64Array,
  weight: Float64Array,
): number {
  let loss = 0;
  for (let row = 0; row < count; row++) {
    const start = row * outputs;
    const rowWeight = weight[first + row]!;
    const actual = start + label[first + row]!;
    let greatest = -Infinity;
    for (let place = start; place < start + outputs; place++) {
      if (margins[place]! > greatest) greatest = margins[place]!;
    }
    const margin = margins[actual]! - greatest;
    let sum = 0;
    for (let place = start; place < start + outputs; place++) {
      const raised = Math.exp(margins[place]! - greatest);
      margins[place] = raised;
      sum += raised;
    }
    loss += rowWeight * (Math.log(sum) - margin);
    const share = rowWeight / sum;
    for (let place = start; place < start + outputs; place++) margins[place]! *= share;
    margins[actual]! -= rowWeight;
  }
  return loss;
}

function addGram(
  rows: LinearRows,
  first: number,
  count: number,
  shift: Float64Array,
  weight: Float64Array,
  target: Float64Array,
  gram: Float64Array,
  moment: Float64Array,
  scratch: Float64Array,
): void {
  const { numeric, numericWidth } = rows;
  for (let row = 0; row < count; row++) {
    const rowWeight = weight[row]!;
    const weightedTarget = rowWeight * target[row]!;
    const numericStart = (first + row) * numericWidth;
    gram[0]! += rowWeight;
    moment[0]! += weightedTarget;
    let place = 1;
    for (let column = 0; column < numericWidth; column++) {
      const value = numeric[numericStart + column]! - shift[column]!;
      scratch[column] = value;
      moment[column + 1]! += weightedTarget * value;
      const weighted = rowWeight * value;
      gram[place++]! += weighted;
      for (let earlier = 0; earlier <= column; earlier++) gram[place++]! += weighted * scratch[earlier]!;
    }
  }
  addCategoryGram(rows, first, count, shift, weight, target, gram, moment);
}

/** The rows of the Gram matrix that stand for indicators, and their part of the moment. */
export function addCategoryGram(
  { numeric, numericWidth, codes, offsets }: LinearRows,
  first: number,
  count: number,
  shift: Float64Array,
  weight: Float64Array,
  target: Float64Array,
  gram: Float64Array,
  moment: Float64Array,
): void {
  const blockCount = offsets.length;
  for (let row = 0; row < count && blockCount > 0; row++) {
    const rowWeight = weight[row]!;
    const weightedTarget = rowWeight * target[row]!;
    const numericStart = (first + row) * numericWidth;
    const codeStart = (first + row) * blockCount;
    for (let block = 0; block < blockCount; block++) {
      const code = codes[codeStart + block]!;
      if (code < 0) continue;
      const index = 1 + offsets[block]! + code;
      const start = (index * (index + 1)) / 2;
      moment[index]! += weightedTarget;
      gram[start]! += rowWeight;
      for (let column = 0; column < numericWidth; column++) {
        gram[start + 1 + column]! += rowWeight * (numeric[numericStart + column]! - shift[column]!);
      }
      for (let earlier = 0; earlier <= block; earlier++) {
        const earlierCode = codes[codeStart + earlier]!;
        if (earlierCode >= 0) gram[start + 1 + offsets[earlier]! + earlierCode]! += rowWeight;
      }
    }
  }
}

export const scalarLinearOperations: LinearKernel = {
  columnMoments,
  linearMargins,
  addLinearGradient,
  squaredMultipliers,
  logisticMultipliers: (margins, first, count, label, weight) =>
    multiplierLoss(scalarMultiplierBlock, margins, first, count, label, weight, plainLossScratch()),
  softmaxMultipliers,
  addGram,
};
