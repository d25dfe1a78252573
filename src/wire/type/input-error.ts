/** What PostgreSQL says when a value cannot be read. */
import { engineError, SqlState, type EngineError, type SqlType } from '../../core/index.ts';
import { typeName } from './type-oid.ts';

/** 22P02, or 22007 for dates and times: the text is not of the type. */
export function invalidInput(type: SqlType, text: string): EngineError {
  const isDateTime = ['date', 'time', 'timestamp', 'timestamptz', 'interval'].includes(type.kind);
  const state = isDateTime ? SqlState.invalidDatetimeFormat : SqlState.invalidTextRepresentation;
  return engineError(state, `invalid input syntax for type ${typeName(type)}: "${text}"`);
}

/** 22003: a whole number that the type cannot hold. */
export function integerOutOfRange(type: SqlType, text: string): EngineError {
  const message = `value "${text}" is out of range for type ${typeName(type)}`;
  return engineError(SqlState.numericValueOutOfRange, message);
}

/** 22003: a floating-point number that would become infinite or zero. */
export function floatOutOfRange(type: SqlType, text: string): EngineError {
  return engineError(SqlState.numericValueOutOfRange, `"${text}" is out of range for type ${typeName(type)}`);
}

/** 22008: a month, a day, an hour, … that does not exist. */
export function fieldOutOfRange(text: string, hint?: string): EngineError {
  return engineError(SqlState.datetimeFieldOverflow, `date/time field value out of range: "${text}"`, {
    hint,
  });
}

/** 22009: an offset from UTC that no place has. */
export function offsetOutOfRange(text: string): EngineError {
  const message = `time zone displacement out of range: "${text}"`;
  return engineError(SqlState.invalidTimeZoneDisplacement, message);
}

/** 22015: a count of months, days or microseconds that an interval cannot hold. */
export function intervalOutOfRange(text: string): EngineError {
  return engineError(SqlState.intervalFieldOverflow, `interval field value out of range: "${text}"`);
}

/** 22003: more digits than a numeric has. */
export function numericOverflow(): EngineError {
  return engineError(SqlState.numericValueOutOfRange, 'value overflows numeric format');
}

/** 22008: a date or time that the type cannot hold. */
export function dateTimeOutOfRange(type: SqlType, text: string): EngineError {
  const name = type.kind === 'timestamptz' ? 'timestamp' : typeName(type);
  return engineError(SqlState.datetimeFieldOverflow, `${name} out of range: "${text}"`);
}

/** 22P02: the text is no array, and why. */
export function malformedArray(text: string, detail: string): EngineError {
  return engineError(SqlState.invalidTextRepresentation, `malformed array literal: "${text}"`, { detail });
}

/** 22023: no time zone of that name. */
export function unknownTimeZone(name: string): EngineError {
  return engineError(SqlState.invalidParameterValue, `time zone "${name}" not recognized`);
}
