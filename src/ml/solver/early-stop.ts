/**
 * BigQuery ML's stopping rule: end after the first iteration that improved the loss by too small a share of
 * it.
 */

export class EarlyStop {
  readonly #leastProgress: number | undefined;
  #previous: number | undefined;

  /** `leastProgress` undefined: never stop. */
  constructor(leastProgress: number | undefined) {
    this.#leastProgress = leastProgress;
  }

  /** Takes the loss after an iteration; true when the search should end. The first loss never ends it. */
  shouldStop(loss: number): boolean {
    const previous = this.#previous;
    this.#previous = loss;
    if (this.#leastProgress === undefined || previous === undefined) return false;
    if (previous === 0) return true;
    return (previous - loss) / Math.abs(previous) < this.#leastProgress;
  }
}
