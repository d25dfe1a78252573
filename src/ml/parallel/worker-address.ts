/** Where the threads' entry files are. */

/**
 * Address of a compiled entry file of this folder, whether this file runs compiled or from source: Node 20 cannot start
 * a thread from a TypeScript file, so sources under test need a fresh build.
 */
export function threadAddress(name: string): string {
  const folder = import.meta.url.endsWith('.ts') ? '../../../dist/ml/parallel/' : './';
  return new URL(folder + name, import.meta.url).href;
}

/** Address of the training threads' entry. */
export function workerAddress(): string {
  return threadAddress('worker-entry.cjs');
}
