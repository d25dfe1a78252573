/**
 * The SQL functions __augur_score and __augur_score_numbers, which lowered ML calls are made of. They read DuckDB's
 * vectors as whole arrays and hand 2,048 rows at a time to the engine's scorer.
 *
 * They are registered as volatile: DuckDB then neither folds it while planning nor pushes a filter on its result
 * through the subquery that computes it, so a score is computed once a row however often it is referred to.
 */
import duckdb from '@duckdb/node-bindings';
import { internalError, TextVector, Types } from '../core/index.ts';
import { fixedValues, readNulls } from './batch-reader.ts';
import { keepFailure } from './callback-failure.ts';
import type { DatabaseHooks, ScoreResponse } from './contract.ts';
import { releaseCopy } from './chunk-copy.ts';
import { readStrings } from './string-reader.ts';
import { readUtf8 } from './utf8-reader.ts';

const { Type } = duckdb;

type Hooks = Pick<DatabaseHooks, 'score' | 'scoreNumbers'>;

/** Registers both functions for the whole instance. */
export function registerScoreFunctions(connection: duckdb.Connection, hooks: Hooks): void {
  const double = duckdb.create_logical_type(Type.DOUBLE);
  const text = duckdb.create_logical_type(Type.VARCHAR);
  const list = duckdb.create_list_type;
  const lists = [text, list(double), list(text), list(list(double)), list(list(text))];
  register(connection, '__augur_score', lists, undefined, (input) => scoreChunk(input, hooks));
  register(connection, '__augur_score_numbers', [text], double, (input) => scoreNumbers(input, hooks));
}

/** A function from parameters, and any number of `further` ones, to a list of numbers. */
function register(
  connection: duckdb.Connection,
  name: string,
  parameters: readonly duckdb.LogicalType[],
  further: duckdb.LogicalType | undefined,
  score: (input: duckdb.DataChunk) => ScoreResponse,
): void {
  const scalar = duckdb.create_scalar_function();
  duckdb.scalar_function_set_name(scalar, name);
  for (const type of parameters) duckdb.scalar_function_add_parameter(scalar, type);
  if (further !== undefined) duckdb.scalar_function_set_varargs(scalar, further);
  const double = duckdb.create_logical_type(Type.DOUBLE);
  duckdb.scalar_function_set_return_type(scalar, duckdb.create_list_type(double));
  duckdb.scalar_function_set_volatile(scalar);
  duckdb.scalar_function_set_special_handling(scalar);
  duckdb.scalar_function_set_function(scalar, (info, input, output) => {
    try {
      writeScores(output, duckdb.data_chunk_get_size(input), score(input));
    } catch (thrown) {
      duckdb.scalar_function_set_error(info, keepFailure(thrown));
    }
  });
  duckdb.register_scalar_function(connection, scalar);
  duckdb.destroy_scalar_function_sync(scalar);
}

/** Every argument behind the version is one column. */
function scoreNumbers(input: duckdb.DataChunk, hooks: Hooks): ScoreResponse {
  const rowCount = duckdb.data_chunk_get_size(input);
  const columns = Array.from({ length: duckdb.data_chunk_get_column_count(input) - 1 }, (_, index) =>
    doubleElements(duckdb.data_chunk_get_vector(input, index + 1), rowCount),
  );
  const versionId = readVersion(duckdb.data_chunk_get_vector(input, 0), rowCount);
  const response = checked(hooks.scoreNumbers({ versionId, rowCount, columns }), rowCount);
  columns.forEach(releaseCopy);
  return response;
}

function checked(response: ScoreResponse, rowCount: number): ScoreResponse {
  if (response.scores.length !== rowCount * response.width) {
    throw internalError(`${response.scores.length} scores for ${rowCount} rows of ${response.width}`);
  }
  return response;
}

