/**
 * Distinct values of a column with their weights, mergeable, and thresholds between them.
 *
 * A sketch is exact as long as it holds SKETCH_ENTRIES distinct values or fewer; beyond, neighbours are
 * joined into groups of about equal weight, each named by its largest value. The result depends on the data
 * and on the order of the merges alone. Of many rows a sample is sketched. Threshold rule: MLlib reference, 5.2.
 */
import type { TreeKernel } from '../kernel/tree-kernel.ts';

/** Distinct values that a sketch keeps; the rank error of a merge is at most one part in so many. */
export const SKETCH_ENTRIES = 4096;

export interface QuantileSketch {
  /** Ascending. */
  readonly values: Float64Array;
  /** Summed row weights, positive. */
  readonly weights: Float64Array;
  /**
   * Whether the values are all there are; otherwise each stands for itself and the smaller ones before it.
   */
  readonly isExact: boolean;
}

/** Rows of a partition as they are sketched. */
export interface SketchedRows {
  readonly numeric: Float64Array;
  readonly numericWidth: number;
  readonly weight: Float64Array;
  /** Whether all weights are 0 or 1. */
  readonly isUnweighted: boolean;
  /** Room for two numbers a row. */
  readonly scratch: Float64Array;
}

/**
 * Rows that sketches look at, at least, of those that a training has more of: of every `stride` neighbours one, here and
 * there. 200,000 rows know a rank among 256 bins to a tenth of a bin; MLlib's sample is smaller still (reference, 5.2).
 */
const SAMPLED_ROWS = 200_000;

/** Of how many neighbouring rows one is sketched: 1 up to twice SAMPLED_ROWS. */
export function sketchStride(rowCount: number): number {
  return Math.max(1, Math.floor(rowCount / SAMPLED_ROWS));
}

/** The sampled rows of a partition, column by column. */
export class SampledRows {
  readonly #rows: SketchedRows;
  /** Column-major. */
  readonly #values: Float64Array;
  readonly #weight: Float64Array;

  /**
   * Reads columns [first, first + columnCount) of a row of every `stride`, at a place that does not repeat itself, as
   * neighbouring rows may.
   */
  constructor(rows: SketchedRows, stride: number, first: number, columnCount: number) {
    const { numeric, numericWidth, weight, scratch } = rows;
    const count = Math.floor(weight.length / stride);
    this.#rows = rows;
    this.#values = new Float64Array(count * columnCount);
    // The sort takes two numbers a row; what it reads lies behind them.
    this.#weight = scratch.subarray(2 * count, 3 * count);
    for (let index = 0; index < count; index++) {
      const row = index * stride + ((Math.imul(index + 1, 0x9e3779b1) >>> 8) % stride);
      this.#weight[index] = weight[row]!;
      const from = row * numericWidth + first;
      for (let column = 0, at = index; column < columnCount; column++, at += count)
        this.#values[at] = numeric[from + column]!;
    }
  }

