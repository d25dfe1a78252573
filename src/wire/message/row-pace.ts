/** How many rows fill about one write buffer, learnt from the rows that were written. */
import { WRITE_BUFFER_BYTES } from '../../core/index.ts';

/** Bytes a row is taken to have before any was written. */
const ROW_BYTES_GUESS = 1024;

export class RowPace {
  #rowBytes = ROW_BYTES_GUESS;

  /** Rows to write before the next flush: one at least. */
  get rowCount(): number {
    return Math.max(1, Math.floor(WRITE_BUFFER_BYTES / this.#rowBytes));
  }

  /** So many rows took so many bytes. */
  learn(rowCount: number, byteCount: number): void {
    this.#rowBytes = Math.max(1, byteCount / rowCount);
  }
}
