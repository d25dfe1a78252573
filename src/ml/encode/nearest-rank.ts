/** Order statistics by selection. Source: R. W. Floyd and R. L. Rivest, "Algorithm 489: select" (1975). */

/** Values among which no sample is drawn to find one that is close to the rank. */
const UNSAMPLED_MAX = 600;

/** The value that has `rank` values before it in ascending order; `values` (no NaN) are moved about. */
export function valueOfRank(values: Float64Array, rank: number): number {
  select(values, 0, values.length - 1, rank);
  return values[rank]!;
}

/** Moves values from `first` to `last` about until the one at `rank` is in its place: none before it is greater. */
function select(values: Float64Array, first: number, last: number, rank: number): void {
  while (first < last) {
    const count = last - first + 1;
    if (count > UNSAMPLED_MAX) {
      const place = rank - first + 1;
      const logarithm = Math.log(count);
      const sampleCount = 0.5 * Math.exp((2 * logarithm) / 3);
      const deviation = 0.5 * Math.sqrt((logarithm * sampleCount * (count - sampleCount)) / count);
      const shift = place < count / 2 ? -deviation : deviation;
      const before = Math.floor(rank - (place * sampleCount) / count + shift);
      const after = Math.floor(rank + ((count - place) * sampleCount) / count + shift);
      select(values, Math.max(first, before), Math.min(last, after), rank);
    }
    const border = partition(values, first, last, rank);
    if (rank < border) last = border - 1;
    else if (rank > border) first = border + 1;
    else return;
  }
}

/** Puts what is less than the value at `place` before it, and what is greater behind it. Gives its new place. */
function partition(values: Float64Array, first: number, last: number, place: number): number {
  const pivot = values[place]!;
  let left = first;
  let right = last;
  exchange(values, first, place);
  if (values[last]! > pivot) exchange(values, first, last);
  while (left < right) {
    exchange(values, left++, right--);
    while (values[left]! < pivot) left++;
    while (values[right]! > pivot) right--;
  }
  if (values[first]! === pivot) exchange(values, first, right);
  else exchange(values, ++right, last);
  return right;
}

function exchange(values: Float64Array, left: number, right: number): void {
  const value = values[left]!;
  values[left] = values[right]!;
  values[right] = value;
}
