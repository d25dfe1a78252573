/** Processes that the bench starts: none of them outlives it, whatever ends it. */
import { spawn } from 'node:child_process';

const children = new Set();

/** `spawn`, and the end of the process when the bench ends. */
export function spawnChild(command, childArguments, options) {
  const child = spawn(command, childArguments, options);
  children.add(child);
  child.on('exit', () => children.delete(child));
  return child;
}

process.on('exit', () => {
  for (const child of children) child.kill('SIGTERM');
});
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
])
  process.on(signal, () => process.exit(code));
