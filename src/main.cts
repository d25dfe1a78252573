#!/usr/bin/env node
/**
 * The program's entry. The embedded database holds a thread of Node's pool for every running query; the pool's size is
 * fixed when it is first used, and loading an ES module uses it. So this file is CommonJS: it sets the size, and how
 * garbage is collected, then loads the program proper.
 */

/** Threads of Node's own pool: four, the default, would let four long queries stop everything else. */
const POOL_THREADS = '32';

process.env['UV_THREADPOOL_SIZE'] ??= POOL_THREADS;
// Every column of a chunk comes out of the database as a small buffer, and dies young. V8 answers each 64 MB of them by
// marking all the heap in steps, beside the database's threads: reading a million rows took twice as long. The heap
// proper stays small, so marking it at once, rarely, is no pause to speak of.
process.getBuiltinModule('node:v8').setFlagsFromString('--no-incremental-marking');
void import('./program.ts');
