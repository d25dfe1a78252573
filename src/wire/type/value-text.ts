/** The text form of every type: one function a column, made once, called for each value that is not NULL. */
import type { IntervalValue, SqlType, Value } from '../../core/index.ts';
import { arrayFormatter } from './array-text.ts';
import { byteaFormatter } from './bytea-text.ts';
import { dateFormatter, timestampFormatter, timestamptzFormatter, timeText } from './date-time-text.ts';
import { floatFormatter } from './float-text.ts';
import { intervalFormatter } from './interval-text.ts';
import { jsonFormatter, jsonTextSettings } from './json-text.ts';
import type { TextSettings } from './text-settings.ts';
import { innermostType, travelsAsJson } from './type-oid.ts';

function scalarFormatter(type: SqlType, settings: TextSettings): (value: Value) => string {
  switch (type.kind) {
    case 'boolean':
      return (value) => (value ? 't' : 'f');
    case 'float4':
    case 'float8':
      return floatFormatter(type.kind, settings.extraFloatDigits) as (value: Value) => string;
    case 'bytea':
      return byteaFormatter(settings.byteaOutput) as (value: Value) => string;
    case 'date':
      return dateFormatter(settings) as (value: Value) => string;
    case 'time':
      return (value) => timeText(Number(value));
    case 'timestamp':
      return timestampFormatter(settings) as (value: Value) => string;
    case 'timestamptz':
      return timestamptzFormatter(settings) as (value: Value) => string;
    case 'interval': {
      const format = intervalFormatter(settings.intervalStyle);
      return (value) => format(value as IntervalValue);
    }
    default:
      return String;
  }
}

/**
 * How values of a type (not NULL; a boolean also as 0 and 1) are written as PostgreSQL's text. Throws
 * EngineError when the settings name no time zone.
 */
export function textFormatter(type: SqlType, settings: TextSettings): (value: Value) => string {
  if (travelsAsJson(type)) {
    const jsonSettings = jsonTextSettings(settings);
    return jsonFormatter(type, (scalar) => scalarFormatter(scalar, jsonSettings));
  }
  if (type.kind === 'list') return arrayFormatter(type, scalarFormatter(innermostType(type), settings));
  return scalarFormatter(type, settings);
}
