/** Tree family operations in plain TypeScript: oracle and fallback of a compiled kernel. */
import type { TreeKernel } from './tree-kernel.ts';

export const scalarTreeOperations: TreeKernel = { tree: true };
