/** Order statistics by selection. Source: C. A. R. Hoare, "Algorithm 65: find" (1961). */

/** The value that has `rank` values before it in ascending order; `values` (no NaN) are moved about. */
export function valueOfRank(values: Float64Array, rank: number): number {
  let first = 0;
  let last = values.length - 1;
  while (first < last) {
    const pivot = middleOf(values[first]!, values[(first + last) >> 1]!, values[last]!);
    let left = first;
    let right = last;
    while (left <= right) {
      while (values[left]! < pivot) left++;
      while (values[right]! > pivot) right--;
      if (left > right) break;
      const value = values[left]!;
      values[left++] = values[right]!;
      values[right--] = value;
    }
    if (rank <= right) last = right;
    else if (rank >= left) first = left;
    else return values[rank]!;
  }
  return values[rank]!;
}

function middleOf(first: number, second: number, third: number): number {
  const least = Math.min(first, second);
  const greatest = Math.max(first, second);
  return Math.max(least, Math.min(greatest, third));
}
