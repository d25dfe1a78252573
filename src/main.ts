#!/usr/bin/env node
/**
 * The launcher. The embedded database holds a thread of Node's pool for every running query, and the pool's size is
 * fixed before Node starts: so the program proper (program.ts) runs in a child process with a larger one.
 */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';

/** Threads of Node's own pool: four, the default, would let four long queries stop everything else. */
const POOL_THREADS = '32';

const program = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? './program.ts' : './program.js', import.meta.url),
);

/** The channel tells the program when the launcher dies by a signal that it cannot pass on. */
const child = spawn(process.execPath, [...process.execArgv, program, ...process.argv.slice(2)], {
  stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  env: { UV_THREADPOOL_SIZE: POOL_THREADS, ...process.env },
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
child.on('error', (error) => {
  process.stderr.write(`augur: ${error.message}\n`);
  process.exitCode = 1;
});
child.on('exit', (code, signal) => {
  process.exitCode = code ?? (signal === null ? 1 : 128 + constants.signals[signal]);
});
