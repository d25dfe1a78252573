/** One call of the scoring function: its row-wise lists become the encoder's columns, and are scored. */
import { invalidData } from '../core/index.ts';
import type { NumberScoreRequest, ScoreRequest, ScoreResponse } from '../database/index.ts';
import { scoreColumns, scoreNumbers, scoreRawRows, type RawColumn, type ScoreThreads } from '../ml/index.ts';
import type { LoadedModel } from '../planner/index.ts';

/** Every `width`-th number from `first` on: one column of row-major values. */
function numberColumn(values: Float64Array, first: number, width: number, rowCount: number): Float64Array {
  if (width === 1) return values.subarray(0, rowCount);
  const column = new Float64Array(rowCount);
  for (let row = 0, at = first; row < rowCount; row++, at += width) column[row] = values[at]!;
  return column;
}

function itemColumn<Item>(
  values: readonly Item[],
  first: number,
  width: number,
  rowCount: number,
): readonly Item[] {
  const column = new Array<Item>(rowCount);
  for (let row = 0, at = first; row < rowCount; row++, at += width) column[row] = values[at]!;
  return column;
}

/** Every `width`-th text from `first` on. */
function textColumn(texts: ScoreRequest['texts'], first: number, width: number, rowCount: number): RawColumn {
  const { nulls, utf8 } = texts;
  if (utf8 === undefined) {
    const values = texts.values as readonly (string | null)[];
    return { kind: 'text', values: itemColumn(values, first, width, rowCount) };
  }
  const starts = new Uint32Array(rowCount);
  const lengths = new Uint32Array(rowCount);
  const missing = new Uint8Array(rowCount);
  for (let row = 0, at = first; row < rowCount; row++, at += width) {
    starts[row] = utf8.starts[at]!;
    lengths[row] = utf8.lengths[at]!;
    missing[row] = nulls?.[at] ?? 0;
  }
  return { kind: 'utf8', texts: { heap: utf8.heap, starts, lengths }, nulls: missing };
}

/** Arrays must be as long as those of the training; a NULL one is an array of missing numbers. */
function checkLengths(name: string, lists: readonly (Float64Array | null)[], { encoder }: LoadedModel): void {
  const length = encoder.columns.filter((column) => column.feature === name).length;
  const wrong = lists.find((list) => list !== null && list.length !== length);
  if (wrong === undefined) return;
  throw invalidData(
    `arrays of feature "${name}" must have ${length} elements, as at training, but one has ${wrong!.length}`,
  );
}

/** The scores of a batch of rows; columns come in the encoder's order, each kind in its own list. */
export function scoreRows(loaded: LoadedModel, request: ScoreRequest, threads?: ScoreThreads): ScoreResponse {
  const { model, encoder } = loaded;
  const { rowCount } = request;
  if (encoder.scalings !== undefined && rowCount === 1) {
    const scores = new Float64Array(model.scoreWidth);
    scoreNumbers(model, encoder.layout, encoder.scalings, request.numbers, scores);
    return { width: model.scoreWidth, scores };
  }
  if (encoder.scalings !== undefined) {
    const columns = encoder.inputs.map((_, index) =>
      numberColumn(request.numbers, index, request.numberCount, rowCount),
    );
    return scoreNumberRows(loaded, { ...request, columns }, threads);
  }
  const next = { number: 0, text: 0, numbers: 0, texts: 0 };
  const columns = encoder.inputs.map((input): RawColumn => {
    switch (input.kind) {
      case 'number':
      case 'timestamp':
        return {
          kind: 'number',
          values: numberColumn(request.numbers, next.number++, request.numberCount, rowCount),
        };
      case 'text':
        return textColumn(request.texts, next.text++, request.textCount, rowCount);
      case 'numbers': {
        const values = itemColumn(request.numberLists, next.numbers++, request.numberListCount, rowCount);
        checkLengths(input.name, values, loaded);
        return { kind: 'numbers', values };
      }
      case 'texts':
        return {
          kind: 'texts',
          values: itemColumn(request.textLists, next.texts++, request.textListCount, rowCount),
        };
    }
  });
  const scores = new Float64Array(rowCount * model.scoreWidth);
  scoreRawRows(model, encoder, { rowCount, columns }, scores, threads);
  return { width: model.scoreWidth, scores };
}

/** The scores of a batch of rows whose inputs are all numbers. */
export function scoreNumberRows(
  { model, encoder }: LoadedModel,
  request: NumberScoreRequest,
  threads: ScoreThreads | undefined,
): ScoreResponse {
  const scores = new Float64Array(request.rowCount * model.scoreWidth);
  scoreColumns(model, encoder, request, scores, threads);
  return { width: model.scoreWidth, scores };
}
