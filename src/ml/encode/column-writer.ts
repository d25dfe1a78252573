/** Compiles a column encoding into a loop that writes encoded values: one lookup a text, no allocation a row. */
import { assert } from '../../core/index.ts';
import { calendarParts, calendarPartsOf, CALENDAR_PART_COUNT } from './calendar.ts';
import { CategoryCodes } from './category-codes.ts';
import { codeCount, type CategoryDictionary, type ColumnEncoding } from './column-encoding.ts';
import { scaledNumber, type NumberScaling } from './number-scaling.ts';
import type { RawColumn } from './feature-encoder.ts';

/** Where encoded values go. */
export interface WriteTarget {
  readonly rowCount: number;
  readonly numeric: Float64Array;
  /** Number (row, column) stands at row × rowStride + (column - firstColumn) × columnStride of `numeric`. */
  readonly rowStride: number;
  readonly columnStride: number;
  readonly firstColumn: number;
  readonly codes: Int32Array;
  readonly blockCount: number;
}

/** Where a column's number of row 0 stands. */
function placeOf(target: WriteTarget, column: number): number {
  return (column - target.firstColumn) * target.columnStride;
}

/** Writes one feature of all rows. */
export type ColumnWriter = (column: RawColumn, target: WriteTarget) => void;

/** The writer of an encoding whose numeric columns and blocks begin at the given indices. */
export function columnWriter(
  encoding: ColumnEncoding,
  firstNumeric: number,
  firstBlock: number,
): ColumnWriter {
  switch (encoding.kind) {
    case 'number':
      return (column, target) => writeNumbers(numbersOf(column), encoding, target, firstNumeric);
    case 'block':
      return blockWriter(encoding.dictionary, firstBlock);
    case 'label':
      return tableWriter(encoding.dictionary, 1, labelTable(encoding.dictionary), [0], firstNumeric);
    case 'target':
      return targetWriter(encoding, firstNumeric);
    case 'numbers':
      return (column, target) => writeVectors(column, encoding.length, target, firstNumeric);
    case 'texts':
      return multiHotWriter(encoding.dictionary, firstNumeric);
    case 'timestamp':
      return timestampWriter(encoding, firstNumeric, firstBlock);
  }
}

function numbersOf(column: RawColumn): Float64Array {
  assert(column.kind === 'number', `a number column, got ${column.kind}`);
  return column.values;
}

function writeNumbers(
  values: Float64Array,
  scaling: NumberScaling,
  target: WriteTarget,
  index: number,
): void {
  const { numeric, rowStride, rowCount } = target;
  const start = placeOf(target, index);
  for (let row = 0; row < rowCount; row++)
    numeric[start + row * rowStride] = scaledNumber(values[row]!, scaling);
}

function blockWriter(dictionary: CategoryDictionary, block: number): ColumnWriter {
  const categories = new CategoryCodes(dictionary);
  return (column, { codes, blockCount, rowCount }) => {
    const found = categories.ofColumn(column, rowCount);
    for (let row = 0; row < rowCount; row++) codes[row * blockCount + block] = found[row]!;
  };
}

/** 1…N for the real values, 0 for NULL: one number a code. */
function labelTable(dictionary: CategoryDictionary): number[] {
  return Array.from({ length: codeCount(dictionary) }, (_, code) =>
    code < dictionary.values.length ? code + 1 : 0,
  );
}

function targetWriter(encoding: ColumnEncoding & { kind: 'target' }, firstNumeric: number): ColumnWriter {
  const { dictionary, width, means, prior } = encoding;
  if (means !== undefined) return tableWriter(dictionary, width, means, prior, firstNumeric);
  const draft = Array.from({ length: codeCount(dictionary) * width }, () => 0);
  for (let code = 0; code < codeCount(dictionary); code++) draft[code * width] = code;
  const none = Array.from({ length: width }, () => 0);
  none[0] = -1;
  return tableWriter(dictionary, width, draft, none, firstNumeric);
}

