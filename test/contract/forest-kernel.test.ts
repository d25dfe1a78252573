/** Record operations of the compiled kernel leave the bits that their plain twins leave. */
import { expect, test } from 'vitest';
import type { Random } from '../../src/core/index.ts';
import type { Kernel } from '../../src/ml/kernel/kernel.ts';
import {
  COUNTER_BYTES,
  MARK_NONE,
  FOREST_SLOTS,
  SEARCH_SCRATCH_BYTES,
  SearchResult,
  SearchSetting,
  type ForestLayout,
  type ForestSearch,
  type ForestSource,
  type ForestSpace,
} from '../../src/ml/kernel/forest-kernel.ts';
import { forestLayout } from '../../src/ml/tree/growth-lane.ts';
import { expectSameBits, kernelPair, type KernelPair } from './kernel-pair.ts';

const sizes = [0, 1, 2, 15, 16, 255, 256, 257, 1025];
const widths = [1, 3, 8, 15, 16, 28, 31, 33];
const kinds = [true, false];

/** Rows with odd bins often, and facts that are multiples of a quarter. */
function sourceOf({ random, inMemory }: KernelPair, columnCount: number, rowCount: number): ForestSource {
  const bin = (): number => [0, 31, 254, 255][random.below(40)] ?? random.below(20);
  const facts = Float64Array.from({ length: 2 * rowCount }, (_, index) =>
    index % 2 === 0 ? random.below(41) / 4 - 5 : (1 + random.below(8)) / 4,
  );
  return {
    // The compiled kernel may read behind the last row.
    bins: inMemory(Uint8Array.from({ length: rowCount * columnCount + 16 }, bin)),
    marks: inMemory(Uint8Array.from({ length: rowCount }, () => [0, 1, 1, MARK_NONE][random.below(4)]!)),
    facts: inMemory(facts),
    firstRow: random.below(1000),
  };
}

function spaceOf({ inMemory }: KernelPair, layout: ForestLayout, rowCount: number): ForestSpace {
  return {
    layout,
    records: inMemory(new Uint8Array((rowCount + 1) * layout.recordBytes)),
    counters: inMemory(new Uint8Array(layout.columnCount * COUNTER_BYTES)),
  };
}

function histogramOf({ inMemory }: KernelPair, layout: ForestLayout): Uint8Array {
  const bytes = layout.columnCount * FOREST_SLOTS * (layout.isCounting ? 8 : 16);
  return inMemory(new Uint8Array(bytes).fill(7));
}

/** What records say, without the bytes that nobody reads. */
function said({ layout, records }: ForestSpace, count: number): Uint8Array {
  const { columnCount, recordBytes, isCounting } = layout;
  const tail = isCounting ? 1 : 16;
  const parts = Array.from({ length: count }, (_, record) => {
    const start = record * recordBytes;
    return [
      ...records.subarray(start, start + columnCount),
      ...records.subarray(start + recordBytes - tail, start + recordBytes),
    ];
  });
  return Uint8Array.from(parts.flat());
}

/** Both kernels' spaces with the same drawn rows, and how many. */
function drawn(
  pair: KernelPair,
  layout: ForestLayout,
  rowCount: number,
  limit: number,
): { readonly spaces: readonly (readonly [Kernel, ForestSpace])[]; readonly count: number } {
  const source = sourceOf(pair, layout.columnCount, rowCount);
  const spaces = [pair.plain, pair.compiled].map((kernel): readonly [Kernel, ForestSpace] => [
    kernel,
    spaceOf(pair, layout, rowCount),
  ]);
  const counts = spaces.map(([kernel, space]) => kernel.drawTreeRows(source, limit, 12345, space, 0));
  expect(counts[1]).toBe(counts[0]);
  return { spaces, count: counts[0]! };
}

function eachCase(
  seed: number,
  visit: (pair: KernelPair, layout: ForestLayout, rowCount: number) => void,
): void {
  const pair = kernelPair(seed);
  for (const isCounting of kinds) {
    for (const columnCount of widths) {
      for (const rowCount of sizes) visit(pair, forestLayout(columnCount, isCounting), rowCount);
    }
  }
}

test('drawTreeRows', () => {
  eachCase(1, (pair, layout, rowCount) => {
    for (const limit of [0, 2 ** 31, 2 ** 32 - 1]) {
      const { spaces, count } = drawn(pair, layout, rowCount, limit);
      const [plain, compiled] = spaces.map(([, space]) => said(space, count));
      expectSameBits(compiled!, plain!);
    }
  });
});

test('sumTreeRows', () => {
  eachCase(2, (pair, layout, rowCount) => {
    const { spaces, count } = drawn(pair, layout, rowCount, 2 ** 32 - 1);
    const first = Math.min(1, count);
    const [plain, compiled] = spaces.map(([kernel, space]) => {
      const histogram = histogramOf(pair, layout);
      kernel.sumTreeRows(space, first, count - first, histogram);
      return histogram;
    });
    expectSameBits(compiled!, plain!);
  });
});

