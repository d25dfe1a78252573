/** Scores rows straight from columns of numbers, without encoding them first, where a model can. */
import type { NumberScaling } from './encode/number-scaling.ts';
import type { FeatureEncoder } from './encode/feature-encoder.ts';
import { scoreArena, type ScoreArena } from './kernel/score-arena.ts';
import {
  CHUNK_COLUMN_BYTES,
  ownThread,
  placeForm,
  SCORE_CHUNK_ROWS,
  type ScoreForm,
  type ScoreThreads,
} from './kernel/score-form.ts';
import type { Scorer } from './scorer.ts';

/** How a model scores columns of numbers. */
export interface ColumnScoring {
  /** Rows below which encoding them is faster, where that gives the same bits; else 0. */
  readonly rowsMin: number;
  readonly form: ScoreForm;
  /** What the sums of a row begin with. */
  readonly start: ArrayLike<number>;
  /** Makes scores of the sums of so many rows. */
  finish(sums: Float64Array, rowCount: number, output: Float64Array): void;
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

const scorings = new WeakMap<ColumnScorer, ColumnScoring | null>();

function scoringOf(
  model: ColumnScorer,
  encoder: FeatureEncoder,
  rowCount: number,
): ColumnScoring | undefined {
  const known = scorings.get(model);
  if (known !== undefined) return known ?? undefined;
  if (model.columnScoring === undefined || encoder.scalings === undefined) return undefined;
  const scoring = model.columnScoring(encoder.scalings, rowCount);
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
  const scoring = scoringOf(model, encoder, rows.rowCount);
  if (scoring === undefined || rows.rowCount < scoring.rowsMin) {
    const columns = rows.columns.map((values) => ({ kind: 'number', values }) as const);
    model.score(encoder.encode({ rowCount: rows.rowCount, columns }), output);
    return;
  }
  for (let first = 0; first < rows.rowCount; first += SCORE_CHUNK_ROWS) {
    const end = Math.min(rows.rowCount, first + SCORE_CHUNK_ROWS);
    const target = output.subarray(first * model.scoreWidth, end * model.scoreWidth);
    scoreChunk(scoreArena(), scoring, rows.columns, first, end, target, threads);
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
  if (outputs === 1) sums.fill(start[0]!);
  else for (let row = 0; row < rowCount; row++) sums.set(start, row * outputs);
  threads.run(arena, {
    ...placed,
    columnBytes: CHUNK_COLUMN_BYTES,
    rowBytes: 8,
    rowCount,
    outputs,
    sharedRowsMin,
  });
  finish(sums, rowCount, output);
}
