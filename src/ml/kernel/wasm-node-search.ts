/** Histograms in whole numbers, and the search in them, by the compiled kernel. All histograms lie in its memory. */
import type { KernelScratch } from './kernel-scratch.ts';
import { COLUMN_NUMBERS, CUT_NUMBERS, HISTOGRAM_COLUMN_BYTES, type NodeSearchKernel } from './node-search.ts';
import type { KernelExports } from './wasm-module.ts';

/** Bytes of the list of bins, one 24 each (kernels/assembly/node-search.ts). */
const LIST_BYTES: number = 258 * 24;
const SETTINGS = 9;

export function wasmNodeSearchOperations(compiled: KernelExports, scratch: KernelScratch): NodeSearchKernel {
  return {
    mergeHistogram: (target, source) =>
      compiled.mergeHistogram(target.byteOffset, source.byteOffset, columnsOf(target)),
    subtractHistogram: (whole, part) =>
      compiled.subtractHistogram(whole.byteOffset, part.byteOffset, columnsOf(whole)),
    searchHistogram(histogram, columns, total, rules, units, best) {
      const list = scratch.reset().take(LIST_BYTES);
      const settings = scratch.numbers(SETTINGS);
      settings.set(total);
      settings[3] = rules.l1;
      settings[4] = rules.l2;
      settings[5] = rules.leastHessian;
      settings[6] = rules.leastRows;
      settings[7] = 1 / units.gradientScale;
      settings[8] = 1 / units.hessianScale;
      const isInside = scratch.owns(best);
      const result = isInside ? best : scratch.numbers(CUT_NUMBERS);
      compiled.searchHistogram(
        histogram.byteOffset,
        scratch.place(columns),
        columns.length / COLUMN_NUMBERS,
        units.countBits,
        settings.byteOffset,
        list,
        result.byteOffset,
      );
      if (!isInside) best.set(result);
    },
  };
}

function columnsOf(histogram: Uint8Array): number {
  return histogram.length / HISTOGRAM_COLUMN_BYTES;
}
