/** What is said of several rounds. */

function median(values) {
  const sorted = values.toSorted((left, right) => left - right);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Median, least and greatest of the values that are there; undefined if none is. */
export function spread(values) {
  const present = values.filter((value) => value !== undefined);
  return present.length === 0
    ? undefined
    : {
        median: median(present),
        min: Math.min(...present),
        max: Math.max(...present),
        count: present.length,
      };
}
