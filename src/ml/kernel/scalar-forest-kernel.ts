/** Record operations in plain TypeScript: oracle and fallback of the compiled kernel. */
import {
  MARK_NONE,
  FOREST_SLOTS,
  type ForestKernel,
  type ForestLayout,
  type ForestSource,
  type ForestSpace,
  type ForestTest,
} from './forest-kernel.ts';
import { histogramNumbers, forestFacts } from './forest-numbers.ts';
import { scalarSearchTreeHistogram, scalarSearchTreeRows } from './scalar-forest-search.ts';

/** A number that looks random, of the row and the seed. Source: MurmurHash3's finalizer (Appleby). */
function hashOf(row: number, seed: number): number {
  let hash = Math.imul(row + 1, 0x9e3779b1) ^ seed;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function drawTreeRows(
  source: ForestSource,
  limit: number,
  seed: number,
  space: ForestSpace,
  first: number,
): number {
  const { columnCount, recordBytes, isCounting } = space.layout;
  const { facts, at } = forestFacts(space);
  let record = first;
  source.marks.forEach((mark, row) => {
    if (mark === MARK_NONE || hashOf(source.firstRow + row, seed) >= limit) return;
    const start = record * recordBytes;
    space.records.set(source.bins.subarray(row * columnCount, (row + 1) * columnCount), start);
    if (isCounting) space.records[start + recordBytes - 1] = mark;
    else facts.set(source.facts.subarray(2 * row, 2 * row + 2), at(record));
    record++;
  });
  return record - first;
}

function sumTreeRows(space: ForestSpace, first: number, count: number, histogram: Uint8Array): void {
  histogram.fill(0);
  const { columnCount, recordBytes, isCounting } = space.layout;
  const { records } = space;
  const { facts, at } = forestFacts(space);
  const sums = histogramNumbers(space.layout, histogram);
  for (let record = first; record < first + count; record++) {
    const start = record * recordBytes;
    const fact = at(record);
    const firstFact = isCounting ? records[start + recordBytes - 1]! : facts[fact]!;
    const secondFact = isCounting ? 1 : facts[fact + 1]!;
    for (let column = 0; column < columnCount; column++) {
      const slot = 2 * (column * FOREST_SLOTS + records[start + column]!);
      sums[slot] = sums[slot]! + firstFact;
      sums[slot + 1] = sums[slot + 1]! + secondFact;
    }
  }
}

function splitTreeRows(
  space: ForestSpace,
  first: number,
  count: number,
  test: ForestTest,
  histogram: Uint8Array | undefined,
): number {
  const { records } = space;
  const { recordBytes } = space.layout;
  let front = first;
  for (let record = first; record < first + count; record++) {
    const start = record * recordBytes;
    const bin = records[start + test.column]!;
    // Every record changes places with the first of the others; the front then takes it in or does not.
    const moved = records.slice(start, start + recordBytes);
    records.copyWithin(start, front * recordBytes, (front + 1) * recordBytes);
    records.set(moved, front * recordBytes);
    if ((bin <= test.lastBin || bin === test.missingBin) !== test.flip) front++;
  }
  if (histogram !== undefined) sumTreeRows(space, first, front - first, histogram);
  return front - first;
}

function subtractTreeRows(layout: ForestLayout, from: Uint8Array, part: Uint8Array): void {
  const target = histogramNumbers(layout, from);
  const taken = histogramNumbers(layout, part);
  for (let index = 0; index < target.length; index++) target[index] = target[index]! - taken[index]!;
}

export const scalarForestOperations: ForestKernel = {
  drawTreeRows,
  sumTreeRows,
  splitTreeRows,
  subtractTreeRows,
  searchTreeHistogram: scalarSearchTreeHistogram,
  searchTreeRows: scalarSearchTreeRows,
};
