/** The result's columns out of a row of predictions and inputs: whole, or an element of a list, or a field of one. */
import { sqlTypeText, type Schema, type SqlType, type Value } from '../core/index.ts';
import type { WrittenColumn } from './single-row-text.ts';

/** Which column of the row a result's column is, and the way into it: 0-based elements and fields. */
export interface OutputReader {
  readonly column: number;
  readonly path: readonly number[];
}

/** A step's place in values of the type, and the type there; undefined for one that is not certain. */
function stepInto(
  type: SqlType,
  step: number | string,
): { readonly place: number; readonly type: SqlType } | undefined {
  if (typeof step === 'number')
    return type.kind === 'list' && step > 0 ? { place: step - 1, type: type.element } : undefined;
  if (type.kind !== 'struct') return undefined;
  const place = type.fields.findIndex(({ name }) => name.toLowerCase() === step.toLowerCase());
  return place < 0 ? undefined : { place, type: type.fields[place]!.type };
}

function readerOf(
  written: WrittenColumn,
  row: Schema,
): { readonly reader: OutputReader; readonly type: SqlType } | undefined {
  const named = row.flatMap(({ name }, index) =>
    name.toLowerCase() === written.name.toLowerCase() ? [index] : [],
  );
  if (named.length !== 1) return undefined;
  let { type } = row[named[0]!]!;
  const path: number[] = [];
  for (const step of written.steps) {
    const into = stepInto(type, step);
    if (into === undefined) return undefined;
    path.push(into.place);
    type = into.type;
  }
  return { reader: { column: named[0]!, path }, type };
}

/** Readers of the result's columns; undefined unless they are of the types that the database described. */
export function outputReaders(
  around: readonly WrittenColumn[] | 'all',
  described: Schema,
  row: Schema,
): readonly OutputReader[] | undefined {
  const found =
    around === 'all'
      ? row.map(({ type }, column) => ({ reader: { column, path: [] }, type }))
      : around.map((written) => readerOf(written, row));
  if (found.length !== described.length) return undefined;
  const readers = found.map((column, index) => {
    const type = described[index]!.type;
    return column !== undefined && sqlTypeText(column.type) === sqlTypeText(type) ? column.reader : undefined;
  });
  return readers.every((reader) => reader !== undefined) ? readers : undefined;
}

/** A value of the row, or what the path leads to in it; NULL where the list is shorter. */
export function readOutput({ column, path }: OutputReader, row: readonly Value[]): Value {
  let value: Value = row[column]!;
  for (const place of path) value = (value as readonly Value[] | null)?.[place] ?? null;
  return value;
}
