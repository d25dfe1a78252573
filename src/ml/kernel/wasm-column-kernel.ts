/** Operations on staged rows of the compiled kernel: rows lie in the training's memory, the rest in the scratch area. */
import { SUMMARY_COUNT, type ColumnKernel } from './column-kernel.ts';
import type { KernelScratch } from './kernel-scratch.ts';
import { scalarColumnOperations as plain } from './scalar-column-kernel.ts';
import type { KernelExports } from './wasm-module.ts';

/** Bytes that aligning the parts of a scratch area may cost. */
const SLACK_BYTES = 256;

export function wasmColumnOperations(compiled: KernelExports, scratch: KernelScratch): ColumnKernel {
  return {
    summarizeColumn: (values, low, high, summary, between) => {
      const free = scratch.reset().freeBytes;
      if (!scratch.owns(values) || 8 * (SUMMARY_COUNT + values.length + 1) + SLACK_BYTES > free) {
        plain.summarizeColumn(values, low, high, summary, between);
        return;
      }
      const found = scratch.numbers(SUMMARY_COUNT);
      const chosen = scratch.numbers(values.length + 1);
      compiled.summarizeColumn(
        values.byteOffset,
        values.length,
        low,
        high,
        found.byteOffset,
        chosen.byteOffset,
      );
      summary.set(found);
      between.set(chosen.subarray(0, found[SUMMARY_COUNT - 1]));
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
