/** One running statement: what cancels it, and why. */
import { EngineError, queryCanceled, SqlState } from '../core/index.ts';

export class Activity {
  /** Made when somebody asks for its signal: few statements do. */
  #controller: AbortController | undefined;
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
    this.#controller ??= new AbortController();
    if (this.#reason !== undefined) this.#controller.abort(queryCanceled(this.#reason));
    return this.#controller.signal;
  }

  cancel(reason = 'canceling statement due to user request'): void {
    if (this.#reason !== undefined) return;
    this.#reason = reason;
    this.#controller?.abort(queryCanceled(reason));
    this.#interrupt();
  }

  /** Throws 57014 once the statement was cancelled. */
  throwIfCancelled(): void {
    if (this.#reason !== undefined) throw queryCanceled(this.#reason);
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
