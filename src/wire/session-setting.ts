/**
 * Run-time settings as the wire uses them: what clients are told at the start, and what the text of values
 * rests on.
 */
import type { Session } from '../engine/index.ts';
import { DEFAULT_TEXT_SETTINGS, type TextSettings } from './type/text-settings.ts';

/**
 * What every client is told (PostgreSQL's GUC_REPORT settings), with the value of a session that does not
 * keep the setting itself. Drivers read the server's version to choose what they send.
 */
const reported: readonly (readonly [name: string, otherwise: string])[] = [
  ['server_version', '15.0 (Augur 0.1.0)'],
  ['server_encoding', 'UTF8'],
  ['client_encoding', 'UTF8'],
  ['application_name', ''],
  ['default_transaction_read_only', 'off'],
  ['in_hot_standby', 'off'],
  ['is_superuser', 'on'],
  ['session_authorization', ''],
  ['DateStyle', DEFAULT_TEXT_SETTINGS.dateStyle],
  ['IntervalStyle', DEFAULT_TEXT_SETTINGS.intervalStyle],
  ['TimeZone', DEFAULT_TEXT_SETTINGS.timeZone],
  ['integer_datetimes', 'on'],
  ['standard_conforming_strings', 'on'],
];

/** Names and values of the reported settings of a session that `user` opened. */
export function reportedSettings(session: Session, user: string): [name: string, value: string][] {
  return reported.map(([name, otherwise]) => {
    const value = session.setting(name) ?? (name === 'session_authorization' ? user : otherwise);
    return [name, value];
  });
}

/** The settings that the text form of values depends on, as they are now. */
export function sessionTextSettings(session: Session): TextSettings {
  const digits = session.setting('extra_float_digits');
  return {
    timeZone: session.setting('TimeZone') ?? DEFAULT_TEXT_SETTINGS.timeZone,
    dateStyle: session.setting('DateStyle') ?? DEFAULT_TEXT_SETTINGS.dateStyle,
    intervalStyle: session.setting('IntervalStyle') ?? DEFAULT_TEXT_SETTINGS.intervalStyle,
    extraFloatDigits: digits === undefined ? DEFAULT_TEXT_SETTINGS.extraFloatDigits : Number(digits),
    byteaOutput: session.setting('bytea_output') ?? DEFAULT_TEXT_SETTINGS.byteaOutput,
  };
}
