/** The search for a node's best cut in plain TypeScript: oracle of kernels/assembly/node-search.ts. */
import type { FixedPoint } from './fixed-point.ts';
import {
  BIN_WORDS,
  COLUMN_NUMBERS,
  COLUMN_WORDS,
  CutResult,
  HISTOGRAM_COLUMN_BYTES,
  type CutRules,
  type NodeSearchKernel,
} from './node-search.ts';
import type { RecordLayout, RecordRun } from './record-kernel.ts';

const WORD: number = 2 ** 32;

/** A histogram as 32-bit words, the lower one of a sum first. */
export function histogramWords(histogram: Uint8Array): Int32Array {
  return new Int32Array(histogram.buffer, histogram.byteOffset, histogram.byteLength / 4);
}

/** Adds a sum of two words to the one at `place`. */
function addWords(words: Int32Array, place: number, low: number, high: number): void {
  const sum = (words[place]! >>> 0) + (low >>> 0);
  words[place] = sum | 0;
  words[place + 1] = (words[place + 1]! + high + (sum >= WORD ? 1 : 0)) | 0;
}

/** Adds a row with its gradient and hessian, in whole numbers, to the bin at `place`. */
export function addRow(
  words: Int32Array,
  place: number,
  gradient: number,
  hessian: number,
  { countBits }: FixedPoint,
): void {
  const packed = hessian * 2 ** countBits + 1;
  addWords(words, place, gradient, gradient >> 31);
  addWords(words, place + 2, packed % WORD, Math.floor(packed / WORD));
}

function mergeHistogram(target: Uint8Array, source: Uint8Array): void {
  const words = histogramWords(target);
  const others = histogramWords(source);
  for (let place = 0; place < words.length; place += 2) {
    addWords(words, place, others[place]!, others[place + 1]!);
  }
}

function subtractHistogram(whole: Uint8Array, part: Uint8Array): void {
  const words = histogramWords(whole);
  const others = histogramWords(part);
  for (let place = 0; place < words.length; place += 2) {
    const difference = (words[place]! >>> 0) - (others[place]! >>> 0);
    words[place] = difference | 0;
    words[place + 1] = (words[place + 1]! - others[place + 1]! - (difference < 0 ? 1 : 0)) | 0;
  }
}

/** Sums of a bin or of several, in whole numbers. */
interface BinSums {
  gradient: number;
  hessian: number;
  rows: number;
}

function binSums(words: Int32Array, place: number, countBits: number): BinSums {
  const low = words[place + 2]! >>> 0;
  const rows = low % 2 ** countBits;
  return {
    gradient: words[place + 1]! * WORD + (words[place]! >>> 0),
    hessian: words[place + 3]! * 2 ** (32 - countBits) + (low - rows) / 2 ** countBits,
    rows,
  };
}

/** Sums [gradient, hessian, rows] of all rows: each is in one bin of the first column. */
export function histogramTotal(histogram: Uint8Array, binCount: number, units: FixedPoint): Float64Array {
  const words = histogramWords(histogram);
  const total = new Float64Array(3);
  for (let bin = 0; bin <= binCount; bin++) {
    const { gradient, hessian, rows } = binSums(words, BIN_WORDS * bin, units.countBits);
    total[0] = total[0]! + gradient * (1 / units.gradientScale);
    total[1] = total[1]! + hessian * (1 / units.hessianScale);
    total[2] = total[2]! + rows;
  }
  return total;
}

/** Judges the cuts of one node one by one. */
class CutSearch {
  readonly #total: Float64Array;
  readonly #rules: CutRules;
  readonly #units: FixedPoint;
  readonly #best: Float64Array;
  readonly #parent: number;

  constructor(total: Float64Array, rules: CutRules, units: FixedPoint, best: Float64Array) {
    this.#total = total;
    this.#rules = rules;
    this.#units = units;
    this.#best = best;
    this.#parent = this.#score(total[0]!, total[1]!);
    best.fill(0);
    best[CutResult.column] = -1;
  }

