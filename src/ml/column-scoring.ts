/** Scores rows straight from columns of numbers, without turning them into encoded rows first, where a model can. */
import { scaledNumber, UNSCALED, type NumberScaling } from './encode/number-scaling.ts';
import type { FeatureEncoder, RawRows } from './encode/feature-encoder.ts';
import { scoreArena, type ScoreArena } from './kernel/score-arena.ts';
import {
  CHUNK_COLUMN_BYTES,
  ownThread,
  placeForm,
  SCORE_CHUNK_ROWS,
  type ScoreForm,
  type ScoreThreads,
} from './kernel/score-form.ts';
import type { FeatureLayout } from './layout.ts';
import type { Scorer } from './scorer.ts';

/** How a model scores columns of numbers. */
export interface ColumnScoring {
  /** Rows below which encoding them is faster, where that gives the same bits; else 0. */
  readonly rowsMin: number;
  readonly form: ScoreForm;
  /** What the sums of a row begin with; undefined where the kernel knows. */
  readonly start?: ArrayLike<number>;
  /** Makes scores of the sums of so many rows; undefined where the sums are the scores. */
  finish?(sums: Float64Array, rowCount: number, output: Float64Array): void;
}

/** Rows as columns: one array an input, in the encoder's order; NaN is missing. */
export interface NumberColumns {
  readonly rowCount: number;
  readonly columns: readonly Float64Array[];
}

/** What scores columns: every model. */
export interface ColumnScorer extends Scorer {
  columnScoring?(scalings: readonly NumberScaling[], rowCount: number): ColumnScoring | 'later' | undefined;
}

/** Columns up to which rows of any kind are scored column by column: those of a chunk must fit beside the model. */
const STAGED_WIDTH_MAX = 256;

/** Of rows that are all numbers. */
const NO_CODES = new Int32Array(0);

const scorings = new WeakMap<ColumnScorer, ColumnScoring | null>();

function scoringOf(
  model: ColumnScorer,
  scalings: readonly NumberScaling[] | undefined,
  rowCount: number,
): ColumnScoring | undefined {
  const known = scorings.get(model);
  if (known !== undefined) return known ?? undefined;
  if (model.columnScoring === undefined || scalings === undefined) return undefined;
  const scoring = model.columnScoring(scalings, rowCount);
  if (scoring !== 'later') scorings.set(model, scoring ?? null);
  return scoring === 'later' ? undefined : scoring;
}

/**
 * Writes the scores of rows whose inputs are all numbers. As `model.score` of the encoded rows: trees to the bit, linear
 * models to about 15 digits.
 */
export function scoreColumns(
  model: ColumnScorer,
  encoder: FeatureEncoder,
  rows: NumberColumns,
  output: Float64Array,
  threads: ScoreThreads = ownThread,
): void {
  const scoring = scoringOf(model, encoder.scalings, rows.rowCount);
  if (scoring === undefined || rows.rowCount < scoring.rowsMin) {
    const columns = rows.columns.map((values) => ({ kind: 'number', values }) as const);
    model.score(encoder.encode({ rowCount: rows.rowCount, columns }), output);
    return;
  }
  scoreChunks(scoring, rows, output, model.scoreWidth, threads);
}

/** Writes the scores of one row as `scoreColumns` does; its numbers come in the encoder's order, each with its scaling. */
export function scoreNumbers(
  model: ColumnScorer,
  layout: FeatureLayout,
  scalings: readonly NumberScaling[],
  numbers: Float64Array,
  output: Float64Array,
): void {
  const scoring = scoringOf(model, scalings, 1);
  if (scoring === undefined || scoring.rowsMin > 1) {
    const numeric = new Float64Array(numbers.length);
    scalings.forEach((scaling, index) => (numeric[index] = scaledNumber(numbers[index]!, scaling)));
    model.score({ layout, rowCount: 1, numeric, codes: NO_CODES }, output);
    return;
  }
  const columns = Array.from(numbers, (value) => Float64Array.of(value));
  scoreChunks(scoring, { rowCount: 1, columns }, output, model.scoreWidth, ownThread);
}

/**
 * Writes the scores of rows of any kind: column by column where the encoder makes nothing but a few numbers of them, else
 * row by row, with the same difference as above.
 */
export function scoreRawRows(
  model: ColumnScorer,
  encoder: FeatureEncoder,
  rows: RawRows,
  output: Float64Array,
  threads: ScoreThreads = ownThread,
): void {
  const { categories, numericWidth } = encoder.layout;
  // An encoder that scales numbers itself has columns of its own form, which the model may have been written for.
  const isStaged =
    encoder.scalings === undefined && categories.length === 0 && numericWidth <= STAGED_WIDTH_MAX;
  const unscaled = isStaged ? Array.from({ length: numericWidth }, () => UNSCALED) : undefined;
  const scoring = scoringOf(model, unscaled, rows.rowCount);
  if (!isStaged || scoring === undefined || rows.rowCount < scoring.rowsMin) {
    model.score(encoder.encode(rows), output);
    return;
  }
  const columns = { rowCount: rows.rowCount, columns: encoder.stage(rows).numeric };
  scoreChunks(scoring, columns, output, model.scoreWidth, threads);
}

function scoreChunks(
  scoring: ColumnScoring,
  { rowCount, columns }: NumberColumns,
  output: Float64Array,
  scoreWidth: number,
  threads: ScoreThreads,
): void {
  for (let first = 0; first < rowCount; first += SCORE_CHUNK_ROWS) {
    const end = Math.min(rowCount, first + SCORE_CHUNK_ROWS);
    const target = output.subarray(first * scoreWidth, end * scoreWidth);
    scoreChunk(scoreArena(), scoring, columns, first, end, target, threads);
  }
}

function scoreChunk(
  arena: ScoreArena,
  { form, start, finish }: ColumnScoring,
  columns: readonly Float64Array[],
  first: number,
  end: number,
  output: Float64Array,
  threads: ScoreThreads,
): void {
  const rowCount = end - first;
  const { outputs, sharedRowsMin } = form;
  const placed = placeForm(arena, form);
  const values = new Float64Array(arena.buffer, placed.values, (columns.length * CHUNK_COLUMN_BYTES) / 8);
  columns.forEach((column, index) => {
    const isWhole = first === 0 && end === column.length;
    values.set(isWhole ? column : column.subarray(first, end), (index * CHUNK_COLUMN_BYTES) / 8);
  });
  const sums = new Float64Array(arena.buffer, placed.sums, rowCount * outputs);
  if (start !== undefined) {
    if (outputs === 1) sums.fill(start[0]!);
    else for (let row = 0; row < rowCount; row++) sums.set(start, row * outputs);
  }
  threads.run(arena, {
    ...placed,
    columnBytes: CHUNK_COLUMN_BYTES,
    rowBytes: 8,
    rowCount,
    outputs,
    sharedRowsMin,
  });
  if (finish === undefined) output.set(sums);
  else finish(sums, rowCount, output);
}
