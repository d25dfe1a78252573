#!/usr/bin/env node
/**
 * The program's entry. The embedded database holds a thread of Node's pool for every running query; the pool's size is
 * fixed when it is first used, and loading an ES module uses it. So this file is CommonJS: it sets the size, then loads
 * the program proper.
 */

/** Threads of Node's own pool: four, the default, would let four long queries stop everything else. */
const POOL_THREADS = '32';

process.env['UV_THREADPOOL_SIZE'] ??= POOL_THREADS;
void import('./program.ts');
