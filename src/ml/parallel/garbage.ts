/**
 * Collects garbage when much shared memory was let go. The engine of JavaScript does not count shared memory
 * as pressure on its heap (measured: 30 dead memories of 100 MB all stayed resident), so nothing else would
 * free it soon.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Dead bytes that are worth a collection, which takes some milliseconds. */
const DEAD_BYTES_MAX = 32 * 1024 * 1024;

let deadBytes = 0;
let collectNow: (() => void) | undefined;

/** Notes that this thread let go of memory; collects when enough has piled up. */
export function noteDeadMemory(bytes: number): void {
  deadBytes += bytes;
  if (deadBytes >= DEAD_BYTES_MAX) collectGarbage();
}

/** Collects now. */
export function collectGarbage(): void {
  deadBytes = 0;
  if (collectNow === undefined) {
    setFlagsFromString('--expose-gc');
    collectNow = runInNewContext('gc') as () => void;
  }
  collectNow();
}