/** Writes `width` numbers a category out of a table; `otherwise` for what has no code. */
function tableWriter(
  dictionary: CategoryDictionary,
  width: number,
  table: readonly number[],
  otherwise: readonly number[],
  firstNumeric: number,
): ColumnWriter {
  const categories = new CategoryCodes(dictionary);
  const numbers = new Float64Array(table.length + width);
  numbers.set(table);
  numbers.set(otherwise, table.length);
  const otherwiseCode = categories.count;
  return (column, target) => {
    const { numeric, rowStride, columnStride, rowCount } = target;
    const codes = categories.ofColumn(column, rowCount);
    const first = placeOf(target, firstNumeric);
    for (let row = 0; row < rowCount; row++) {
      const found = codes[row]!;
      const code = found < 0 ? otherwiseCode : found;
      const start = first + row * rowStride;
      for (let step = 0; step < width; step++)
        numeric[start + step * columnStride] = numbers[code * width + step]!;
    }
  };
}

function writeVectors(column: RawColumn, length: number, target: WriteTarget, firstNumeric: number): void {
  assert(column.kind === 'numbers', `an array of numbers, got ${column.kind}`);
  const { numeric, rowStride, columnStride, rowCount } = target;
  const first = placeOf(target, firstNumeric);
  for (let row = 0; row < rowCount; row++) {
    const vector = column.values[row] ?? undefined;
    const start = first + row * rowStride;
    for (let step = 0; step < length; step++) {
      const value = vector === undefined ? 0 : (vector[step] ?? 0);
      numeric[start + step * columnStride] = Number.isNaN(value) ? 0 : value;
    }
  }
}

function multiHotWriter(dictionary: CategoryDictionary, firstNumeric: number): ColumnWriter {
  const categories = new CategoryCodes(dictionary);
  const width = categories.count;
  return (column, target) => {
    assert(column.kind === 'texts', `an array of texts, got ${column.kind}`);
    const { numeric, rowStride, columnStride, rowCount } = target;
    const first = placeOf(target, firstNumeric);
    for (let row = 0; row < rowCount; row++) {
      const start = first + row * rowStride;
      for (let code = 0; code < width; code++) numeric[start + code * columnStride] = 0;
      const elements = column.values[row]!;
      if (elements === null) {
        if (categories.ofNull >= 0) numeric[start + categories.ofNull * columnStride] = 1;
        continue;
      }
      for (const element of elements) {
        const code = element === null ? -1 : categories.of(element);
        if (code >= 0) numeric[start + code * columnStride] = 1;
      }
    }
  };
}

function timestampWriter(
  encoding: ColumnEncoding & { kind: 'timestamp' },
  firstNumeric: number,
  firstBlock: number,
): ColumnWriter {
  const { years, hasNull } = encoding;
  const shift = encoding.dropsFirst ? -1 : 0;
  const yearPositions = new Map(years.map((year, position) => [year, position]));
  const sizes = [...calendarParts.map((part) => part.last - part.first + 1), years.length];
  const parts = new Float64Array(CALENDAR_PART_COUNT);
  return (column, target) => {
    const values = numbersOf(column);
    writeNumbers(values, encoding.seconds, target, firstNumeric);
    const { codes, blockCount, rowCount } = target;
    for (let row = 0; row < rowCount; row++) {
      const start = row * blockCount + firstBlock;
      const seconds = values[row]!;
      const isMissing = Number.isNaN(seconds);
      if (!isMissing) calendarPartsOf(seconds, parts);
      for (let part = 0; part < CALENDAR_PART_COUNT; part++) {
        const first = calendarParts[part]?.first;
        let position: number | undefined;
        if (isMissing) position = hasNull ? sizes[part]! : undefined;
        else position = first === undefined ? yearPositions.get(parts[part]!) : parts[part]! - first;
        // Position 0 is the one a dummy encoding drops: it becomes -1 like anything unseen.
        codes[start + part] = position === undefined ? -1 : position + shift;
      }
    }
  };
}
