/** The best split of a node, from its histogram. Ties go to the first cut of the first column. */
import { BIN_SET_WORDS } from '../kernel/tree-kernel.ts';
import type { BinColumn, BinMapper } from './bin-mapper.ts';
import type { Criterion, Cut, SideLimits } from './criterion.ts';

/** Gains below this share of the scores they are the difference of are rounding noise. */
export const GAIN_NOISE = 1e-10;

export interface Split {
  /** Bin column. */
  readonly column: number;
  /** In units of weight × impurity. */
  readonly gain: number;
  /** BIN_SET_WORDS words: bins that go left, the missing bin among them if missing values do. */
  readonly binSet: Int32Array;
  /** Numeric columns: the last bin that goes left. */
  readonly lastBin: number;
  readonly missingLeft: boolean;
  readonly left: Float64Array;
  readonly right: Float64Array;
}

/** Where a node's histogram is. */
export interface HistogramSource {
  readonly sums: Float64Array;
  /** Makes the column's bins lie in `sums` from the returned offset on, until the next call. */
  load(column: number): number;
}

/** A histogram of all columns from the start of `sums` on. */
export function wholeHistogram(sums: Float64Array, mapper: BinMapper, stride: number): HistogramSource {
  return { sums, load: (column) => mapper.binStart[column]! * stride };
}

const ascending = Int32Array.from({ length: 256 }, (_, bin) => bin);

/** Finds splits; holds scratch arrays, so one search serves one thread. */
export class SplitSearch {
  readonly #mapper: BinMapper;
  readonly #criterion: Criterion;
  readonly #sequence = new Int32Array(256);
  readonly #kept = new Int32Array(256);

  constructor(mapper: BinMapper, criterion: Criterion) {
    this.#mapper = mapper;
    this.#criterion = criterion;
  }

  /**
   * The best split of a node with the given sums over the given columns, or undefined if none gains anything.
   */
  find(
    source: HistogramSource,
    total: Float64Array,
    columns: Int32Array,
    limits: SideLimits,
  ): Split | undefined {
    const best: Cut = { gain: 0, position: -1, missingLeft: false };
    let bestColumn = -1;
    let keptLength = 0;
    for (const column of columns) {
      const before = best.gain;
      const length = this.#searchColumn(source, column, total, limits, best);
      if (best.gain <= before) continue;
      bestColumn = column;
      keptLength = best.position + 1;
      const isAscending = this.#mapper.columns[column]!.order === 'ascending';
      const sequence = isAscending ? ascending : this.#sequence;
      this.#kept.set(sequence.subarray(0, Math.min(keptLength, length)));
    }
    if (bestColumn < 0) return undefined;
    return this.#split(source, total, bestColumn, keptLength, best);
  }

