/**
 * Grows a small node to the end from its rows alone, depth first, in the driver. Its bins are turned column
 * by column, and a histogram holds one column at a time: it stays in the cache however many columns there
 * are.
 */
import type { FixedPoint } from '../kernel/fixed-point.ts';
import { scalarTreeOperations as kernel } from '../kernel/scalar-tree-kernel.ts';
import type { TreeGrowth } from './growth.ts';
import { strideOf, type CollectedRows } from './histogram-pass.ts';
import type { HistogramSource } from './split-search.ts';

/** Bins of one column, the missing one included. */
const BINS_MAX = 256;

interface Range {
  readonly node: number;
  readonly start: number;
  readonly end: number;
}

/** Grows small nodes; its arrays serve one after the other. */
export class LocalGrower {
  readonly #binStart: Int32Array;
  readonly #classCount: number;
  readonly #histogram: Float64Array;

  constructor(binStart: Int32Array, classCount: number) {
    this.#binStart = binStart;
    this.#classCount = classCount;
    this.#histogram = new Float64Array(BINS_MAX * strideOf(classCount));
  }

  /** Grows `node` from its rows, given partition by partition in order. */
  grow(growth: TreeGrowth, node: number, parts: readonly CollectedRows[], units: FixedPoint): void {
    const rows = joinRows(parts, this.#binStart.length - 1);
    const order = Int32Array.from({ length: rows.rowCount }, (_, row) => row);
    const waiting: Range[] = [{ node, start: 0, end: rows.rowCount }];
    for (let range = waiting.pop(); range !== undefined; range = waiting.pop()) {
      const { start, end } = range;
      const split = growth.findSplit(range.node, this.#source(rows, order, range, units));
      if (split === undefined) continue;
      const left = growth.tree.grow(range.node, split);
      const bins = rows.columns[split.column]!;
      const middle = start + kernel.partitionRows(bins, order, start, end, split.binSet, 0);
      if (growth.canSplit(left + 1)) waiting.push({ node: left + 1, start: middle, end });
      if (growth.canSplit(left)) waiting.push({ node: left, start, end: middle });
    }
  }

  #source(rows: LocalRows, order: Int32Array, { start, end }: Range, units: FixedPoint): HistogramSource {
    const sums = this.#histogram;
    const stride = strideOf(this.#classCount);
    const load = (column: number): number => {
      const bins = rows.columns[column]!;
      const binStart = Int32Array.of(0, this.#binStart[column + 1]! - this.#binStart[column]!);
      sums.fill(0, 0, binStart[1]! * stride);
      const runs = [{ bins, order, start, end, facts: rows.facts }];
      if (this.#classCount === 0) kernel.gradientHistogram(runs, binStart, units, sums, 0);
      else kernel.classHistogram(runs, this.#classCount, binStart, sums, 0);
      return 0;
    };
    return { sums, load };
  }
}

interface LocalRows {
  readonly rowCount: number;
  /** Bins of each column. */
  readonly columns: readonly Uint8Array[];
  /** Pairs of gradient and hessian, or of class and weight. */
  readonly facts: Float64Array;
}

function joinRows(parts: readonly CollectedRows[], columnCount: number): LocalRows {
  const rowCount = parts.reduce((count, part) => count + part.rowCount, 0);
  const bins = new Uint8Array(rowCount * columnCount);
  const facts = new Float64Array(2 * rowCount);
  let first = 0;
  for (const part of parts) {
    facts.set(part.facts, 2 * first);
    for (let row = 0; row < part.rowCount; row++) {
      for (let column = 0; column < columnCount; column++) {
        bins[column * rowCount + first + row] = part.bins[row * columnCount + column]!;
      }
    }
    first += part.rowCount;
  }
  const columns = Array.from({ length: columnCount }, (_, column) =>
    bins.subarray(column * rowCount, (column + 1) * rowCount),
  );
  return { rowCount, columns, facts };
}
