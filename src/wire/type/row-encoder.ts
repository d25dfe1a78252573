/** Rows of batches as DataRow messages: a writer a column, chosen once for its type and format. */
import type { Batch, Schema, SqlType, Value, Vector } from '../../core/index.ts';
import type { FormatCode } from '../message/frontend.ts';
import type { MessageWriter } from '../message/writer.ts';
import { float4Text, float8Text } from './float-text.ts';
import { sameTextSettings, type TextSettings } from './text-settings.ts';
import { binaryFieldWriter } from './value-binary.ts';
import { textFormatter } from './value-text.ts';

export interface RowEncoder {
  /** Writes rows `firstRow` up to, not including, `lastRow` of a batch as complete DataRow messages. */
  encode(batch: Batch, firstRow: number, lastRow: number, target: MessageWriter): void;
}

/** Writes the field of one value that is not NULL. */
type CellWriter = (values: Vector['values'], row: number, target: MessageWriter) => void;

const DATA_ROW = 0x44;

const plainText: CellWriter = (values, row, target) => target.text(String(values[row]));

/** Text columns of the commonest types, without a detour. */
const fastTextWriters: Readonly<Record<string, CellWriter | undefined>> = {
  boolean: (values, row, target) => target.text(values[row] ? 't' : 'f'),
  int2: plainText,
  int4: plainText,
  int8: plainText,
  numeric: plainText,
  text: (values, row, target) => target.text(values[row] as string),
  json: (values, row, target) => target.text(values[row] as string),
  uuid: (values, row, target) => target.text(values[row] as string),
};

const shortestFloatWriters: Readonly<Record<string, CellWriter | undefined>> = {
  float4: (values, row, target) => target.text(float4Text(values[row] as number)),
  float8: (values, row, target) => target.text(float8Text(values[row] as number)),
};

function cellWriter(type: SqlType, format: FormatCode, settings: TextSettings): CellWriter {
  if (format === 1) {
    const write = binaryFieldWriter(type, settings);
    return (values, row, target) => write(values[row] as Value, target);
  }
  const fast =
    fastTextWriters[type.kind] ??
    (settings.extraFloatDigits > 0 ? shortestFloatWriters[type.kind] : undefined);
  if (fast !== undefined) return fast;
  const formatValue = textFormatter(type, settings);
  return (values, row, target) => target.text(formatValue(values[row] as Value));
}

/** The format of a column: one a column, or one for all, or none for text, as Bind gives them. */
function formatAt(formats: readonly FormatCode[], index: number): FormatCode {
  return (formats.length === 1 ? formats[0] : formats[index]) ?? 0;
}

/**
 * An encoder for results of `schema`. `formats` as in Bind: empty (all text), one for all, or one a column.
 * `settings` is asked once a call, so that a change of them holds from the next rows on.
 */
export function createRowEncoder(
  schema: Schema,
  formats: readonly FormatCode[],
  settings: () => TextSettings,
): RowEncoder {
  let made: TextSettings | undefined;
  let writers: readonly CellWriter[] = [];
  const writersNow = (): readonly CellWriter[] => {
    const current = settings();
    if (made === undefined || !sameTextSettings(made, current)) {
      writers = schema.map((column, index) => cellWriter(column.type, formatAt(formats, index), current));
      made = current;
    }
    return writers;
  };
  return {
    encode: (batch, firstRow, lastRow, target) => {
      try {
        encodeRows(batch, firstRow, lastRow, writersNow(), target);
      } catch (thrown) {
        target.abandon();
        throw thrown;
      }
    },
  };
}

function encodeRows(
  batch: Batch,
  firstRow: number,
  lastRow: number,
  writers: readonly CellWriter[],
  target: MessageWriter,
): void {
  const { columns } = batch;
  const count = columns.length;
  const values = columns.map((column) => column.values);
  const nulls = columns.map((column) => column.nulls);
  for (let row = firstRow; row < lastRow; row++) {
    target.begin(DATA_ROW);
    target.int16(count);
    for (let column = 0; column < count; column++) {
      if (nulls[column]?.[row] === 1) target.nullField();
      else writers[column]!(values[column]!, row, target);
    }
    target.end();
  }
}
