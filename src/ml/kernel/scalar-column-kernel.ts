/** Operations on staged rows in plain TypeScript: oracle and fallback of the compiled kernel. */
import {
  SCALING_COUNT,
  SUMMARY_COUNT,
  SummaryPlace,
  type ColumnKernel,
  type SummarizedColumns,
} from './column-kernel.ts';

function summarizeBlock(
  block: Float64Array,
  count: number,
  { columns, lows, highs }: SummarizedColumns,
  summaries: Float64Array,
  between: Float64Array,
): void {
  let collected = 0;
  columns.forEach((column, position) => {
    const values = block.subarray(column * count, (column + 1) * count);
    const base = position * SUMMARY_COUNT;
    const summary = summaries.subarray(base, base + SUMMARY_COUNT);
    summarizeColumn(values, lows[position]!, highs[position]!, summary, between.subarray(collected));
    collected += summary[SummaryPlace.between]!;
  });
}

/** Two passes with a correction term for the rounding of the mean (Chan, Golub and LeVeque 1983). */
function summarizeColumn(
  values: Float64Array,
  low: number,
  high: number,
  summary: Float64Array,
  between: Float64Array,
): void {
  const mean = sumColumn(values, summary);
  spreadColumn(values, mean, summary);
  let belowCount = 0;
  let betweenCount = 0;
  for (const value of values) {
    if (value < low) belowCount++;
    if (value >= low && value <= high) between[betweenCount++] = value;
  }
  summary[SummaryPlace.below] = belowCount;
  summary[SummaryPlace.between] = betweenCount;
}

/** Even and odd values are summed side by side, as the compiled kernel has them in two lanes. */
function sumColumn(values: Float64Array, summary: Float64Array): number {
  let present = 0;
  let finite = 0;
  let even = 0;
  let odd = 0;
  const least = [Infinity, Infinity];
  const greatest = [-Infinity, -Infinity];
  for (let row = 0; row < values.length; row++) {
    const value = values[row]!;
    if (value !== value) continue;
    present++;
    const lane = row & 1;
    if (value < least[lane]!) least[lane] = value;
    if (value > greatest[lane]!) greatest[lane] = value;
    if (!Number.isFinite(value)) continue;
    finite++;
    if (lane === 0) even += value;
    else odd += value;
  }
  const sum = even + odd;
  summary[SummaryPlace.present] = present;
  summary[SummaryPlace.finite] = finite;
  summary[SummaryPlace.sum] = sum;
  summary[SummaryPlace.least] = least[1]! < least[0]! ? least[1]! : least[0]!;
  summary[SummaryPlace.greatest] = greatest[1]! > greatest[0]! ? greatest[1]! : greatest[0]!;
  return finite === 0 ? 0 : sum / finite;
}

function spreadColumn(values: Float64Array, mean: number, summary: Float64Array): void {
  const finite = summary[SummaryPlace.finite]!;
  const squares = [0, 0];
  const rest = [0, 0];
  for (let row = 0; row < values.length; row++) {
    const value = values[row]!;
    if (!Number.isFinite(value)) continue;
    const deviation = value - mean;
    squares[row & 1]! += deviation * deviation;
    rest[row & 1]! += deviation;
  }
  const left = rest[0]! + rest[1]!;
  summary[SummaryPlace.rest] = left;
  summary[SummaryPlace.squares] = finite === 0 ? 0 : squares[0]! + squares[1]! - (left * left) / finite;
}

function settleRows(
  block: Float64Array,
  count: number,
  width: number,
  scaling: Float64Array | undefined,
): void {
  const columns = block.slice(0, count * width);
  for (let column = 0; column < width; column++) {
    const mean = scaling?.[column * SCALING_COUNT];
    const scale = scaling?.[column * SCALING_COUNT + 1];
    const missing = scaling?.[column * SCALING_COUNT + 2];
    for (let row = 0; row < count; row++) {
      const value = columns[column * count + row]!;
      const place = row * width + column;
      if (mean === undefined) block[place] = value;
      else block[place] = value !== value ? missing! : (value - mean) / scale!;
    }
  }
}

export const scalarColumnOperations: ColumnKernel = { summarizeBlock, settleRows };
