/** Histograms in whole numbers, and the search in them, by the compiled kernel. All histograms lie in its memory. */
import { assert } from '../../core/index.ts';
import type { FixedPoint } from './fixed-point.ts';
import type { KernelScratch } from './kernel-scratch.ts';
import {
  COLUMN_NUMBERS,
  CUT_NUMBERS,
  HISTOGRAM_COLUMN_BYTES,
  SEARCHED_RECORDS,
  type CutRules,
  type NodeSearchKernel,
} from './node-search.ts';
import type { KernelExports } from './wasm-module.ts';

/** Bytes of the list of bins, one 24 each, and of what a search in records has behind it (kernels/assembly/node-search.ts). */
const LIST_BYTES: number = 258 * 24;
const SUMS_BYTES: number = 256 * 16 + 32;
const VALUE_BYTES = 16;
const SETTINGS = 9;

export function wasmNodeSearchOperations(compiled: KernelExports, scratch: KernelScratch): NodeSearchKernel {
  return {
    mergeHistogram: (target, source) =>
      compiled.mergeHistogram(target.byteOffset, source.byteOffset, columnsOf(target)),
    subtractHistogram: (whole, part) =>
      compiled.subtractHistogram(whole.byteOffset, part.byteOffset, columnsOf(whole)),
    searchHistogram(histogram, columns, total, rules, units, best) {
      const list = scratch.reset().take(LIST_BYTES);
      const settings = placeSettings(scratch, total, rules, units);
      const columnsAt = scratch.place(columns);
      const count = columns.length / COLUMN_NUMBERS;
      intoResult(scratch, best, (bestAt) =>
        compiled.searchHistogram(
          histogram.byteOffset,
          columnsAt,
          count,
          units.countBits,
          settings,
          list,
          bestAt,
        ),
      );
    },
    searchRecords({ records, start, end }, { bytes, rowAt }, columns, total, rules, units, best) {
      assert(end - start <= SEARCHED_RECORDS, 'few records are searched without a histogram');
      const list = scratch.reset().take(LIST_BYTES + SUMS_BYTES + (end - start) * VALUE_BYTES);
      const settings = placeSettings(scratch, total, rules, units);
      const columnsAt = scratch.place(columns);
      const count = columns.length / COLUMN_NUMBERS;
      intoResult(scratch, best, (bestAt) =>
        compiled.searchRecords(
          records.byteOffset + start * bytes,
          end - start,
          bytes,
          rowAt,
          columnsAt,
          count,
          units.countBits,
          settings,
          list,
          bestAt,
        ),
      );
    },
  };
}

function placeSettings(
  scratch: KernelScratch,
  total: Float64Array,
  rules: CutRules,
  units: FixedPoint,
): number {
  const settings = scratch.numbers(SETTINGS);
  settings.set(total);
  settings[3] = rules.l1;
  settings[4] = rules.l2;
  settings[5] = rules.leastHessian;
  settings[6] = rules.leastRows;
  settings[7] = 1 / units.gradientScale;
  settings[8] = 1 / units.hessianScale;
  return settings.byteOffset;
}

/** Lets a search write its result, by way of the scratch if it is not to lie in the memory. */
function intoResult(scratch: KernelScratch, best: Float64Array, search: (bestAt: number) => void): void {
  if (scratch.owns(best)) {
    search(best.byteOffset);
    return;
  }
  const result = scratch.numbers(CUT_NUMBERS);
  search(result.byteOffset);
  best.set(result);
}

function columnsOf(histogram: Uint8Array): number {
  return histogram.length / HISTOGRAM_COLUMN_BYTES;
}
