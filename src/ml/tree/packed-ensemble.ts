/**
 * An ensemble as the compiled kernel scores with it (kernels/assembly/score.ts). Sums are those of the plain walk to the
 * bit, since each row adds the same leaves in the same order.
 */
import { SCORE_BLOCK_ROWS, treeProgram, type ScoreForm } from '../kernel/score-form.ts';
import { CELL_COUNT, codeColumns, type CodeColumn, type CodeColumns } from './code-column.ts';
import {
  CODE_COLUMN_BYTES,
  lastUnits,
  nodeTests,
  planTree,
  UNIT_BYTES,
  unitCount,
  writeUnits,
  writeWalked,
  type TreePlan,
} from './packed-tree.ts';
import { treeCount, type TreeEnsemble } from './tree-ensemble.ts';

/** Bytes of the program itself, of the descriptions of a column and of a tree. */
const PROGRAM_BYTES = 64;
const COLUMN_BYTES = 48;
const TREE_BYTES = 32;
/** Bytes of a code column's thresholds, with infinities for as many as are compared at once; and with the cells. */
const THRESHOLD_BYTES = 260 * 8;
const TABLE_BYTES: number = THRESHOLD_BYTES + CELL_COUNT;
/** Bytes of a thread's work in front of the codes: results of 16 units, exits of four trees. */
const WORK_BYTES: number = (16 + 4) * SCORE_BLOCK_ROWS;
/** Nodes that are walked in one tree, so that a number and a threshold fit into 32 bits. */
const WALKED_NODES_MAX: number = 2 ** 24;
/** Rows, and rows times trees, that are scored before another thread has woken. */
const SHARED_ROWS_MIN = 1024;
const SHARED_TREE_ROWS = 65_536;
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
  readonly units: number;
  readonly values: number;
  readonly entries: number;
  readonly walked: number;
  readonly leaves: number;
}

/** Places count from the form's own start. */
interface EnsemblePlaces {
  readonly columns: number;
  readonly tables: number;
  readonly trees: number;
  /** Of all leaves, for trees that do not have their own in the order of exits. */
  readonly leafValues: number;
  readonly parts: readonly TreePlaces[];
  readonly bytes: number;
}

function placesOf(ensemble: TreeEnsemble, { columns }: CodeColumns): EnsemblePlaces {
  const layout = new Layout();
  layout.take(PROGRAM_BYTES);
  const trees = treeCount(ensemble);
  const places = {
    columns: layout.take(columns.length * COLUMN_BYTES),
    tables: layout.take(columns.length * TABLE_BYTES),
    trees: layout.take(trees * TREE_BYTES),
    leafValues: layout.take(ensemble.leafValues.byteLength),
  };
  const parts = Array.from({ length: trees }, (_, tree): TreePlaces => {
    const plan = planTree(ensemble, tree);
    const exits = plan.exits.length;
    return {
      plan,
      units: layout.take(unitCount(plan) * UNIT_BYTES),
      values: plan.steps < 0 ? layout.take(exits * 8) : places.leafValues,
      entries: layout.take(plan.steps < 0 ? 0 : exits * 4),
      walked: layout.take(plan.walked.length * 8),
      leaves: layout.take(plan.walked.length * 4),
    };
  });
  return { ...places, parts, bytes: layout.bytes };
}

/** The form of an ensemble without category splits that writes so many sums; undefined for a tree too large. */
export function packEnsemble(ensemble: TreeEnsemble, outputs: number): ScoreForm | undefined {
  const columns = codeColumns(ensemble);
  const places = placesOf(ensemble, columns);
  if (places.parts.some(({ plan }) => plan.walked.length >= WALKED_NODES_MAX)) return undefined;
  return {
    bytes: places.bytes,
    workBytes: WORK_BYTES + columns.copyCount * CODE_COLUMN_BYTES,
    columnCount: ensemble.numericWidth,
    outputs,
    sharedRowsMin: Math.max(SHARED_ROWS_MIN, Math.ceil(SHARED_TREE_ROWS / treeCount(ensemble))),
    write(buffer, address) {
      const view = new DataView(buffer, address, places.bytes);
      writeProgram(view, ensemble, columns, places, outputs);
      writeColumns(view, columns, places);
      new Float64Array(buffer, address + places.leafValues, ensemble.leafValues.length).set(
        ensemble.leafValues,
      );
      writeTrees(view, ensemble, columns, places, outputs);
    },
  };
}

function writeWords(view: DataView, place: number, words: readonly number[]): void {
  words.forEach((word, index) => view.setInt32(place + 4 * index, word, true));
}

function writeProgram(
  view: DataView,
  ensemble: TreeEnsemble,
  { columns }: CodeColumns,
  places: EnsemblePlaces,
  outputs: number,
): void {
  const start = view.byteOffset;
  writeWords(view, 0, [
    treeProgram,
    columns.length,
    start + places.columns,
    treeCount(ensemble),
    start + places.trees,
    ensemble.leafWidth,
    outputs,
  ]);
}

function writeColumns(view: DataView, { columns }: CodeColumns, places: EnsemblePlaces): void {
  columns.forEach((column, index) => {
    const table = places.tables + index * TABLE_BYTES;
    writeColumn(view, places.columns + index * COLUMN_BYTES, table, column);
    const start = view.byteOffset + table;
    const thresholds = new Float64Array(view.buffer, start, THRESHOLD_BYTES / 8).fill(Infinity);
    thresholds.set(column.thresholds);
    if (column.table === undefined) return;
    new Uint8Array(view.buffer, start + THRESHOLD_BYTES, CELL_COUNT).set(column.table.cells);
  });
}

function writeColumn(view: DataView, place: number, table: number, column: CodeColumn): void {
  const thresholds = view.byteOffset + table;
  writeWords(view, place, [column.source, column.table?.steps ?? 0]);
  view.setFloat64(place + 8, column.table?.least ?? 0, true);
  view.setFloat64(place + 16, column.table?.factor ?? 0, true);
  const missingRight = column.thresholds.length;
  const further = [thresholds, thresholds + THRESHOLD_BYTES, missingRight, column.left, column.right];
  writeWords(view, place + 24, further);
}

function writeTrees(
  view: DataView,
  ensemble: TreeEnsemble,
  columns: CodeColumns,
  places: EnsemblePlaces,
  outputs: number,
): void {
  const test = nodeTests(ensemble, columns);
  const start = view.byteOffset;
  places.parts.forEach((tree, index) => {
    const { plan } = tree;
    writeUnits(view, tree.units, plan, test);
    writeWalked(view, tree.walked, ensemble, plan, test);
    writeExits(view, tree, ensemble);
    writeWords(view, places.trees + index * TREE_BYTES, [
      lastUnits(plan),
      start + tree.units,
      start + tree.values,
      8 * ((index * ensemble.leafWidth) % outputs),
      plan.steps,
      start + tree.entries,
      start + tree.walked,
      start + tree.leaves,
    ]);
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
