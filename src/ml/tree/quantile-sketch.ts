/**
 * Distinct values of a column with their weights, mergeable, and thresholds between them.
 *
 * A sketch is exact as long as it holds SKETCH_ENTRIES distinct values or fewer; beyond, neighbours are
 * joined into groups of about equal weight, each named by its largest value. The result depends on the data
 * and on the order of the merges alone. Threshold rule: MLlib reference, 5.2.
 */

/** Distinct values that a sketch keeps; the rank error of a merge is at most one part in so many. */
export const SKETCH_ENTRIES = 10_240;

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

/** Sketch of one column of a partition. Missing values and rows without weight are left out. */
export function sketchColumn(
  numeric: Float64Array,
  numericWidth: number,
  column: number,
  weight: Float64Array,
): QuantileSketch {
  const rowCount = weight.length;
  const present: number[] = [];
  let isUnweighted = true;
  for (let row = 0; row < rowCount; row++) {
    const share = weight[row]!;
    if (share <= 0 || Number.isNaN(numeric[row * numericWidth + column]!)) continue;
    if (share !== 1) isUnweighted = false;
    present.push(row);
  }
  if (isUnweighted) return sketchUnweighted(numeric, numericWidth, column, present);
  present.sort(
    (left, right) =>
      numeric[left * numericWidth + column]! - numeric[right * numericWidth + column]! || left - right,
  );
  const values = Float64Array.from(present, (row) => numeric[row * numericWidth + column]!);
  return distinct(
    values,
    Float64Array.from(present, (row) => weight[row]!),
  );
}

function sketchUnweighted(
  numeric: Float64Array,
  numericWidth: number,
  column: number,
  present: readonly number[],
): QuantileSketch {
  const values = new Float64Array(present.length);
  for (let index = 0; index < present.length; index++) {
    values[index] = numeric[present[index]! * numericWidth + column]!;
  }
  return distinct(values.sort(), new Float64Array(values.length).fill(1));
}

/** Joins equal neighbours of an ascending list. */
function distinct(values: Float64Array, weights: Float64Array): QuantileSketch {
  let count = 0;
  for (let index = 0; index < values.length; index++) {
    if (count > 0 && values[count - 1] === values[index]) {
      weights[count - 1] = weights[count - 1]! + weights[index]!;
    } else {
      values[count] = values[index]!;
      weights[count] = weights[index]!;
      count++;
    }
  }
  return compressed({ values: values.slice(0, count), weights: weights.slice(0, count), isExact: true });
}

/** Both sketches as one. */
export function mergeSketches(left: QuantileSketch, right: QuantileSketch): QuantileSketch {
  const size = left.values.length + right.values.length;
  const values = new Float64Array(size);
  const weights = new Float64Array(size);
  let count = 0;
  let a = 0;
  let b = 0;
  while (a < left.values.length || b < right.values.length) {
    const x = a < left.values.length ? left.values[a]! : Infinity;
    const y = b < right.values.length ? right.values[b]! : Infinity;
    const takeLeft = a < left.values.length && x <= y;
    const takeRight = b < right.values.length && y <= x;
    values[count] = takeLeft ? x : y;
    weights[count] = (takeLeft ? left.weights[a]! : 0) + (takeRight ? right.weights[b]! : 0);
    if (takeLeft) a++;
    if (takeRight) b++;
    count++;
  }
  const isExact = left.isExact && right.isExact;
  return compressed({ values: values.slice(0, count), weights: weights.slice(0, count), isExact });
}

/** At most SKETCH_ENTRIES groups of about equal weight. */
function compressed(sketch: QuantileSketch): QuantileSketch {
  const count = sketch.values.length;
  if (count <= SKETCH_ENTRIES) return sketch;
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

function totalWeight(sketch: QuantileSketch): number {
  let total = 0;
  for (const weight of sketch.weights) total += weight;
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
