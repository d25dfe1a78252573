/** Structured log: one JSON object a line on standard error. Secrets and user data never go here. */

export type LogLevel = 'debug' | 'info' | 'warning' | 'error' | 'silent';
const order: readonly LogLevel[] = ['debug', 'info', 'warning', 'error', 'silent'];

/** Writes records at or above its level. */
export class Log {
  readonly level: LogLevel;

  constructor(level: LogLevel = 'warning') {
    this.level = level;
  }

  /** One record; `fields` must be plain values. */
  write(
    level: Exclude<LogLevel, 'silent'>,
    message: string,
    fields: Readonly<Record<string, unknown>> = {},
  ): void {
    if (order.indexOf(level) < order.indexOf(this.level)) return;
    process.stderr.write(
      `${JSON.stringify({ time: new Date().toISOString(), level, message, ...fields })}\n`,
    );
  }
}