  /** Leaves the column's best sequence in #sequence; gives its length. */
  #searchColumn(
    source: HistogramSource,
    column: number,
    total: Float64Array,
    limits: SideLimits,
    best: Cut,
  ): number {
    const { order, binCount } = this.#mapper.columns[column]!;
    const stride = this.#criterion.stride;
    const base = source.load(column);
    const histogram = source.sums;
    const missing = base + binCount * stride;
    if (order === 'ascending') {
      this.#criterion.scan(histogram, base, ascending, binCount, missing, total, limits, best);
      return binCount;
    }
    const length = this.#occupied(histogram, base, binCount);
    if (order === 'outcome') {
      this.#sortByOutcome(histogram, base, length);
      this.#criterion.scan(histogram, base, this.#sequence, length, missing, total, limits, best);
      return length;
    }
    if (order === 'single') return this.#searchSingles(histogram, base, length, total, limits, best);
    return this.#searchSubsets(histogram, base, length, missing, total, limits, best);
  }

  /** Puts the bins that have rows into #sequence. */
  #occupied(histogram: Float64Array, base: number, binCount: number): number {
    const stride = this.#criterion.stride;
    let length = 0;
    for (let bin = 0; bin < binCount; bin++) {
      if (this.#criterion.rows(histogram, base + bin * stride) > 0) this.#sequence[length++] = bin;
    }
    return length;
  }

  #sortByOutcome(histogram: Float64Array, base: number, length: number): void {
    const stride = this.#criterion.stride;
    const outcome = (bin: number): number => this.#criterion.outcome(histogram, base + bin * stride);
    this.#sequence.subarray(0, length).sort((left, right) => outcome(left) - outcome(right) || left - right);
  }

  /** One bin left, all others right; the cut's sequence is that one bin. */
  #searchSingles(
    histogram: Float64Array,
    base: number,
    length: number,
    total: Float64Array,
    limits: SideLimits,
    best: Cut,
  ): number {
    const one = new Int32Array(1);
    let winner = -1;
    for (let index = 0; index < length; index++) {
      one[0] = this.#sequence[index]!;
      const before = best.gain;
      // A missing value is none of the categories: it stays with the others.
      this.#criterion.scan(histogram, base, one, 1, -1, total, limits, best);
      if (best.gain > before) winner = one[0];
    }
    if (winner >= 0) this.#sequence[0] = winner;
    return 1;
  }

  /** Every subset of the occupied bins that leaves out the last one; the cut's sequence is the subset. */
  #searchSubsets(
    histogram: Float64Array,
    base: number,
    length: number,
    missing: number,
    total: Float64Array,
    limits: SideLimits,
    best: Cut,
  ): number {
    const occupied = this.#sequence.slice(0, length);
    const subset = new Int32Array(length);
    for (let code = 1; code < 2 ** Math.max(0, length - 1); code++) {
      let size = 0;
      for (let index = 0; index < length; index++) if ((code >> index) & 1) subset[size++] = occupied[index]!;
      const trial: Cut = { gain: best.gain, position: -1, missingLeft: false };
      this.#criterion.scan(histogram, base, subset, size, missing, total, limits, trial);
      // Cuts inside the sequence are other subsets, met on their own.
      if (trial.position !== size - 1) continue;
      Object.assign(best, trial);
      this.#sequence.set(subset.subarray(0, size));
    }
    return best.position + 1;
  }

  #split(
    source: HistogramSource,
    total: Float64Array,
    column: number,
    length: number,
    best: Cut,
  ): Split | undefined {
    const { stride } = this.#criterion;
    const base = source.load(column);
    const histogram = source.sums;
    const binColumn = this.#mapper.columns[column]!;
    const left = new Float64Array(stride);
    const add = (bin: number): void => {
      for (let index = 0; index < stride; index++)
        left[index] = left[index]! + histogram[base + bin * stride + index]!;
    };
    for (let position = 0; position < length; position++) {
      const bin = this.#kept[position]!;
      if (this.#criterion.rows(histogram, base + bin * stride) > 0) add(bin);
    }
    if (best.missingLeft) add(binColumn.binCount);
    const right = total.map((sum, index) => sum - left[index]!);
    const scores = this.#criterion.score(left, 0) + this.#criterion.score(right, 0);
    if (best.gain <= GAIN_NOISE * Math.abs(scores)) return undefined;
    const hasMissing = this.#criterion.rows(histogram, base + binColumn.binCount * stride) > 0;
    const heavierLeft = this.#criterion.weight(left, 0) >= this.#criterion.weight(right, 0);
    const missingLeft = binColumn.order !== 'single' && (hasMissing ? best.missingLeft : heavierLeft);
    const binSet = this.#binSet(histogram, binColumn, base, length, missingLeft);
    return { column, gain: best.gain, binSet, lastBin: length - 1, missingLeft, left, right };
  }

  /** Categories without rows in the node go where missing values go. */
  #binSet(
    histogram: Float64Array,
    column: BinColumn,
    base: number,
    length: number,
    missingLeft: boolean,
  ): Int32Array {
    const binSet = new Int32Array(BIN_SET_WORDS);
    const put = (bin: number): void => {
      binSet[bin >>> 5] = binSet[bin >>> 5]! | (1 << (bin & 31));
    };
    for (let position = 0; position < length; position++) put(this.#kept[position]!);
    if (!missingLeft) return binSet;
    put(column.binCount);
    if (column.order !== 'ascending') {
      for (let bin = 0; bin < column.binCount; bin++) {
        if (this.#criterion.rows(histogram, base + bin * this.#criterion.stride) === 0) put(bin);
      }
    }
    return binSet;
  }
}
