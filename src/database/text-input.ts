/**
 * Text fields as PostgreSQL's input functions read them, in DuckDB's SQL. Each expression is NULL where the
 * text is not a value of the type, so that the offending field can be found and named.
 */
import { SqlState, type SqlStateCode, type SqlType, quoteLiteral } from '../core/index.ts';

const truths = ['t', 'tr', 'tru', 'true', 'y', 'ye', 'yes', 'on', '1'];
const lies = ['f', 'fa', 'fal', 'fals', 'false', 'n', 'no', 'of', 'off', '0'];

/** The expression that reads a text column as a type. `typeText`: the type as DuckDB writes it. */
export function inputExpression(column: string, type: SqlType, typeText: string): string {
  const among = (words: readonly string[]): string => `(${words.map(quoteLiteral).join(', ')})`;
  switch (type.kind) {
    case 'text':
      return typeText === 'VARCHAR' ? column : `try_cast(${column} as ${typeText})`;
    case 'boolean': {
      const word = `lower(trim(${column}))`;
      return `case when ${word} in ${among(truths)} then true when ${word} in ${among(lies)} then false end`;
    }
    case 'int2':
    case 'int4':
    case 'int8':
      // DuckDB would round 1.5 and read 1e3; PostgreSQL does neither.
      return `case when translate(${column}, '.eE_', '') = ${column}
        then try_cast(${column} as ${typeText}) end`;
    case 'json':
      return `case when json_valid(${column}) then cast(${column} as JSON) end`;
    case 'bytea': {
      const isHex = `starts_with(${column}, '\\x')`;
      return `case when ${isHex} then try(unhex(substr(${column}, 3))) else try_cast(${column} as BLOB) end`;
    }
    default:
      return `try_cast(${column} as ${typeText})`;
  }
}

/**
 * An array literal of PostgreSQL's, `{1,NULL,"a b"}`, as DuckDB reads lists: in brackets. Quoted braces stay.
 */
export function listText(text: string): string {
  let isQuoted = false;
  let result = '';
  for (let offset = 0; offset < text.length; offset++) {
    const letter = text[offset]!;
    if (letter === '\\') {
      result += letter + (text[++offset] ?? '');
      continue;
    }
    if (letter === '"') isQuoted = !isQuoted;
    if (isQuoted) result += letter;
    else result += letter === '{' ? '[' : letter === '}' ? ']' : letter;
  }
  return result;
}

/**
 * What is wrong with a field that could not be read: a number out of its type's range, or no such value at
 * all.
 */
export function inputState(type: SqlType, text: string): SqlStateCode {
  const isNumber = /^\s*[+-]?\d+(\.\d*)?([eE][+-]?\d+)?\s*$/.test(text);
  const isTime = ['date', 'time', 'timestamp', 'timestamptz'].includes(type.kind);
  if (isTime) return SqlState.invalidDatetimeFormat;
  const isWhole = ['int2', 'int4', 'int8'].includes(type.kind);
  if (isWhole)
    return /^\s*[+-]?\d+\s*$/.test(text)
      ? SqlState.numericValueOutOfRange
      : SqlState.invalidTextRepresentation;
  const isOther = type.kind === 'numeric' || type.kind === 'float4' || type.kind === 'float8';
  return isOther && isNumber ? SqlState.numericValueOutOfRange : SqlState.invalidTextRepresentation;
}
