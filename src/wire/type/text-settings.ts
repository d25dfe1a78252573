/** The run-time settings that the text form of a value depends on. */

/** As `SHOW` prints them: `UTC`, `ISO, MDY`, `postgres`, 1, `hex`. */
export interface TextSettings {
  readonly timeZone: string;
  /** Style (ISO, SQL, Postgres, German) and order of fields (MDY, DMY, YMD). */
  readonly dateStyle: string;
  /** postgres, postgres_verbose, sql_standard or iso_8601. */
  readonly intervalStyle: string;
  /**
   * Above 0: the shortest text that reads back as the same number; else 15 (real: 6) digits plus this many.
   */
  readonly extraFloatDigits: number;
  /** hex or escape. */
  readonly byteaOutput: string;
}

/** PostgreSQL's own defaults, in UTC. */
export const DEFAULT_TEXT_SETTINGS: TextSettings = {
  timeZone: 'UTC',
  dateStyle: 'ISO, MDY',
  intervalStyle: 'postgres',
  extraFloatDigits: 1,
  byteaOutput: 'hex',
};

export type DateStyle = 'iso' | 'sql' | 'postgres' | 'german';
export type FieldOrder = 'mdy' | 'dmy' | 'ymd';

/** The style and the order in a DateStyle setting; ISO and month first where it does not say. */
export function dateStyleOf(setting: string): { readonly style: DateStyle; readonly order: FieldOrder } {
  const words = setting.toLowerCase().split(/[\s,]+/);
  const style = (['iso', 'sql', 'postgres', 'german'] as const).find((name) => words.includes(name)) ?? 'iso';
  const order = (['mdy', 'dmy', 'ymd'] as const).find((name) => words.includes(name)) ?? 'mdy';
  return { style, order };
}

/** Whether two sets of settings print alike. */
export function sameTextSettings(left: TextSettings, right: TextSettings): boolean {
  return (
    left === right ||
    (left.timeZone === right.timeZone &&
      left.dateStyle === right.dateStyle &&
      left.intervalStyle === right.intervalStyle &&
      left.extraFloatDigits === right.extraFloatDigits &&
      left.byteaOutput === right.byteaOutput)
  );
}
