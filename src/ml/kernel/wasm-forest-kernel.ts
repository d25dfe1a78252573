/** Record operations of the compiled kernel. */
import type { ForestKernel, ForestSearch } from './forest-kernel.ts';
import type { KernelExports } from './wasm-module.ts';

type SearchAddresses = readonly [number, number, number, number, number, number];

/** The operations over a memory; everything they read lies there. */
export function wasmForestOperations(compiled: KernelExports): ForestKernel {
  return {
    drawTreeRows({ bins, marks, facts, firstRow }, limit, seed, { layout, records }, first) {
      const { columnCount, recordBytes, isCounting } = layout;
      return compiled.drawTreeRows(
        bins.byteOffset,
        columnCount,
        marks.byteOffset,
        isCounting ? 0 : facts.byteOffset,
        firstRow,
        marks.length,
        limit,
        seed,
        records.byteOffset + first * recordBytes,
        recordBytes,
      );
    },
    sumTreeRows({ layout, records, counters }, first, count, histogram) {
      const { columnCount, recordBytes, isCounting } = layout;
      const start = records.byteOffset + first * recordBytes;
      const countersAt = isCounting ? counters.byteOffset : 0;
      compiled.sumTreeRows(start, count, recordBytes, columnCount, countersAt, histogram.byteOffset);
    },
    splitTreeRows({ layout, records, counters }, first, count, test, histogram) {
      const { columnCount, recordBytes, isCounting } = layout;
      return compiled.splitTreeRows(
        records.byteOffset + first * recordBytes,
        count,
        recordBytes,
        columnCount,
        test.column,
        test.lastBin,
        test.missingBin,
        test.flip ? 1 : 0,
        isCounting ? counters.byteOffset : 0,
        histogram === undefined ? 0 : histogram.byteOffset,
      );
    },
    subtractTreeRows: ({ columnCount, isCounting }, from, part) =>
      compiled.subtractTreeRows(from.byteOffset, part.byteOffset, columnCount, isCounting ? 1 : 0),
    searchTreeHistogram: ({ isCounting }, histogram, search, columnCount) =>
      compiled.searchTreeHistogram(
        histogram.byteOffset,
        isCounting ? 1 : 0,
        ...searchAddresses(search, columnCount),
      ),
    searchTreeRows({ layout, records }, first, count, search, columnCount) {
      const { recordBytes, isCounting } = layout;
      compiled.searchTreeRows(
        records.byteOffset + first * recordBytes,
        count,
        recordBytes,
        isCounting ? 1 : 0,
        ...searchAddresses(search, columnCount),
      );
    },
  };
}

function searchAddresses(search: ForestSearch, columnCount: number): SearchAddresses {
  const { columns, binCounts, settings, scratch, best } = search;
  return [
    columns.byteOffset,
    columnCount,
    binCounts.byteOffset,
    settings.byteOffset,
    scratch.byteOffset,
    best.byteOffset,
  ];
}