function scoreChunk(input: duckdb.DataChunk, hooks: Hooks): ScoreResponse {
  const rowCount = duckdb.data_chunk_get_size(input);
  const argument = (index: number): duckdb.Vector => duckdb.data_chunk_get_vector(input, index);
  const numbers = readNumbers(argument(1), rowCount);
  const texts = readTexts(argument(2), rowCount);
  const numberLists = readLists(argument(3), rowCount, numberListElements);
  const textLists = readLists(argument(4), rowCount, textListElements);
  const response = hooks.score({
    versionId: readVersion(argument(0), rowCount),
    rowCount,
    numbers: numbers.values,
    numberCount: numbers.count,
    texts: texts.values,
    textCount: texts.count,
    numberLists: numberLists.values,
    numberListCount: numberLists.count,
    textLists: textLists.values,
    textListCount: textLists.count,
  });
  return checked(response, rowCount);
}

/** The one version of all rows: lowered SQL passes it as a constant. */
function readVersion(vector: duckdb.Vector, rowCount: number): string {
  const versions = readStrings(vector, 1, readNulls(vector, 1));
  const first = versions[0];
  if (first === null || first === undefined) throw internalError('score of no version');
  const entries = duckdb.vector_get_data(vector, rowCount * 16);
  // Where each entry is as the one before it, all are as the first.
  const areSame = Buffer.compare(entries.subarray(16), entries.subarray(0, -16)) === 0;
  releaseCopy(entries);
  if (areSame) return first;
  const all = readStrings(vector, rowCount, readNulls(vector, rowCount));
  if (all.some((version) => version !== first)) throw internalError('scores of several versions in one call');
  return first;
}

/**
 * Where each row's list lies in the child vector. A NULL list has no elements; all others are equally long.
 */
interface ListLayout {
  /** Elements a row. */
  readonly count: number;
  /** Start of each row's list, or -1 for a NULL one. */
  readonly starts: Int32Array;
  /** Whether the lists of all rows lie one behind the other, from the start of the first. */
  readonly isDense: boolean;
  readonly childSize: number;
}

function readLayout(vector: duckdb.Vector, rowCount: number): ListLayout {
  const nulls = readNulls(vector, rowCount);
  // Entries are pairs of 64-bit offset and length; a chunk's children are far fewer than 2^31, so low words
  // suffice.
  const words = new Int32Array(fixedValues(BigUint64Array, vector, rowCount * 2).buffer);
  const starts = new Int32Array(rowCount).fill(-1);
  let count = -1;
  let isDense = true;
  for (let row = 0; row < rowCount; row++) {
    if (nulls?.[row] === 1) {
      isDense = false;
      continue;
    }
    const length = words[row * 4 + 2]!;
    if (count < 0) count = length;
    else if (count !== length)
      throw internalError(`lists of ${count} and of ${length} elements in one score call`);
    starts[row] = words[row * 4]!;
    if (starts[row] !== starts[0]! + row * count) isDense = false;
  }
  return { count: Math.max(count, 0), starts, isDense, childSize: duckdb.list_vector_get_size(vector) };
}

/** Numbers of all rows, NULL as NaN. */
function readNumbers(vector: duckdb.Vector, rowCount: number): { count: number; values: Float64Array } {
  const { count, starts, isDense, childSize } = readLayout(vector, rowCount);
  if (count === 0) return { count, values: new Float64Array(0) };
  const child = doubleElements(duckdb.list_vector_get_child(vector), childSize);
  if (isDense) return { count, values: child.subarray(starts[0], starts[0]! + rowCount * count) };
  const values = new Float64Array(rowCount * count).fill(Number.NaN);
  starts.forEach((start, row) => {
    if (start >= 0) values.set(child.subarray(start, start + count), row * count);
  });
  return { count, values };
}

/** Values, NULL as NaN. */
function doubleElements(vector: duckdb.Vector, size: number): Float64Array {
  const values = fixedValues(Float64Array, vector, size);
  const bytes = duckdb.vector_get_validity(vector, Math.ceil(size / 64) * 8) as Uint8Array | null;
  if (bytes === null) return values;
  const words = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
  for (let word = 0; word << 5 < size; word++) {
    // What is written behind the last value is lost.
    for (let nulls = ~words[word]!; nulls !== 0; nulls &= nulls - 1) {
      values[(word << 5) + 31 - Math.clz32(nulls & -nulls)] = Number.NaN;
    }
  }
  return values;
}

