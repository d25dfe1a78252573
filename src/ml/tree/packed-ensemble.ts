/**
 * An ensemble in the thread's memory for scoring, and the sums that the compiled kernel makes of it. Values go through a
 * block of rows at a time; sums are those of the plain walk to the bit, since each row adds the same leaves in the same
 * order.
 */
import type { ScoreArena } from '../kernel/score-arena.ts';
import { CELL_COUNT, codeColumns, type CodeColumn, type CodeColumns } from './code-column.ts';
import {
  BLOCK_BYTES,
  blockCount,
  CODE_COLUMN_BYTES,
  nodeTests,
  planTree,
  writeBlocks,
  writeWalked,
  type TreePlan,
} from './packed-tree.ts';
import type { TreeEnsemble } from './tree-ensemble.ts';

/** Rows of a block. */
export const SCORE_BLOCK_ROWS: number = CODE_COLUMN_BYTES;
/** Bytes of a tree's description, of a column's thresholds, of the exits table and of the kernel's scratch in all. */
const TREE_BYTES = 32;
const THRESHOLD_BYTES = 256 * 8;
const SCRATCH_BYTES: number = 512 + 256 + CODE_COLUMN_BYTES;
/** Nodes that are walked in one tree, so that a number and a threshold fit into 32 bits. */
const WALKED_NODES_MAX = 2 ** 24;
const ALIGNMENT = 64;

/** Gives out places one behind the other, each a multiple of 64. */
class Layout {
  bytes = 0;

  take(size: number): number {
    const place = this.bytes;
    this.bytes += Math.ceil(size / ALIGNMENT) * ALIGNMENT;
    return place;
  }
}

/** Places of a tree's parts. */
interface TreePlaces {
  readonly plan: TreePlan;
  readonly blocks: number;
  readonly values: number;
  readonly entries: number;
  readonly walked: number;
  readonly leaves: number;
}

/** What an ensemble has in memory; places count from its own start. */
export interface PackedEnsemble {
  readonly ensemble: TreeEnsemble;
  readonly columns: CodeColumns;
  readonly bytes: number;
  readonly scratch: number;
  /** One table of thresholds a code column, and of cells. */
  readonly tables: number;
  readonly trees: number;
  readonly treePlaces: readonly TreePlaces[];
  /** Codes, numbers and sums of a block of rows. */
  readonly codes: number;
  readonly numbers: number;
  readonly sums: number;
}

const TABLE_BYTES = THRESHOLD_BYTES + CELL_COUNT;

/** Plans an ensemble without category splits; undefined when the form cannot hold it. */
export function packEnsemble(ensemble: TreeEnsemble, outputWidth: number): PackedEnsemble | undefined {
  const columns = codeColumns(ensemble);
  const layout = new Layout();
  const trees = ensemble.treeStart.length - 1;
  const scratch = layout.take(SCRATCH_BYTES);
  const tables = layout.take(columns.columns.length * TABLE_BYTES);
  const descriptions = layout.take(trees * TREE_BYTES);
  const allValues = layout.take(ensemble.leafValues.byteLength);
  const treePlaces: TreePlaces[] = [];
  for (let tree = 0; tree < trees; tree++) {
    const plan = planTree(ensemble, tree);
    if (plan.walked.length >= WALKED_NODES_MAX) return undefined;
    treePlaces.push({
      plan,
      blocks: layout.take(blockCount(plan) * BLOCK_BYTES),
      values: plan.steps < 0 ? layout.take(plan.exits.length * 8) : allValues,
      entries: layout.take(plan.steps < 0 ? 0 : plan.exits.length * 4),
      walked: layout.take(plan.walked.length * 8),
      leaves: layout.take(plan.walked.length * 4),
    });
  }
  return {
    ensemble,
    columns,
    scratch,
    tables,
    trees: descriptions,
    treePlaces,
    // One row more: codes are made of two rows at a time.
    codes: layout.take(columns.copyCount * CODE_COLUMN_BYTES + 2),
    numbers: layout.take((SCORE_BLOCK_ROWS + 1) * ensemble.numericWidth * 8),
    sums: layout.take(SCORE_BLOCK_ROWS * outputWidth * 8),
    bytes: layout.bytes,
  };
}

