/** What a cancelled training throws. */
import { EngineError, queryCanceled } from '../../core/index.ts';

/** The reason given to `abort` if it is an error of ours (a timeout says so), else the plain cancellation. */
export function cancellationError(signal: AbortSignal): EngineError {
  return signal.reason instanceof EngineError ? signal.reason : queryCanceled();
}

/** Throws when the training was cancelled. */
export function throwIfCancelled(signal: AbortSignal): void {
  if (signal.aborted) throw cancellationError(signal);
}