  searchColumn(words: Int32Array, column: number, binCount: number, isSingle: boolean): void {
    const { countBits } = this.#units;
    const start = COLUMN_WORDS * column;
    const none = { gradient: 0, hessian: 0, rows: 0 };
    const missing = isSingle ? none : binSums(words, start + BIN_WORDS * binCount, countBits);
    const sums = { ...none };
    for (let bin = 0; bin < binCount; bin++) {
      const { gradient, hessian, rows } = binSums(words, start + BIN_WORDS * bin, countBits);
      sums.gradient = isSingle ? gradient : sums.gradient + gradient;
      sums.hessian = isSingle ? hessian : sums.hessian + hessian;
      sums.rows = isSingle ? rows : sums.rows + rows;
      if (rows === 0) continue;
      this.#judge(column, bin, sums, none, missing.rows > 0, false);
      if (missing.rows > 0) this.#judge(column, bin, sums, missing, true, true);
    }
  }

  #judge(
    column: number,
    bin: number,
    sums: BinSums,
    more: BinSums,
    hasMissing: boolean,
    missingLeft: boolean,
  ): void {
    const gradient = this.#gradient(sums) + this.#gradient(more);
    const hessian = this.#hessian(sums) + this.#hessian(more);
    const rows = sums.rows + more.rows;
    const other = this.#total[1]! - hessian;
    const { leastHessian, leastRows } = this.#rules;
    if (hessian < leastHessian || other < leastHessian) return;
    if (rows < leastRows || this.#total[2]! - rows < leastRows) return;
    const gain =
      this.#score(gradient, hessian) + this.#score(this.#total[0]! - gradient, other) - this.#parent;
    if (!(gain > this.#best[CutResult.gain]!)) return;
    this.#best.set([gain, column, bin, missingLeft ? 1 : 0, gradient, hessian, rows, hasMissing ? 1 : 0]);
  }

  #gradient({ gradient }: BinSums): number {
    return gradient * (1 / this.#units.gradientScale);
  }

  #hessian({ hessian }: BinSums): number {
    return hessian * (1 / this.#units.hessianScale);
  }

  #score(gradient: number, hessian: number): number {
    const { l1, l2 } = this.#rules;
    const shrunk = gradient - Math.max(Math.min(gradient, l1), -l1);
    return (shrunk * shrunk) / (hessian + l2);
  }
}

function searchHistogram(
  histogram: Uint8Array,
  columns: Int32Array,
  total: Float64Array,
  rules: CutRules,
  units: FixedPoint,
  best: Float64Array,
): void {
  const words = histogramWords(histogram);
  const search = new CutSearch(total, rules, units, best);
  for (let index = 0; index < columns.length; index += COLUMN_NUMBERS) {
    search.searchColumn(words, columns[index]!, columns[index + 1]!, columns[index + 2] === 1);
  }
}

/** By way of a histogram of all columns. */
function searchRecords(
  { records, start, end }: RecordRun,
  { columnCount, rowAt, bytes }: RecordLayout,
  columns: Int32Array,
  total: Float64Array,
  rules: CutRules,
  units: FixedPoint,
  best: Float64Array,
): void {
  const histogram = new Uint8Array(columnCount * HISTOGRAM_COLUMN_BYTES);
  const sums = histogramWords(histogram);
  const words = new Int32Array(records.buffer, records.byteOffset, records.length / 4);
  for (let record = start; record < end; record++) {
    const base = record * bytes;
    const [gradient, hessian] = words.subarray((base + rowAt) / 4 + 1);
    for (let column = 0; column < columnCount; column++) {
      addRow(sums, COLUMN_WORDS * column + BIN_WORDS * records[base + column]!, gradient!, hessian!, units);
    }
  }
  searchHistogram(histogram, columns, total, rules, units, best);
}

export const scalarNodeSearchOperations: NodeSearchKernel = {
  mergeHistogram,
  subtractHistogram,
  searchHistogram,
  searchRecords,
};
