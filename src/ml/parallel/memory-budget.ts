/** The memory that all trainings together may take. */
import { outOfMemory } from '../../core/index.ts';
import { megabytes } from './training-memory.ts';

export class MemoryBudget {
  readonly #totalBytes: number;
  #usedBytes = 0;

  constructor(totalBytes: number) {
    this.#totalBytes = totalBytes;
  }

  get freeBytes(): number {
    return this.#totalBytes - this.#usedBytes;
  }

  /** Takes bytes, or throws 53200 with the numbers and what may be done. */
  reserve(bytes: number): void {
    if (bytes > this.freeBytes) {
      const others =
        this.#usedBytes > 0 ? `, of which other trainings hold ${megabytes(this.#usedBytes)} MB` : '';
      throw outOfMemory(
        `the training needs ${megabytes(bytes)} MB of memory, more than is free`,
        `All trainings together may take ${Math.floor(this.#totalBytes / (1024 * 1024))} MB${others}.`,
        'Train on fewer rows or columns, wait for other trainings to end, or start with a larger --memory.',
      );
    }
    this.#usedBytes += bytes;
  }

  release(bytes: number): void {
    this.#usedBytes -= bytes;
  }
}
