/** Checks for our own bugs. A user's mistake is never reported through these. */
import { internalError } from './error.ts';

/** Fails with an internal error when `condition` does not hold. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw internalError(`assertion failed: ${message}`);
}

/** For the default branch of a switch over a closed union: the compiler proves that it is never reached. */
export function unreachable(value: never): never {
  throw internalError(`unreachable: ${JSON.stringify(value)}`);
}

/** The value, which our own invariants say is there. */
export function present<T>(value: T | undefined | null, what: string): T {
  if (value === undefined || value === null) throw internalError(`missing ${what}`);
  return value;
}
