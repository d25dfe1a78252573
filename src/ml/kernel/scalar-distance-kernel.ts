/** Distance family operations in plain TypeScript: oracle and fallback of a compiled kernel. */
import type { DistanceKernel } from './distance-kernel.ts';

export const scalarDistanceOperations: DistanceKernel = { distance: true };