  /** A column of the sampled rows, as rows of one column; of the columns read, the `index`-th. */
  column(index: number): SketchedRows {
    const { scratch, isUnweighted: isPlain } = this.#rows;
    const count = this.#weight.length;
    const values = scratch.subarray(3 * count, 4 * count);
    values.set(this.#values.subarray(index * count, (index + 1) * count));
    return { numeric: values, numericWidth: 1, weight: this.#weight, isUnweighted: isPlain, scratch };
  }
}

/** Whether all weights are 0 or 1. */
export function isUnweighted(weight: Float64Array): boolean {
  for (let row = 0; row < weight.length; row++) if (weight[row] !== 1 && weight[row] !== 0) return false;
  return true;
}

/** Sketch of one column of a partition. Missing values and rows without weight are left out. */
export function sketchColumn(rows: SketchedRows, column: number, kernel: TreeKernel): QuantileSketch {
  const { numeric, numericWidth, weight, scratch } = rows;
  if (rows.isUnweighted) {
    const count = kernel.sortColumn(numeric, numericWidth, column, weight, scratch);
    return distinct(scratch.subarray(0, count), undefined);
  }
  const valueOf = (row: number): number => numeric[row * numericWidth + column]!;
  const present: number[] = [];
  for (let row = 0; row < weight.length; row++) {
    if (weight[row]! > 0 && !Number.isNaN(valueOf(row))) present.push(row);
  }
  present.sort((left, right) => valueOf(left) - valueOf(right) || left - right);
  return distinct(
    Float64Array.from(present, valueOf),
    Float64Array.from(present, (row) => weight[row]!),
  );
}

/** Joins equal neighbours of an ascending list, in place; each weighs 1 unless weights are given. */
function distinct(values: Float64Array, given: Float64Array | undefined): QuantileSketch {
  const weights = given ?? new Float64Array(values.length);
  let count = 0;
  let last = Number.NaN;
  for (let index = 0; index < values.length; index++) {
    const value = values[index]!;
    const weight = given === undefined ? 1 : weights[index]!;
    if (value === last) {
      weights[count - 1]! += weight;
      continue;
    }
    values[count] = value;
    weights[count] = weight;
    last = value;
    count++;
  }
  return compressed({
    values: values.subarray(0, count),
    weights: weights.subarray(0, count),
    isExact: true,
  });
}

/** Both sketches as one. */
export function mergeSketches(left: QuantileSketch, right: QuantileSketch): QuantileSketch {
  const { values: lows, weights: lowWeights } = left;
  const { values: highs, weights: highWeights } = right;
  const values = new Float64Array(lows.length + highs.length);
  const weights = new Float64Array(lows.length + highs.length);
  let count = 0;
  let a = 0;
  let b = 0;
  while (a < lows.length && b < highs.length) {
    const x = lows[a]!;
    const y = highs[b]!;
    values[count] = x <= y ? x : y;
    let weight = 0;
    if (x <= y) weight = lowWeights[a++]!;
    if (y <= x) weight += highWeights[b++]!;
    weights[count++] = weight;
  }
  values.set(lows.subarray(a), count);
  weights.set(lowWeights.subarray(a), count);
  count += lows.length - a;
  values.set(highs.subarray(b), count);
  weights.set(highWeights.subarray(b), count);
  count += highs.length - b;
  const isExact = left.isExact && right.isExact;
  return compressed({ values: values.subarray(0, count), weights: weights.subarray(0, count), isExact });
}

/** At most SKETCH_ENTRIES groups of about equal weight, in arrays of their own. */
function compressed(sketch: QuantileSketch): QuantileSketch {
  const count = sketch.values.length;
  if (count <= SKETCH_ENTRIES) {
    return { values: sketch.values.slice(), weights: sketch.weights.slice(), isExact: sketch.isExact };
  }
  const stride = totalWeight(sketch) / SKETCH_ENTRIES;
  const values = new Float64Array(SKETCH_ENTRIES);
  const weights = new Float64Array(SKETCH_ENTRIES);
  let group = 0;
  let before = 0;
  let cumulative = 0;
  for (let index = 0; index < count; index++) {
    cumulative += sketch.weights[index]!;
    const isLast = index === count - 1;
    if (!isLast && (cumulative < (group + 1) * stride || group === SKETCH_ENTRIES - 1)) continue;
    values[group] = sketch.values[index]!;
    weights[group] = cumulative - before;
    before = cumulative;
    group++;
  }
  return { values: values.slice(0, group), weights: weights.slice(0, group), isExact: false };
}

/** By index: it runs before it is compiled, and an iterator costs ten times as much then. */
function totalWeight({ weights }: QuantileSketch): number {
  let total = 0;
  for (let index = 0; index < weights.length; index++) total += weights[index]!;
  return total;
}

/**
 * At most `binCount - 1` thresholds, ascending; a value belongs left of a threshold it does not exceed.
 * Midpoints of all neighbours if they are few enough, else one about every total / binCount of weight.
 */
export function thresholdsOf(sketch: QuantileSketch, binCount: number): Float64Array {
  const { values, weights } = sketch;
  const wanted = binCount - 1;
  const thresholds: number[] = [];
  if (values.length - 1 <= wanted) {
    for (let index = 1; index < values.length; index++) thresholds.push(between(sketch, index));
    return Float64Array.from(thresholds);
  }
  const stride = totalWeight(sketch) / binCount;
  let target = stride;
  let cumulative = weights[0]!;
  for (let index = 1; index < values.length && thresholds.length < wanted; index++) {
    const next = cumulative + weights[index]!;
    if (Math.abs(cumulative - target) < Math.abs(next - target)) {
      thresholds.push(between(sketch, index));
      target += stride;
    }
    cumulative = next;
  }
  return Float64Array.from(thresholds);
}

/**
 * A threshold between a value and the one before it: the midpoint, if there is a number strictly below the
 * value.
 */
function between(sketch: QuantileSketch, index: number): number {
  const low = sketch.values[index - 1]!;
  if (!sketch.isExact) return low;
  const high = sketch.values[index]!;
  const middle = low / 2 + high / 2;
  return middle >= low && middle < high ? middle : low;
}
