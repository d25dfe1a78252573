/**
 * The numeric core behind one interface: hot loops over typed arrays, no allocation inside. Families add their
 * operations in files of their own; each has a plain TypeScript twin that is oracle and fallback.
 */
import type { ColumnKernel } from './column-kernel.ts';
import type { DistanceKernel } from './distance-kernel.ts';
import type { ForestKernel } from './forest-kernel.ts';
import type { LinearKernel } from './linear-kernel.ts';
import type { NodeSearchKernel } from './node-search.ts';
import type { RecordKernel } from './record-kernel.ts';
import type { TreeKernel } from './tree-kernel.ts';

export interface Kernel
  extends
    ColumnKernel,
    LinearKernel,
    DistanceKernel,
    TreeKernel,
    RecordKernel,
    NodeSearchKernel,
    ForestKernel {
  /** `scalar`, or the name of a compiled kernel. */
  readonly kernelName: string;
}