/** Texts of all rows, those of a NULL list NULL. */
function readTexts(vector: duckdb.Vector, rowCount: number): { count: number; values: TextVector } {
  const { count, starts, childSize } = readLayout(vector, rowCount);
  const child = duckdb.list_vector_get_child(vector);
  const childNulls = readNulls(child, childSize);
  const { heap, ...found } = readUtf8(child, childSize, childNulls);
  const texts = {
    heap,
    starts: new Uint32Array(rowCount * count),
    lengths: new Uint32Array(rowCount * count),
  };
  const nulls = new Uint8Array(rowCount * count);
  for (let row = 0, place = 0; row < rowCount; row++) {
    const start = starts[row]!;
    for (let index = 0; index < count; index++, place++) {
      if (start < 0 || childNulls?.[start + index] === 1) nulls[place] = 1;
      else {
        texts.starts[place] = found.starts[start + index]!;
        texts.lengths[place] = found.lengths[start + index]!;
      }
    }
  }
  return { count, values: new TextVector(Types.text, texts, nulls) };
}

/** Elements of all rows' lists; those of a NULL list are null. */
function readLists<T>(
  vector: duckdb.Vector,
  rowCount: number,
  elements: (child: duckdb.Vector, size: number) => (T | null)[],
): { count: number; values: readonly (T | null)[] } {
  const { count, starts, childSize } = readLayout(vector, rowCount);
  if (count === 0) return { count, values: [] };
  const child = elements(duckdb.list_vector_get_child(vector), childSize);
  const values = new Array<T | null>(rowCount * count).fill(null);
  starts.forEach((start, row) => {
    if (start < 0) return;
    for (let index = 0; index < count; index++) values[row * count + index] = child[start + index]!;
  });
  return { count, values };
}

function textElements(child: duckdb.Vector, size: number): (string | null)[] {
  return readStrings(child, size, readNulls(child, size));
}

function numberListElements(child: duckdb.Vector, size: number): (Float64Array | null)[] {
  const numbers = doubleElements(duckdb.list_vector_get_child(child), duckdb.list_vector_get_size(child));
  return sliceRows(child, size, (start, end) => numbers.slice(start, end));
}

function textListElements(child: duckdb.Vector, size: number): ((string | null)[] | null)[] {
  const texts = textElements(duckdb.list_vector_get_child(child), duckdb.list_vector_get_size(child));
  return sliceRows(child, size, (start, end) => texts.slice(start, end));
}

/** Inner lists, of any lengths. */
function sliceRows<T>(
  vector: duckdb.Vector,
  size: number,
  slice: (start: number, end: number) => T,
): (T | null)[] {
  const nulls = readNulls(vector, size);
  const entries = fixedValues(BigUint64Array, vector, size * 2);
  return Array.from({ length: size }, (_, row) => {
    if (nulls?.[row] === 1) return null;
    const start = Number(entries[row * 2]);
    return slice(start, start + Number(entries[row * 2 + 1]));
  });
}

function writeScores(output: duckdb.Vector, rowCount: number, response: ScoreResponse): void {
  const { width } = response;
  const isShared = response.scores.buffer instanceof SharedArrayBuffer;
  const scores = isShared ? Float64Array.from(response.scores) : response.scores;
  duckdb.list_vector_reserve(output, scores.length);
  duckdb.list_vector_set_size(output, scores.length);
  duckdb.copy_data_to_vector(output, 0, listEntries(width, rowCount), 0, rowCount * 16);
  const child = duckdb.list_vector_get_child(output);
  duckdb.copy_data_to_vector(child, 0, scores.buffer as ArrayBuffer, scores.byteOffset, scores.byteLength);
}

/** Lists of `width` elements one behind the other, as pairs of 64-bit offset and length; of the last width asked for. */
let entriesOfWidth: { readonly width: number; readonly words: Int32Array<ArrayBuffer> } | undefined;

function listEntries(width: number, rowCount: number): ArrayBuffer {
  if (entriesOfWidth?.width !== width || entriesOfWidth.words.length < rowCount * 4) {
    const words = new Int32Array(Math.max(rowCount, 2048) * 4);
    for (let row = 0; row * 4 < words.length; row++) {
      words[row * 4] = row * width;
      words[row * 4 + 2] = width;
    }
    entriesOfWidth = { width, words };
  }
  return entriesOfWidth.words.buffer;
}
