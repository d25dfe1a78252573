/** How the kernel writes each column of a result: from its own array, from UTF-8, or from texts made beforehand. */
import type { SqlType, Value, Vector } from '../../core/index.ts';
import type { FormatCode } from '../message/frontend.ts';
import { dateStyleOf, type TextSettings } from '../type/text-settings.ts';
import { textFormatter } from '../type/value-text.ts';

/** The numbers of kernels/wire/columns.ts. */
export const kinds: Readonly<Record<string, number | undefined>> = {
  boolean: 0,
  int2: 1,
  int4: 2,
  int8: 3,
  float8: 4,
  date: 5,
  time: 6,
  timestamp: 7,
};
export const TIMESTAMP_UTC = 8;
export const TEXT_KIND = 9;
const BINARY = 16;
const utcNames: readonly string[] = ['UTC', 'Etc/UTC', 'GMT', 'Etc/GMT'];

/** Types whose text is the string that carries them. */
const textual: ReadonlySet<string> = new Set(['text', 'json', 'uuid', 'numeric']);

export interface ColumnPlan {
  readonly kind: number;
  /** The array that the kernel reads; undefined for texts. */
  readonly array: (new (length: number) => ArrayBufferView) | undefined;
  /** The text of a value, for columns of texts. */
  readonly textOf: (value: Value) => string;
}

export const arrays: Readonly<Record<string, ColumnPlan['array']>> = {
  boolean: Uint8Array,
  int2: Int16Array,
  int4: Int32Array,
  int8: BigInt64Array,
  float8: Float64Array,
  date: Int32Array,
  time: BigInt64Array,
  timestamp: BigInt64Array,
  timestamptz: BigInt64Array,
};

function textKind(type: SqlType, settings: TextSettings): number | undefined {
  const isIso = dateStyleOf(settings.dateStyle).style === 'iso';
  switch (type.kind) {
    case 'float8':
      return settings.extraFloatDigits > 0 ? kinds['float8'] : undefined;
    case 'date':
    case 'timestamp':
      return isIso ? kinds[type.kind] : undefined;
    case 'timestamptz':
      return isIso && utcNames.includes(settings.timeZone) ? TIMESTAMP_UTC : undefined;
    default:
      return kinds[type.kind];
  }
}

/** Binary of a time needs no conversion, and of the others what kernels/wire/binary.ts does. */
function binaryKind(type: SqlType): number | undefined {
  const kind = type.kind === 'timestamptz' ? TIMESTAMP_UTC : kinds[type.kind];
  return kind === undefined ? undefined : BINARY + kind;
}

/** The plan of a column in text. */
export function textPlan(type: SqlType, settings: TextSettings): ColumnPlan {
  const kind = textKind(type, settings);
  if (kind !== undefined) return { kind, array: arrays[type.kind], textOf: String };
  return preparedTextPlan(type, settings);
}

/** As `textPlan`, but the texts of all types are made beforehand. */
export function preparedTextPlan(type: SqlType, settings: TextSettings): ColumnPlan {
  const textOf = textual.has(type.kind) ? String : textFormatter(type, settings);
  return { kind: TEXT_KIND, array: undefined, textOf };
}

/** The plan of a column in a format; undefined for types that the kernel cannot write in binary. */
export function columnPlan(
  type: SqlType,
  format: FormatCode,
  settings: TextSettings,
): ColumnPlan | undefined {
  if (format === 0) return textPlan(type, settings);
  const kind = binaryKind(type);
  if (kind !== undefined) return { kind, array: arrays[type.kind], textOf: String };
  return type.kind === 'text' ? { kind: TEXT_KIND, array: undefined, textOf: String } : undefined;
}

/** Whether the vector holds what the plan wants: small results may hold plain values instead of an array. */
export function fits(plan: ColumnPlan, vector: Vector): boolean {
  return plan.array === undefined || vector.values instanceof plan.array;
}
