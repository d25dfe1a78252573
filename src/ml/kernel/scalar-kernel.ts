/** The whole kernel in plain TypeScript: the families' scalar twins put together. */
import type { Kernel } from './kernel.ts';
import { scalarColumnOperations } from './scalar-column-kernel.ts';
import { scalarDistanceOperations } from './scalar-distance-kernel.ts';
import { scalarForestOperations } from './scalar-forest-kernel.ts';
import { scalarLinearOperations } from './scalar-linear-kernel.ts';
import { scalarNodeSearchOperations } from './scalar-node-search.ts';
import { scalarReassignOperations } from './scalar-reassign.ts';
import { scalarRecordOperations } from './scalar-record-kernel.ts';
import { scalarTreeOperations } from './scalar-tree-kernel.ts';

export const scalarKernel: Kernel = {
  kernelName: 'scalar',
  ...scalarColumnOperations,
  ...scalarLinearOperations,
  ...scalarDistanceOperations,
  ...scalarReassignOperations,
  ...scalarTreeOperations,
  ...scalarRecordOperations,
  ...scalarNodeSearchOperations,
  ...scalarForestOperations,
};
