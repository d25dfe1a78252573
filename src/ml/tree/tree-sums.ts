/** Sums of an ensemble's leaf values: by the compiled kernel for many rows, by the plain walk for a few. */
import type { EncodedRows } from '../layout.ts';
import type { NumberScaling } from '../encode/number-scaling.ts';
import { scoreArena } from '../kernel/score-arena.ts';
import {
  fitsArena,
  placeForm,
  SCORE_BLOCK_ROWS,
  scoreBlock,
  treeProgram,
  type ScoreForm,
} from '../kernel/score-form.ts';
import { packEnsemble } from './packed-ensemble.ts';
import { treeCount, walkTrees, type TreeEnsemble } from './tree-ensemble.ts';

/** Rows below which the plain walk is faster, and from which on it pays to pack an ensemble. */
export const PACKED_ROWS_MIN = 16;
const PACKING_ROWS_MIN = 256;
/** Columns at most, so that a chunk of rows stays small. */
const PACKED_COLUMNS_MAX = 1024;

/** Forms by ensemble; null for what has none. */
const forms = new WeakMap<TreeEnsemble, ScoreForm | null>();

function formOf(ensemble: TreeEnsemble, outputs: number): ScoreForm | null {
  const isSuited =
    treeCount(ensemble) > 0 &&
    ensemble.categorySet.length === 0 &&
    ensemble.numericWidth <= PACKED_COLUMNS_MAX;
  const form = isSuited ? packEnsemble(ensemble, outputs) : undefined;
  return form !== undefined && fitsArena(scoreArena(), form) ? form : null;
}

/** The compiled form of an ensemble for so many rows; undefined where the plain walk is better. */
function treeForm(ensemble: TreeEnsemble, rowCount: number, outputs: number): ScoreForm | undefined {
  if (rowCount < PACKED_ROWS_MIN) return undefined;
  let form = forms.get(ensemble);
  if (form === undefined) {
    if (rowCount < PACKING_ROWS_MIN) return undefined;
    form = formOf(ensemble, outputs);
    forms.set(ensemble, form);
  }
  return form ?? undefined;
}

/**
 * The form of an ensemble that reads columns of numbers: they must come to it as they are. `later` for so few rows that it
 * does not pay yet.
 */
export function treeColumnForm(
  ensemble: TreeEnsemble,
  scalings: readonly NumberScaling[],
  rowCount: number,
  outputs: number,
): ScoreForm | 'later' | undefined {
  const isRaw = scalings.every(({ mean, scale, imputes }) => mean === 0 && scale === 1 && !imputes);
  if (!isRaw || scalings.length !== ensemble.numericWidth) return undefined;
  if (rowCount < PACKING_ROWS_MIN && forms.get(ensemble) === undefined) return 'later';
  return treeForm(ensemble, Math.max(rowCount, PACKING_ROWS_MIN), outputs);
}

/**
 * Adds every tree's leaf values to `output` (rowCount × outputs, row-major): those of tree t start at column (t ×
 * leafWidth) % outputs. An ensemble always comes with the same number of outputs.
 */
export function addTreeValues(
  ensemble: TreeEnsemble,
  rows: EncodedRows,
  output: Float64Array,
  outputs: number,
): void {
  const form = treeForm(ensemble, rows.rowCount, outputs);
  if (form === undefined) walkTrees(ensemble, rows, output, outputs);
  else addPackedValues(form, rows, output);
}

function addPackedValues(form: ScoreForm, rows: EncodedRows, output: Float64Array): void {
  const arena = scoreArena();
  const placed = placeForm(arena, form);
  const { columnCount, outputs } = form;
  const numbers = new Float64Array(arena.buffer, placed.values, SCORE_BLOCK_ROWS * columnCount);
  const sums = new Float64Array(arena.buffer, placed.sums, SCORE_BLOCK_ROWS * outputs);
  for (let first = 0; first < rows.rowCount; first += SCORE_BLOCK_ROWS) {
    const rowCount = Math.min(SCORE_BLOCK_ROWS, rows.rowCount - first);
    numbers.set(rows.numeric.subarray(first * columnCount, (first + rowCount) * columnCount));
    const target = output.subarray(first * outputs, (first + rowCount) * outputs);
    sums.set(target);
    const job = {
      ...placed,
      columnBytes: 8,
      rowBytes: 8 * columnCount,
      rowCount,
      outputs,
      sharedRowsMin: Infinity,
    };
    scoreBlock(arena.kernel, treeProgram, job, 0, 0);
    target.set(sums.subarray(0, rowCount * outputs));
  }
}
