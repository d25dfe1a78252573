/** Grows a small node to the end from its rows alone, depth first, in the driver. */
import { scalarTreeOperations as kernel } from '../kernel/scalar-tree-kernel.ts';
import type { TreeGrowth } from './growth.ts';
import { strideOf, type CollectedRows } from './histogram-pass.ts';

interface Range {
  readonly node: number;
  readonly start: number;
  readonly end: number;
}

/** Arrays that all small nodes of a training share. */
export class LocalGrower {
  readonly #binStart: Int32Array;
  readonly #classCount: number;
  readonly #histogram: Float64Array;

  constructor(binStart: Int32Array, classCount: number) {
    this.#binStart = binStart;
    this.#classCount = classCount;
    this.#histogram = new Float64Array(binStart.at(-1)! * strideOf(classCount));
  }

  /** Grows `node` from its rows, given partition by partition in order. */
  grow(growth: TreeGrowth, node: number, parts: readonly CollectedRows[]): void {
    const columnCount = this.#binStart.length - 1;
    const rows = joined(parts, columnCount);
    const order = Int32Array.from({ length: rows.rowCount }, (_, row) => row);
    const scratch = new Int32Array(rows.rowCount);
    const waiting: Range[] = [{ node, start: 0, end: rows.rowCount }];
    for (let range = waiting.pop(); range !== undefined; range = waiting.pop()) {
      this.#histogram.fill(0);
      this.#sum(rows, order, range);
      const split = growth.findSplit(range.node, this.#histogram);
      if (split === undefined) continue;
      const left = growth.tree.grow(range.node, split);
      const { start, end } = range;
      const middle =
        start +
        kernel.partitionRows(
          rows.bins,
          columnCount,
          order,
          start,
          end,
          split.column,
          split.binSet,
          0,
          scratch,
        );
      if (growth.canSplit(left + 1)) waiting.push({ node: left + 1, start: middle, end });
      if (growth.canSplit(left)) waiting.push({ node: left, start, end: middle });
    }
  }

  #sum(rows: JoinedRows, order: Int32Array, { start, end }: Range): void {
    if (this.#classCount === 0) {
      kernel.gradientHistogram(rows.bins, order, start, end, rows.facts, this.#binStart, this.#histogram, 0);
      return;
    }
    kernel.classHistogram(
      rows.bins,
      order,
      start,
      end,
      rows.label,
      rows.weight,
      this.#classCount,
      this.#binStart,
      this.#histogram,
      0,
    );
  }
}

interface JoinedRows {
  readonly rowCount: number;
  readonly bins: Uint8Array;
  readonly facts: Float64Array;
  readonly label: Float64Array;
  readonly weight: Float64Array;
}

function joined(parts: readonly CollectedRows[], columnCount: number): JoinedRows {
  const rowCount = parts.reduce((count, part) => count + part.rowCount, 0);
  const bins = new Uint8Array(rowCount * columnCount);
  const facts = new Float64Array(2 * rowCount);
  let row = 0;
  for (const part of parts) {
    bins.set(part.bins, row * columnCount);
    facts.set(part.facts, 2 * row);
    row += part.rowCount;
  }
  const label = Float64Array.from({ length: rowCount }, (_, index) => facts[2 * index]!);
  const weight = Float64Array.from({ length: rowCount }, (_, index) => facts[2 * index + 1]!);
  return { rowCount, bins, facts, label, weight };
}
