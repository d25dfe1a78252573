/** The search for a node's best cut in plain TypeScript: what kernels/assembly/forest-search.ts does, cut by cut. */
import {
  FOREST_SLOTS,
  SearchResult,
  SearchSetting,
  type ForestLayout,
  type ForestSearch,
  type ForestSpace,
} from './forest-kernel.ts';
import { histogramNumbers, forestFacts } from './forest-numbers.ts';

const BINS = 256;
/** Bins of one column of records, and which of them are in use; zero between two columns. */
const columnSums = new Float64Array(2 * BINS);
const columnRows = new Uint8Array(BINS);

/** The bins of one column that rows are in, ascending. */
class BinList {
  readonly bins = new Int32Array(BINS);
  readonly sums = new Float64Array(2 * BINS);
  length = 0;

  add(bin: number, first: number, second: number): void {
    this.bins[this.length] = bin;
    this.sums[2 * this.length] = first;
    this.sums[2 * this.length + 1] = second;
    this.length++;
  }
}

const list = new BinList();

function shrink(value: number, penalty: number): number {
  return value - Math.max(Math.min(value, penalty), -penalty);
}

/** Score of the whole node, that a split must beat. */
function startBest({ settings, best }: ForestSearch): void {
  const weight = settings[SearchSetting.second]!;
  const gradient = settings[SearchSetting.centre]! * weight - settings[SearchSetting.first]!;
  const shrunk = shrink(gradient, settings[SearchSetting.l1]!);
  best[SearchResult.score] = (shrunk * shrunk) / (weight + settings[SearchSetting.l2]!);
  best[SearchResult.column] = -1;
}

/** Judges every cut of the list; a cut with missing values on the right before that with them on the left. */
function scanList(column: number, missingFirst: number, missingSecond: number, search: ForestSearch): void {
  const hasMissing = missingSecond !== 0;
  let first = 0;
  let second = 0;
  for (let position = 0; position < list.length; position++) {
    first += list.sums[2 * position]!;
    second += list.sums[2 * position + 1]!;
    const cut = { column, lastBin: list.bins[position]!, hasMissing };
    judge(search, { ...cut, missingLeft: false }, first, second);
    if (hasMissing)
      judge(search, { ...cut, missingLeft: true }, first + missingFirst, second + missingSecond);
  }
}

interface Cut {
  readonly column: number;
  readonly lastBin: number;
  readonly missingLeft: boolean;
  readonly hasMissing: boolean;
}

function judge({ settings, best }: ForestSearch, cut: Cut, first: number, second: number): void {
  const centre = settings[SearchSetting.centre]!;
  const total = settings[SearchSetting.second]!;
  const penalty = settings[SearchSetting.l1]!;
  const ridge = settings[SearchSetting.l2]!;
  const least = settings[SearchSetting.least]!;
  const gradient = centre * second - first;
  const left = shrink(gradient, penalty);
  const right = shrink(centre * total - settings[SearchSetting.first]! - gradient, penalty);
  const leftWeight = second + ridge;
  const rightWeight = total - second + ridge;
  const above = left * left * rightWeight + right * right * leftWeight;
  const below = leftWeight * rightWeight;
  if (!(above > best[SearchResult.score]! * below)) return;
  if (second < least || total - second < least) return;
  const score = above / below;
  if (!(score > best[SearchResult.score]!)) return;
  best[SearchResult.score] = score;
  best[SearchResult.column] = cut.column;
  best[SearchResult.lastBin] = cut.lastBin;
  best[SearchResult.missingLeft] = cut.missingLeft ? 1 : 0;
  best[SearchResult.first] = first;
  best[SearchResult.second] = second;
  best[SearchResult.hasMissing] = cut.hasMissing ? 1 : 0;
}

export function scalarSearchTreeHistogram(
  layout: ForestLayout,
  histogram: Uint8Array,
  search: ForestSearch,
  columnCount: number,
): void {
  startBest(search);
  const numbers = histogramNumbers(layout, histogram);
  for (const column of search.columns.subarray(0, columnCount)) {
    const binCount = search.binCounts[column]!;
    const base = 2 * column * FOREST_SLOTS;
    list.length = 0;
    for (let bin = 0; bin < binCount; bin++) {
      const second = numbers[base + 2 * bin + 1]!;
      if (second !== 0) list.add(bin, numbers[base + 2 * bin]!, second);
    }
    const missing = base + 2 * binCount;
    scanList(column, numbers[missing]!, numbers[missing + 1]!, search);
  }
}

export function scalarSearchTreeRows(
  space: ForestSpace,
  first: number,
  count: number,
  search: ForestSearch,
  columnCount: number,
): void {
  startBest(search);
  const { records } = space;
  const { recordBytes, isCounting } = space.layout;
  const { facts, at } = forestFacts(space);
  for (const column of search.columns.subarray(0, columnCount)) {
    for (let record = first; record < first + count; record++) {
      const start = record * recordBytes;
      const bin = records[start + column]!;
      const fact = at(record);
      columnSums[2 * bin]! += isCounting ? records[start + recordBytes - 1]! : facts[fact]!;
      columnSums[2 * bin + 1]! += isCounting ? 1 : facts[fact + 1]!;
      columnRows[bin] = 1;
    }
    const missing = 2 * search.binCounts[column]!;
    const missingFirst = columnSums[missing]!;
    const missingSecond = columnSums[missing + 1]!;
    list.length = 0;
    for (let bin = 0; bin < search.binCounts[column]!; bin++) {
      if (columnRows[bin] === 1) list.add(bin, columnSums[2 * bin]!, columnSums[2 * bin + 1]!);
    }
    columnSums.fill(0);
    columnRows.fill(0);
    scanList(column, missingFirst, missingSecond, search);
  }
}