test('sumTreeRows counts more rows than 16 bits hold', () => {
  const pair = kernelPair(3);
  const layout = forestLayout(1, true);
  const rowCount = 200_000;
  const records = pair.inMemory(new Uint8Array(rowCount * layout.recordBytes));
  records.forEach((_, index) => {
    if (index % layout.recordBytes === 0) records[index] = 3;
    if (index % layout.recordBytes === layout.recordBytes - 1) records[index] = 1;
  });
  const space = { ...spaceOf(pair, layout, 1), records };
  const histogram = histogramOf(pair, layout);
  const numbers = new Uint32Array(histogram.buffer, histogram.byteOffset, 2 * FOREST_SLOTS);
  pair.compiled.sumTreeRows(space, 0, rowCount, histogram);
  expect([...numbers.subarray(6, 8)]).toEqual([rowCount, rowCount]);
  const cut = { column: 0, lastBin: 3, missingBin: 256, flip: false };
  expect(pair.compiled.splitTreeRows(space, 0, rowCount, cut, histogram)).toBe(rowCount);
  expect([...numbers.subarray(6, 8)]).toEqual([rowCount, rowCount]);
});

test('splitTreeRows and subtractTreeRows', () => {
  eachCase(4, (pair, layout, rowCount) => {
    const { spaces, count } = drawn(pair, layout, rowCount, 2 ** 32 - 1);
    for (const flip of [false, true]) {
      for (const missingBin of [255, 256]) {
        const column = pair.random.below(layout.columnCount);
        const cut = { column, lastBin: pair.random.below(20), missingBin, flip };
        const [plain, compiled] = spaces.map(([kernel, space]) => {
          const whole = histogramOf(pair, layout);
          const front = histogramOf(pair, layout);
          kernel.sumTreeRows(space, 0, count, whole);
          const moved = kernel.splitTreeRows(space, 0, count, cut, front);
          kernel.subtractTreeRows(layout, whole, front);
          return { moved, whole, front, records: said(space, count) };
        });
        expect(compiled!.moved).toBe(plain!.moved);
        expectSameBits(compiled!.records, plain!.records);
        expectSameBits(compiled!.front, plain!.front);
        expectSameBits(compiled!.whole, plain!.whole);
      }
    }
  });
});

function searchOf({ inMemory, random }: KernelPair, layout: ForestLayout): ForestSearch {
  const { columnCount } = layout;
  const count = (): number => [1, 20, 32, 254, 255][random.below(5)]!;
  return {
    columns: inMemory(Int32Array.from({ length: columnCount }, (_, index) => columnCount - 1 - index)),
    binCounts: inMemory(Int32Array.from({ length: columnCount }, count)),
    settings: inMemory(new Float64Array(8)),
    best: inMemory(new Float64Array(8)),
    scratch: inMemory(new Uint8Array(SEARCH_SCRATCH_BYTES)),
  };
}

/** Bins above a column's count become the count: its missing bin. */
function clipBins({ layout, records }: ForestSpace, { binCounts }: ForestSearch, count: number): void {
  for (let record = 0; record < count; record++) {
    binCounts.forEach((binCount, column) => {
      const place = record * layout.recordBytes + column;
      records[place] = Math.min(records[place]!, binCount);
    });
  }
}

function writeSettings(settings: Float64Array, totals: readonly [number, number], random: Random): void {
  settings[SearchSetting.centre] = [0, 0.5, 0.3][random.below(3)]!;
  settings[SearchSetting.first] = totals[0];
  settings[SearchSetting.second] = totals[1];
  settings[SearchSetting.l1] = [0, 0, 0.7][random.below(3)]!;
  settings[SearchSetting.l2] = [0, 1, 4][random.below(3)]!;
  settings[SearchSetting.least] = [1e-9, 1, 10][random.below(3)]!;
}

/** Sums of all records, from the histogram of the first column. */
function totalsOf(layout: ForestLayout, histogram: Uint8Array): [number, number] {
  const numbers = layout.isCounting
    ? new Uint32Array(histogram.buffer, histogram.byteOffset, 2 * FOREST_SLOTS)
    : new Float64Array(histogram.buffer, histogram.byteOffset, 2 * FOREST_SLOTS);
  const totals: [number, number] = [0, 0];
  numbers.forEach((value, index) => {
    totals[index % 2]! += value;
  });
  return totals;
}

test('searchTreeHistogram and searchTreeRows find the same cut', () => {
  let found = 0;
  eachCase(5, (pair, layout, rowCount) => {
    const search = searchOf(pair, layout);
    const { spaces, count } = drawn(pair, layout, rowCount, 2 ** 32 - 1);
    for (const [, space] of spaces) clipBins(space, search, count);
    const outcomes = spaces.flatMap(([kernel, space], index) => {
      const histogram = histogramOf(pair, layout);
      kernel.sumTreeRows(space, 0, count, histogram);
      if (index === 0) writeSettings(search.settings, totalsOf(layout, histogram), pair.random);
      return [
        () => kernel.searchTreeHistogram(layout, histogram, search, layout.columnCount),
        () => kernel.searchTreeRows(space, 0, count, search, layout.columnCount),
      ].map((run) => {
        search.best.fill(0);
        run();
        return search.best.slice();
      });
    });
    for (const outcome of outcomes) expectSameBits(outcome, outcomes[0]!);
    expect(search.scratch.subarray(258 * 16 + 256 * 4).every((byte) => byte === 0)).toBe(true);
    if (outcomes[0]![SearchResult.column]! >= 0) found++;
  });
  expect(found).toBeGreaterThan(50);
});
