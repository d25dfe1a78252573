/** Parameters as an input row's columns, and these as a model's inputs: what CAST would make of them, where it is exact. */
import { isNumeric, sqlTypeText, type Parameter, type SqlType, type Value } from '../core/index.ts';

/** A value out of the parameters; undefined for a parameter that only the database can judge. */
export type ParameterReader = (parameters: readonly Parameter[]) => Value | undefined;

const integers: readonly string[] = ['int2', 'int4', 'int8'];
/** Zero bytes and halves of characters, which the database would change or refuse. */
const unusualText = /[\0\p{Cs}]/u;

/** A parameter as a value of the type it was declared with, as binding makes it; undefined when it is not one. */
function boundValue(value: Parameter, type: SqlType): Value | undefined {
  if (value === null) return null;
  switch (type.kind) {
    case 'boolean':
      return typeof value === 'boolean' ? value : undefined;
    case 'int2':
    case 'int4':
      return Number.isInteger(value) && !Object.is(value, -0) ? value : undefined;
    case 'int8':
      return typeof value === 'bigint' ? value : undefined;
    case 'float4':
      return typeof value === 'number' ? Math.fround(value) : undefined;
    case 'float8':
      return typeof value === 'number' ? value : undefined;
    case 'text':
      return typeof value === 'string' && !unusualText.test(value) ? value : undefined;
    default:
      return undefined;
  }
}

/** Whether any value of one type becomes the other without an error and without a choice of rounding. */
function widens(from: SqlType, to: SqlType): boolean {
  if (to.kind === 'float8') return integers.includes(from.kind) || from.kind === 'float4';
  return integers.includes(from.kind) && integers.indexOf(to.kind) > integers.indexOf(from.kind);
}

function widened(value: Value | undefined, to: SqlType): Value | undefined {
  if (value === null || value === undefined) return value;
  return to.kind === 'int8' ? BigInt(value as number) : Number(value);
}

/** Reader of a column that is a parameter of one type cast to another; undefined where CAST may do more than widen. */
export function valueReader(
  index: number,
  from: SqlType | undefined,
  to: SqlType,
): ParameterReader | undefined {
  const bound: readonly string[] = ['boolean', ...integers, 'float4', 'float8', 'text'];
  if (from === undefined || !bound.includes(from.kind)) return undefined;
  const read: ParameterReader = (parameters) => boundValue(parameters[index]!, from);
  if (sqlTypeText(from) === sqlTypeText(to)) return read;
  return widens(from, to) ? (parameters) => widened(read(parameters), to) : undefined;
}

/**
 * Reader of a model's input, of the type its feature has, from a column of the type `given`: a number (null for a
 * missing one) or a text. Undefined where only the database knows the text of a value.
 */
export function inputReader(
  column: ParameterReader | undefined,
  given: SqlType,
  feature: SqlType,
): ParameterReader | undefined {
  if (column === undefined) return undefined;
  if (isNumeric(feature))
    return isNumeric(given) ? (parameters) => widened(column(parameters), feature8) : undefined;
  const isSame = sqlTypeText(given) === sqlTypeText(feature);
  if (feature.kind !== 'text' && !(isSame && feature.kind === 'boolean')) return undefined;
  if (given.kind === 'text') return column;
  if (given.kind !== 'boolean' && !integers.includes(given.kind)) return undefined;
  return (parameters) => {
    const value = column(parameters);
    return value === null || value === undefined ? value : String(value);
  };
}

const feature8: SqlType = { kind: 'float8' };
