/**
 * Errors thrown inside DuckDB's callbacks. DuckDB keeps only a message of them, so the error itself waits
 * here under a number that its message carries, until the failing statement picks it up.
 */
import { type EngineError, toEngineError } from '../core/index.ts';

const waiting = new Map<number, EngineError>();
/** A statement that fails of several callbacks at once reports one of them: the others are let go of. */
const WAITING_MAX = 256;
let lastNumber = 0;

/** Keeps an error, and gives the message to hand to DuckDB. */
export function keepFailure(thrown: unknown): string {
  waiting.set(++lastNumber, toEngineError(thrown));
  if (waiting.size > WAITING_MAX) waiting.delete(waiting.keys().next().value!);
  return `augur-callback-failure:${lastNumber};`;
}

/** The kept error that a message of DuckDB's speaks of, if it does. */
export function takeFailure(message: string): EngineError | undefined {
  const found = /augur-callback-failure:(\d+);/.exec(message);
  if (found === null) return undefined;
  const failure = waiting.get(Number(found[1]));
  waiting.delete(Number(found[1]));
  return failure;
}
