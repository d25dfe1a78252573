/** Trainings that run now: what `augur.progress` shows to every session. */
import type { ProgressRow } from '../database/index.ts';

export class ProgressBoard {
  readonly #rows = new Map<number, ProgressRow>();
  #lastTicket = 0;

  /** Opens a line; `set` rewrites it, `close` takes it off. */
  open(): { set(row: ProgressRow): void; close(): void } {
    const ticket = ++this.#lastTicket;
    return { set: (row) => void this.#rows.set(ticket, row), close: () => void this.#rows.delete(ticket) };
  }

  rows(): readonly ProgressRow[] {
    return [...this.#rows.values()];
  }
}
