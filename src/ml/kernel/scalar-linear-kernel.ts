/** Linear family operations in plain TypeScript: oracle and fallback of a compiled kernel. */
import type { LinearKernel } from './linear-kernel.ts';

export const scalarLinearOperations: LinearKernel = { linear: true };