/** Writes everything but a block's own numbers. */
export function writeEnsemble(
  packed: PackedEnsemble,
  outputWidth: number,
  buffer: SharedArrayBuffer,
  address: number,
): void {
  const { ensemble, columns } = packed;
  const view = new DataView(buffer, address, packed.bytes);
  const exits = new Uint8Array(buffer, address + packed.scratch, 512);
  exits.forEach((_, place) => (exits[place] = 2 * (place >> 4)));
  columns.columns.forEach((column, place) => {
    const table = address + packed.tables + place * TABLE_BYTES;
    const thresholds = new Float64Array(buffer, table, THRESHOLD_BYTES / 8).fill(Infinity);
    thresholds.set(column.thresholds);
    if (column.table !== undefined)
      new Uint8Array(buffer, table + THRESHOLD_BYTES, CELL_COUNT).set(column.table.cells);
  });
  const sharedValues = packed.treePlaces.find(({ plan }) => plan.steps >= 0)?.values;
  if (sharedValues !== undefined) {
    new Float64Array(buffer, address + sharedValues, ensemble.leafValues.length).set(ensemble.leafValues);
  }
  const test = nodeTests(ensemble, columns);
  packed.treePlaces.forEach((places, tree) => {
    writeBlocks(view, places.blocks, ensemble, places.plan, test);
    writeWalked(view, places.walked, ensemble, places.plan, test);
    writeExits(view, places, ensemble);
    const target = (tree * ensemble.leafWidth) % outputWidth;
    const { frontLevels, steps } = places.plan;
    [
      frontLevels,
      address + places.blocks,
      address + places.values,
      8 * target,
      steps,
      address + places.entries,
      address + places.walked,
      address + places.leaves,
    ].forEach((word, index) => view.setInt32(packed.trees + tree * TREE_BYTES + 4 * index, word, true));
  });
}

function writeExits(view: DataView, places: TreePlaces, ensemble: TreeEnsemble): void {
  const { plan } = places;
  if (plan.steps < 0) {
    plan.exits.forEach((node, exit) => {
      view.setFloat64(places.values + 8 * exit, ensemble.leafValues[ensemble.left[node]!]!, true);
    });
    return;
  }
  plan.exits.forEach((_, exit) => view.setUint32(places.entries + 4 * exit, exit, true));
  plan.walked.forEach((node, place) => {
    const leaf = ensemble.column[node]! < 0 ? ensemble.left[node]! : 0;
    view.setUint32(places.leaves + 4 * place, leaf, true);
  });
}

/** Codes of a block's rows: `numbersAt` is the first value of column 0, columns and rows so many numbers apart. */
export function writeCodes(
  arena: ScoreArena,
  packed: PackedEnsemble,
  address: number,
  numbersAt: number,
  columnStride: number,
  rowStride: number,
  count: number,
): void {
  const codes = address + packed.codes;
  const copyAt = (copy: number): number => (copy < 0 ? 0 : codes + copy * CODE_COLUMN_BYTES);
  packed.columns.columns.forEach((column, place) => {
    const thresholds = address + packed.tables + place * TABLE_BYTES;
    const values = numbersAt + 8 * columnStride * column.source;
    writeColumn(
      arena,
      column,
      values,
      rowStride,
      count,
      thresholds,
      copyAt(column.left),
      copyAt(column.right),
    );
  });
}

function writeColumn(
  { kernel }: ScoreArena,
  column: CodeColumn,
  values: number,
  stride: number,
  count: number,
  thresholds: number,
  left: number,
  right: number,
): void {
  const missing = column.thresholds.length;
  const { table } = column;
  if (table === undefined) {
    kernel.scoreCodesByHalving(values, stride, count, thresholds, missing, left, right);
    return;
  }
  const cells = thresholds + THRESHOLD_BYTES;
  const { least, factor, steps } = table;
  kernel.scoreCodesByCell(
    values,
    stride,
    count,
    thresholds,
    cells,
    least,
    factor,
    steps,
    missing,
    left,
    right,
  );
}
