/** How many rows fill about one write buffer, learnt from the rows that were written. */
import { WRITE_BUFFER_BYTES } from '../../core/index.ts';

/** Bytes a row is taken to have before any was written. */
const ROW_BYTES_GUESS = 1024;
/** Rows that are a little shorter than expected fill the buffer still. */
const MARGIN_BYTES = 8 * 1024;

export class RowPace {
  #rowBytes = ROW_BYTES_GUESS;

  /** Rows to write until the buffer is full, so many bytes being in it: one at least. */
  rowCount(byteCount: number): number {
    return Math.max(1, Math.floor((WRITE_BUFFER_BYTES + MARGIN_BYTES - byteCount) / this.#rowBytes));
  }

  /** So many rows took so many bytes. */
  learn(rowCount: number, byteCount: number): void {
    this.#rowBytes = Math.max(1, byteCount / rowCount);
  }
}
