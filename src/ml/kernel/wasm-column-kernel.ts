/** Operations on staged rows of the compiled kernel: rows lie in the training's memory, the rest in the scratch area. */
import { SUMMARY_COUNT, SummaryPlace, type ColumnKernel } from './column-kernel.ts';
import type { KernelScratch } from './kernel-scratch.ts';
import { scalarColumnOperations as plain } from './scalar-column-kernel.ts';
import type { KernelExports } from './wasm-module.ts';

/** Bytes that aligning the parts of a scratch area may cost. */
const SLACK_BYTES = 512;

export function wasmColumnOperations(compiled: KernelExports, scratch: KernelScratch): ColumnKernel {
  return {
    summarizeBlock: (block, count, chosen, summaries, between) => {
      const { columns, lows, highs } = chosen;
      const numbers = columns.length * (count + SUMMARY_COUNT + 3) + 1;
      if (!scratch.owns(block) || 8 * numbers + SLACK_BYTES > scratch.reset().freeBytes) {
        plain.summarizeBlock(block, count, chosen, summaries, between);
        return;
      }
      const [columnsAt, lowsAt, highsAt] = [columns, lows, highs].map((each) => scratch.place(each));
      const found = scratch.numbers(columns.length * SUMMARY_COUNT);
      const values = scratch.numbers(columns.length * count + 1);
      compiled.summarizeBlock(
        block.byteOffset,
        count,
        columnsAt!,
        columns.length,
        lowsAt!,
        highsAt!,
        found.byteOffset,
        values.byteOffset,
      );
      summaries.set(found);
      between.set(values.subarray(0, betweenCount(found)));
    },
    settleRows: (block, count, width, scaling) => {
      const bytes = 8 * count * width;
      const needed = bytes + (scaling?.byteLength ?? 0) + SLACK_BYTES;
      if (!scratch.owns(block) || needed > scratch.reset().freeBytes) {
        plain.settleRows(block, count, width, scaling);
        return;
      }
      const columns = scratch.numbers(count * width);
      columns.set(block.subarray(0, count * width));
      const scalingAt = scaling === undefined ? 0 : scratch.place(scaling);
      compiled.settleRows(columns.byteOffset, count, width, scalingAt, block.byteOffset);
    },
  };
}

/** Values that were collected, of all columns. */
function betweenCount(summaries: Float64Array): number {
  let count = 0;
  for (let at: number = SummaryPlace.between; at < summaries.length; at += SUMMARY_COUNT)
    count += summaries[at]!;
  return count;
}
