/** One running statement: what cancels it, and why. */
import { EngineError, queryCanceled, SqlState } from '../core/index.ts';

export class Activity {
  readonly #controller = new AbortController();
  readonly #interrupt: () => void;
  readonly #timer: NodeJS.Timeout | undefined;
  #reason: string | undefined;

  /** `interrupt` stops whatever the database runs; `timeoutMs` 0 is no timeout. */
  constructor(interrupt: () => void, timeoutMs: number) {
    this.#interrupt = interrupt;
    if (timeoutMs > 0) {
      this.#timer = setTimeout(() => this.cancel('canceling statement due to statement timeout'), timeoutMs);
    }
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  cancel(reason = 'canceling statement due to user request'): void {
    if (this.#reason !== undefined) return;
    this.#reason = reason;
    this.#controller.abort(queryCanceled(reason));
    this.#interrupt();
  }

  end(): void {
    clearTimeout(this.#timer);
  }

  /** The error to show: what a cancelled statement fails with names the reason. */
  explain(thrown: unknown): unknown {
    const isCancellation = thrown instanceof EngineError && thrown.state === SqlState.queryCanceled;
    return this.#reason !== undefined && isCancellation ? queryCanceled(this.#reason) : thrown;
  }
}
