/** Where the threads' entry file is. */

/**
 * Address of the compiled worker, whether this file runs compiled or from source: Node 20 cannot start a
 * thread from a TypeScript file, so sources under test need a fresh build.
 */
export function workerAddress(): string {
  const relative = import.meta.url.endsWith('.ts')
    ? '../../../dist/ml/parallel/worker-entry.cjs'
    : './worker-entry.cjs';
  return new URL(relative, import.meta.url).href;
}
