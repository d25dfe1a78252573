/**
 * Numbers as the trees of an ensemble see them: how many of the column's thresholds are below. A byte holds 255
 * thresholds; a column that has more is split into several. Missing values are a code that goes left everywhere or one
 * that goes right everywhere, so a column is kept twice if its nodes differ in that.
 */
import type { TreeEnsemble } from './tree-ensemble.ts';

/** Thresholds of one code column at most. */
const THRESHOLDS_MAX = 255;
/** Cells that tell the first threshold to compare with. */
export const CELL_COUNT = 2048;
/** Thresholds in one cell at most; with more of them halving is faster. */
const STEPS_MAX = 4;
/** The least number whose whole part is in the low bits. */
const WHOLE = 2 ** 52;

/** How a cell is found: the kernel computes the same. */
export interface CellTable {
  readonly least: number;
  readonly factor: number;
  /** First threshold of each cell. */
  readonly cells: Uint8Array;
  /** Thresholds in one cell at most. */
  readonly steps: number;
}

export interface CodeColumn {
  /** Encoded column. */
  readonly source: number;
  /** Ascending, at most 255. */
  readonly thresholds: Float64Array;
  /** Undefined where halving is faster, or cells cannot be computed. */
  readonly table: CellTable | undefined;
  /** Number of the copy whose missing values go left, and of the other; -1 where no node reads it. */
  left: number;
  right: number;
}

/** All code columns of an ensemble. */
export interface CodeColumns {
  readonly columns: readonly CodeColumn[];
  /** Copies in all. */
  readonly copyCount: number;
  /** The copy that a numeric node reads, and its threshold there. */
  testOf(node: number): { readonly copy: number; readonly limit: number };
}

/** Distinct thresholds of each column, ascending. */
function thresholdsByColumn({ column, threshold }: TreeEnsemble): ReadonlyMap<number, Float64Array> {
  const found = new Map<number, number[]>();
  column.forEach((source, node) => {
    if (source < 0) return;
    const known = found.get(source);
    if (known === undefined) found.set(source, [threshold[node]!]);
    else known.push(threshold[node]!);
  });
  return new Map(
    [...found].map(([source, all]) => {
      const sorted = Float64Array.from(all).sort();
      return [source, sorted.filter((value, index) => index === 0 || value !== sorted[index - 1])];
    }),
  );
}

function cellOf(value: number, least: number, factor: number): number {
  const scaled = (value - least) * factor;
  // Rounded as the kernel rounds: by adding a number so large that no fraction is left.
  return Math.min(Math.max(scaled, 0), CELL_COUNT - 1) + WHOLE - WHOLE;
}

/** The cells of thresholds; none when the range is not finite or many share a cell. */
function cellTable(thresholds: Float64Array): CellTable | undefined {
  const least = thresholds[0]!;
  const finite = thresholds.at(-1) === Infinity ? thresholds.subarray(0, -1) : thresholds;
  const range = (finite.at(-1) ?? least) - least;
  const factor = range > 0 ? (CELL_COUNT - 1) / range : 1;
  if (!Number.isFinite(least) || !Number.isFinite(range) || !Number.isFinite(factor)) return undefined;
  const cells = new Uint8Array(CELL_COUNT);
  let steps = 0;
  for (let first = 0; first < thresholds.length;) {
    const cell = cellOf(thresholds[first]!, least, factor);
    let end = first + 1;
    while (end < thresholds.length && cellOf(thresholds[end]!, least, factor) === cell) end++;
    steps = Math.max(steps, end - first);
    if (steps > STEPS_MAX) return undefined;
    cells.fill(end, cell + 1);
    first = end;
  }
  return { least, factor, cells, steps };
}

/** Position of a threshold. */
function positionOf(thresholds: Float64Array, value: number): number {
  let first = 0;
  let end = thresholds.length - 1;
  while (first < end) {
    const middle = (first + end) >> 1;
    if (thresholds[middle]! < value) first = middle + 1;
    else end = middle;
  }
  return first;
}

/** The code columns of an ensemble without category splits. */
export function codeColumns(ensemble: TreeEnsemble): CodeColumns {
  const thresholds = thresholdsByColumn(ensemble);
  const parts = new Map<number, CodeColumn[]>();
  for (const [source, all] of thresholds) {
    const columns: CodeColumn[] = [];
    for (let first = 0; first < all.length; first += THRESHOLDS_MAX) {
      const own = all.subarray(first, first + THRESHOLDS_MAX);
      columns.push({ source, thresholds: own, table: cellTable(own), left: -1, right: -1 });
    }
    parts.set(source, columns);
  }
  let copyCount = 0;
  const copies = new Int32Array(ensemble.column.length);
  const limits = new Uint8Array(ensemble.column.length);
  ensemble.column.forEach((source, node) => {
    if (source < 0) return;
    const position = positionOf(thresholds.get(source)!, ensemble.threshold[node]!);
    const column = parts.get(source)![Math.floor(position / THRESHOLDS_MAX)]!;
    const side = ensemble.missingLeft[node] === 1 ? 'left' : 'right';
    if (column[side] < 0) column[side] = copyCount++;
    copies[node] = column[side];
    limits[node] = position % THRESHOLDS_MAX;
  });
  const testOf: CodeColumns['testOf'] = (node) => ({ copy: copies[node]!, limit: limits[node]! });
  return { columns: [...parts.values()].flat(), copyCount, testOf };
}
