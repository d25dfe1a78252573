/** Rows of batches as DataRow messages: a writer a column, chosen once for its type and format. */
import type { Batch, Schema, SqlType, Value, Vector } from '../../core/index.ts';
import { BatchMemory, KERNEL_ROWS_MIN, type Place } from '../kernel/batch-memory.ts';
import { type ColumnPlan, columnPlan } from '../kernel/column-plan.ts';
import type { WireKernel } from '../kernel/wire-module.ts';
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

/** What is made once for a set of settings. */
interface Writers {
  readonly settings: TextSettings;
  readonly cells: readonly CellWriter[];
  /** Undefined where the kernel cannot write one of the columns. */
  readonly plans: readonly ColumnPlan[] | undefined;
}

function makeWriters(schema: Schema, formats: readonly FormatCode[], settings: TextSettings): Writers {
  const cells = schema.map((column, index) => cellWriter(column.type, formatAt(formats, index), settings));
  const plans = schema.map((column, index) => columnPlan(column.type, formatAt(formats, index), settings));
  return { settings, cells, plans: plans.every((plan) => plan !== undefined) ? plans : undefined };
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
  let made: Writers | undefined;
  let memory: BatchMemory | undefined;
  /** The batch that `memory` is of, or that the kernel would not take. */
  let seen: Batch | undefined;
  const writersNow = (): Writers => {
    const current = settings();
    if (made === undefined || !sameTextSettings(made.settings, current)) {
      made = makeWriters(schema, formats, current);
      seen = undefined;
    }
    return made;
  };
  const writeMany = (batch: Batch, firstRow: number, lastRow: number, target: MessageWriter): number => {
    if (lastRow - firstRow < KERNEL_ROWS_MIN || made?.plans === undefined) return firstRow;
    if (seen !== batch) memory = BatchMemory.of(batch, made.plans);
    seen = batch;
    return memory?.write(firstRow, lastRow, putDataRows(lastRow), target) ?? firstRow;
  };
  return {
    encode: (batch, firstRow, lastRow, target) => {
      try {
        const { cells } = writersNow();
        for (let row = firstRow; row < lastRow;) {
          const next = writeMany(batch, row, lastRow, target);
          row = next === row ? lastRow : Math.min(next + 1, lastRow);
          if (next < row) encodeRows(batch, next, row, cells, target);
        }
      } catch (thrown) {
        target.abandon();
        throw thrown;
      }
    },
  };
}

const putDataRows =
  (lastRow: number) =>
  ({ exports }: WireKernel, { columnsAt, columnCount, outputAt, limit }: Place, row: number): number =>
    exports.putDataRows(columnsAt, columnCount, row, lastRow, outputAt, limit);

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
